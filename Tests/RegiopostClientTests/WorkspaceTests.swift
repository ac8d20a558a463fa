import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Working offline") struct WorkspaceTests {
    private let desks = Desks()

    private func workspace(_ address: String, knowing story: Story) async throws -> Workspace {
        try await desks.workspace(address, knowing: story)
    }

    private func published() throws -> (Story, ChangeID) {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        return (story, letter.id)
    }

    @Test("what the rules don't allow is refused at the keyboard, and nothing is queued") func refused()
        async throws
    {
        let (story, letter) = try published()
        let delft = try await workspace("gm0503/college", knowing: story)
        let subject = SubjectID.response(letter: letter, organisation: delft.address.organisation)
        let intent = Workspace.Intent(.responseSubmit, on: subject, try story.response(dossier: "DOS-2026-0000043"))
        let view = try await delft.view()
        await #expect(
            throws: Refusal(.dossierMismatch, ["expected": Story.dossier, "found": "DOS-2026-0000043"])
        ) { try await delft.write(intent, in: view) }
        #expect(try await delft.store.outbox().isEmpty)
    }

    @Test("what is queued is seen at once, and built upon") func builtUpon() async throws {
        let (story, letter) = try published()
        let delft = try await workspace("gm0503/college", knowing: story)
        let subject = SubjectID.response(letter: letter, organisation: delft.address.organisation)
        let intent = Workspace.Intent(.responseSubmit, on: subject, try story.response())
        let first = try await delft.write(intent, in: try await delft.view())
        let view = try await delft.view()
        #expect(view.response(to: letter, by: delft.address.organisation)?.current.receivedAt == nil)
        let second = try await delft.write(intent, in: view)
        #expect(second.change.after == first.change.id)
        #expect(try await delft.view().response(to: letter, by: delft.address.organisation)?.history.count == 2)
    }

    @Test("the same key asks once; for something else it is taken") func keys() async throws {
        let story = try Story()
        let delft = try await workspace("gm0503/college", knowing: story)
        let intent = Workspace.Intent(.meetingRequest, try story.meeting(), key: "a")
        let first = try await delft.write(intent, in: try await delft.view())
        let again = try await delft.write(intent, in: try await delft.view())
        #expect(again.isRepeat && again.change == first.change && !first.isRepeat)
        let other = Workspace.Intent(
            .meetingRequest, try story.meeting(slots: ["2026-05-12T19:30/21:00"]), key: "a")
        let view = try await delft.view()
        await #expect(throws: Refusal(.idTaken, ["key": "a"])) { try await delft.write(other, in: view) }
        let elsewhere = try await workspace("gm0503/formateur", knowing: story)
        let theirs = try await elsewhere.write(intent, in: try await elsewhere.view())
        #expect(theirs.change.id != first.change.id)
        #expect(try await delft.store.outbox().count == 1)
    }

    @Test("a refused change is written anew with all that was built on it") func redo() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let desk = try await workspace(Story.accounthouder, knowing: story)
        let propose = try await desk.write(
            Workspace.Intent(
                .meetingPropose, on: request.subject, .meeting(.propose(slot: slot, place: nil, note: nil))),
            in: try await desk.view())
        let confirm = try await desk.write(
            Workspace.Intent(
                .meetingConfirm, on: request.subject, .meeting(.confirm(slot: slot, place: nil, note: nil))),
            in: try await desk.view())
        try await desk.store.settle(propose.change.id, as: .refused(Refusal(.conflict)))
        #expect(try await desk.view().held == [confirm.change.id])
        let written = try await desk.redo(propose.change.id, in: try await desk.view())
        #expect(written.map(\.type) == [.meetingPropose, .meetingConfirm])
        #expect(written[0].after == request.id && written[1].after == written[0].id)
        #expect(Set(written.map(\.id)).isDisjoint(with: [propose.change.id, confirm.change.id]))
        let items = try await desk.store.outbox()
        #expect(items.map(\.change) == written && items.allSatisfy { $0.state == .queued })
    }

    @Test("redoing what no longer fits leaves the queue as it was") func redoMisfit() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let desk = try await workspace("gm0503/college", knowing: story)
        let cancel = try await desk.write(
            Workspace.Intent(.meetingCancel, on: request.subject, .meeting(.cancel(reason: "x"))),
            in: try await desk.view())
        try await desk.store.settle(cancel.change.id, as: .refused(Refusal(.conflict)))
        let before = try await desk.store.outbox()
        let decline = try story.accept(
            Story.accounthouder, request.subject, .meetingDecline, .meeting(.decline(reason: "y")))
        let entry = ReplicaEntry(position: 2, receivedAt: Timestamp(milliseconds: 8), line: decline.line())
        #expect(
            try await desk.store.store(
                ReplicaPage(entries: [entry], replaces: "c", cursor: "d", isFirst: false, isLast: true), of: .own))
        let view = try await desk.view()
        await #expect(throws: Refusal(.illegalStep, ["state": "declined", "step": "cancel"])) {
            try await desk.redo(cancel.change.id, in: view)
        }
        #expect(try await desk.store.outbox() == before)
    }

    @Test("handles find by their end, by number, and say when they fit several") func handles() throws {
        let one = try #require(ChangeID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
        let two = try #require(ChangeID("017f22e2-79b0-7cc3-98c4-dc0c0c08398f"))
        let all = [(id: one, numbers: ["DOS-2026-0000042"]), (id: two, numbers: ["DOS-2026-0000042"])]
        #expect(Handle.find("0c07398f", among: all) == .one(one))
        #expect(Handle.find("398f", among: all) == .several([one, two]))
        #expect(Handle.find("98f", among: all) == .none)
        #expect(Handle.find("dos-2026-0000042", among: all) == .several([one, two]))
        #expect(Handle.find(two.text, among: all) == .one(two))
    }
}
