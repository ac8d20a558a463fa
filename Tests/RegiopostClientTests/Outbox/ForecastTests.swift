import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Judging the whole queue without sending it") struct ForecastTests {
    private let desks = Desks()

    private func outcomes(_ desk: Workspace) async throws -> [OutboxForecast.Outcome] {
        try await desk.forecast { _ in nil }.map(\.outcome)
    }

    @Test("each item is judged on top of those before it, and nothing changes") func inOrder() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let desk = try await desks.workspace(Story.accounthouder, knowing: story)
        for step in [
            MeetingStep.propose(slot: slot, place: nil, note: nil), .confirm(slot: slot, place: nil, note: nil),
        ] {
            var type = ChangeType.meetingConfirm
            if case .propose = step { type = .meetingPropose }
            _ = try await desk.write(
                Workspace.Intent(type, on: request.subject, .meeting(step)), in: try await desk.view())
        }
        let before = try await desk.store.outbox()
        #expect(try await outcomes(desk) == [.goes, .goes])

        let cancel = try story.accept(
            "gm0503/college", request.subject, .meetingCancel, .meeting(.cancel(reason: "x")))
        try await desk.receive(cancel)
        #expect(
            try await outcomes(desk) == [.refused(Refusal(.conflict, ["current": cancel.id.text])), .held])
        #expect(try await desk.store.outbox() == before)
    }

    @Test("what was refused waits for its user, also where it would go now") func waits() async throws {
        let story = try Story()
        let desk = try await desks.workspace("gm0503/college", knowing: story)
        let request = try await desk.write(
            Workspace.Intent(.meetingRequest, try story.meeting()), in: try await desk.view())
        let refusal = Refusal(.unavailable)
        try await desk.store.settle(request.change.id, as: .refused(refusal))
        #expect(try await outcomes(desk) == [.waits(refusal)])
        try await desk.store.settle(request.change.id, as: .queued)
        #expect(try await outcomes(desk) == [.goes])
    }

    @Test("a change of a newer version stays in the queue byte for byte, and is neither judged fine nor rewritten")
    func newer() async throws {
        let story = try Story()
        let desk = try await desks.workspace("gm0503/college", knowing: story)
        let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        let line = Array(
            (#"{"v":1,"id":"\#(id)","type":"poll.open","subject":"poll/\#(id)","author":"gm0503/college","#
                + #""time":"2026-03-20T10:00:00Z","body":{"question":"Wie?","new":[1,{"a":null}]},"more":true}"#)
                .utf8)
        let change = try Change(line: line)
        try await desk.store.enqueue(change, line: line, key: nil)
        let view = try await desk.view()
        #expect(view.outbox.map(\.line) == [line])
        #expect(try await outcomes(desk) == [.refused(Refusal(.unknownType, ["type": "poll.open"]))])
        await #expect(throws: Refusal(.unknownType, ["type": "poll.open"])) {
            try await desk.redo(change.id, in: view)
        }
        #expect(try await desk.store.outbox().map(\.line) == [line])
        // A newer server takes it, and what comes back is kept as well.
        try await desk.store.settle(change.id, as: .accepted(position: 1, receivedAt: Timestamp(milliseconds: 9)))
        let entry = ReplicaEntry(position: 1, receivedAt: Timestamp(milliseconds: 9), line: line)
        let page = ReplicaPage(entries: [entry], replaces: "c", cursor: "d", isFirst: false, isLast: true)
        #expect(try await desk.store.store(page, of: .own))
        #expect(try await desk.store.outbox().isEmpty)
        #expect(try await desk.store.entries(of: .own).map(\.line) == [line])
    }
}
