import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Minutes and agreements, queued in one go") struct AgreementQueueTests {
    private let desks = Desks()

    @Test("what builds on refused minutes waits with them, and is written anew with them, by its new names")
    func redo()
        async throws
    {
        var story = try Story()
        let request = try story.accept("gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing))
        guard case .meeting(let meeting) = request.subject else { preconditionFailure("a meeting") }
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        try story.accept(
            Story.accounthouder, request.subject, .meetingConfirm,
            .meeting(.confirm(slot: slot, place: nil, note: nil)))
        let desk = try await desks.workspace(Story.accounthouder, knowing: story)
        let hold = try await desk.write(
            Workspace.Intent(
                .meetingHold, on: request.subject, .meeting(.hold(MeetingStep.Minutes(text: "Besproken.")))),
            in: try await desk.view())
        let record = try await desk.write(
            Workspace.Intent(
                .agreementRecord, try story.agreement(of: meeting, parties: ["gm0503"]), needs: [hold.change.id]),
            in: try await desk.view())
        let start = try await desk.write(
            Workspace.Intent(.programmeStart, story.programme()), in: try await desk.view())
        let include = try await desk.write(
            Workspace.Intent(
                .programmeInclude, on: start.change.subject, .programme(.include([record.change.id])),
                needs: [record.change.id]), in: try await desk.view())
        try await desk.store.settle(hold.change.id, as: .refused(Refusal(.conflict)))
        let view = try await desk.view()
        #expect(view.held == [record.change.id, include.change.id])
        #expect(view.agreements.isEmpty && view.programmes.count == 1)

        let written = try await desk.redo(hold.change.id, in: view)
        #expect(written.map(\.type) == [.meetingHold, .agreementRecord, .programmeInclude])
        #expect(written[1].needs == [written[0].id] && written[1].subject == .agreement(written[1].id))
        #expect(written[2].body == .programme(.include([written[1].id])) && written[2].needs == [written[1].id])
        let after = try await desk.view()
        #expect(after.held.isEmpty && after.agreements.map(\.id) == [written[1].id])
        #expect(after.agreements(of: after.programmes[0].state).map(\.id) == [written[1].id])
    }

    @Test("a script that records twice with one key records once") func key() async throws {
        var story = try Story()
        let (meeting, hold) = try story.heldMeeting()
        let desk = try await desks.workspace(Story.accounthouder, knowing: story)
        let intent = Workspace.Intent(.agreementRecord, try story.agreement(of: meeting), key: "a", needs: [hold])
        let first = try await desk.write(intent, in: try await desk.view())
        let second = try await desk.write(intent, in: try await desk.view())
        #expect(first.change.id == second.change.id && second.isRepeat)
        #expect(try await desk.store.outbox().count == 1)
    }
}
