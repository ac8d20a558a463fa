import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Decisions about what waits in the queue") struct DecisionTests {
    private let desks = Desks()

    /// The account holder proposes and confirms in one go, offline.
    private func proposed() async throws -> (desk: Workspace, propose: Change, confirm: Change) {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let desk = try await desks.workspace(Story.accounthouder, knowing: story)
        let propose = try await desk.write(
            Workspace.Intent(
                .meetingPropose, on: request.subject, .meeting(.propose(slot: slot, place: nil, note: "Een."))),
            in: try await desk.view())
        let confirm = try await desk.write(
            Workspace.Intent(
                .meetingConfirm, on: request.subject, .meeting(.confirm(slot: slot, place: nil, note: nil))),
            in: try await desk.view())
        return (desk, propose.change, confirm.change)
    }

    private func proposal(_ note: String) throws -> ChangeBody {
        .meeting(.propose(slot: try Story.slot("2026-05-12T19:30/21:00"), place: nil, note: note))
    }

    @Test("what never left is edited, and what builds on it is written along with new names") func edit()
        async throws
    {
        let (desk, propose, confirm) = try await proposed()
        let written = try await desk.redo(propose.id, saying: try proposal("Twee."), in: try await desk.view())
        #expect(written.map(\.type) == [.meetingPropose, .meetingConfirm])
        #expect(try written[0].body == proposal("Twee.") && written[0].after == propose.after)
        #expect(written[1].after == written[0].id)
        #expect(Set(written.map(\.id)).isDisjoint(with: [propose.id, confirm.id]))
        #expect(try await desk.store.outbox().map(\.change) == written)
    }

    @Test("what may have arrived is neither edited nor dropped, nor is what the server took") func tried()
        async throws
    {
        let (desk, propose, _) = try await proposed()
        #expect(try await desk.store.noteTried([propose.id]) == [propose.id])
        let before = try await desk.store.outbox()
        let view = try await desk.view()
        #expect(view.standing(of: before[0]) == .sent && !before[0].isSurelyNotThere)
        #expect(try await desk.redo(propose.id, saying: try proposal("Twee."), in: view).isEmpty)
        #expect(try await desk.drop(propose.id, in: view).isEmpty)
        #expect(try await desk.store.outbox() == before)
        try await desk.store.settle(
            propose.id, as: .accepted(position: 1, receivedAt: Timestamp(milliseconds: 9)))
        let after = try await desk.view()
        #expect(after.standing(of: after.outbox[0]) == .accepted)
        #expect(try await desk.drop(propose.id, in: after).isEmpty)
    }

    @Test("a sync that comes in between takes an edit and a drop back") func overtaken() async throws {
        let (desk, propose, _) = try await proposed()
        let view = try await desk.view()
        try await desk.store.noteTried([propose.id])
        let before = try await desk.store.outbox()
        let body = try proposal("Twee.")
        await #expect(throws: Workspace.Overtaken.self) { try await desk.redo(propose.id, saying: body, in: view) }
        await #expect(throws: Workspace.Overtaken.self) { try await desk.drop(propose.id, in: view) }
        #expect(try await desk.store.outbox() == before)
    }

    @Test("an edit that the rules don't allow leaves the queue as it was") func misfit() async throws {
        let (desk, propose, _) = try await proposed()
        let before = try await desk.store.outbox()
        let view = try await desk.view()
        let cancel = ChangeBody.meeting(.cancel(reason: "x"))
        await #expect(throws: Refusal.self) { try await desk.redo(propose.id, saying: cancel, in: view) }
        #expect(try await desk.store.outbox() == before)
    }

    @Test("dropping takes along what could never go without it, and nothing else") func drop() async throws {
        let (desk, propose, confirm) = try await proposed()
        let other = try await desk.write(
            Workspace.Intent(.programmeStart, try Story().programme()), in: try await desk.view())
        try await desk.store.settle(propose.id, as: .refused(Refusal(.conflict)))
        let view = try await desk.view()
        #expect(view.standing(of: view.outbox[0]) == .conflict && view.standing(of: view.outbox[1]) == .held)
        #expect(OutboxItem.dependents(of: propose.id, in: view.outbox).map(\.change.id) == [confirm.id])
        #expect(try await desk.drop(propose.id, in: view).map(\.change.id) == [propose.id, confirm.id])
        #expect(try await desk.store.outbox().map(\.change.id) == [other.change.id])
    }

    @Test("a letter refused takes the word that it replaces another along") func supersede() async throws {
        var story = try Story()
        let old = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let desk = try await desks.workspace(Story.secretariaat, knowing: story)
        guard case .letterPublish(let content) = try story.letter() else { preconditionFailure("a letter") }
        let letter = try await desk.write(
            Workspace.Intent(.letterPublish, .letterPublish(content.replacing(old.id))),
            followedBy: {
                Workspace.Intent(.letterSupersede, on: old.subject, .letterSupersede(by: $0), needs: [$0])
            },
            in: try await desk.view())
        try await desk.store.settle(letter.change.id, as: .refused(Refusal(.notAllowed)))
        let view = try await desk.view()
        #expect(
            OutboxItem.dependents(of: letter.change.id, in: view.outbox).map(\.change.type) == [.letterSupersede])
        #expect(try await desk.drop(letter.change.id, in: view).count == 2)
        #expect(try await desk.store.outbox().isEmpty)
    }

    @Test("what an item is in conflict with is what came after what its author saw") func versions() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let desk = try await desks.workspace("gm0503/college", knowing: story)
        let cancel = try await desk.write(
            Workspace.Intent(.meetingCancel, on: request.subject, .meeting(.cancel(reason: "x"))),
            in: try await desk.view())
        try await desk.store.settle(cancel.change.id, as: .refused(Refusal(.conflict)))
        #expect(try await desk.view().versions(against: try await desk.store.outbox()[0]).isEmpty)
        let decline = try story.accept(
            Story.accounthouder, request.subject, .meetingDecline, .meeting(.decline(reason: "y")))
        try await desk.receive(decline)
        let view = try await desk.view()
        #expect(view.versions(against: view.outbox[0]) == [decline])
    }

    @Test("after a day without arriving a change is overdue; an accepted one never is") func overdue() async throws
    {
        let (desk, propose, confirm) = try await proposed()
        let view = try await desk.view()
        let day = propose.time.milliseconds + OutboxItem.patience
        #expect(view.overdue(at: Timestamp(milliseconds: day)).isEmpty)
        #expect(view.overdue(at: Timestamp(milliseconds: day + 1)).map(\.change.id) == [propose.id, confirm.id])
        try await desk.store.settle(propose.id, as: .accepted(position: 1, receivedAt: propose.time))
        let later = try await desk.view()
        #expect(later.overdue(at: Timestamp(milliseconds: day + 1)).map(\.change.id) == [confirm.id])
    }
}

extension Workspace {
    /// Puts a change in the replica, as a second one.
    func receive(_ change: Change) async throws {
        let entry = ReplicaEntry(position: 2, receivedAt: Timestamp(milliseconds: 8), line: change.line())
        try #require(
            try await store.store(
                ReplicaPage(entries: [entry], replaces: "c", cursor: "d", isFirst: false, isLast: true), of: .own))
    }
}
