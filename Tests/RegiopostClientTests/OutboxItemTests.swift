import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("The outbox") struct OutboxItemTests {
    @Test("what builds on a refused change waits, and nothing else") func held() throws {
        var story = try Story()
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let other = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let propose = try story.accept(
            Story.accounthouder, request.subject, .meetingPropose,
            .meeting(.propose(slot: slot, place: nil, note: nil)))
        let confirm = try story.accept(
            Story.accounthouder, request.subject, .meetingConfirm,
            .meeting(.confirm(slot: slot, place: nil, note: nil)))
        let items = [request, other, propose, confirm].map { change in
            OutboxItem(
                change: change, line: change.line(), key: nil,
                state: change == request ? .refused(Refusal(.conflict)) : .queued)
        }
        #expect(OutboxItem.held(in: items) == [propose.id, confirm.id])
    }
}
