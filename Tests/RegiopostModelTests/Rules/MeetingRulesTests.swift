import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Meetings and briefings") struct MeetingRulesTests {
    static let early = "2026-05-12T19:30/21:00"
    static let late = "2026-05-19T20:00/22:00"

    private func propose(_ slot: String) throws -> ChangeBody {
        .meeting(.propose(slot: try Story.slot(slot), place: nil, note: nil))
    }

    private func confirm(_ slot: String) throws -> ChangeBody {
        .meeting(.confirm(slot: try Story.slot(slot), place: nil, note: nil))
    }

    private func status(_ story: Story, _ subject: SubjectID) -> String? {
        guard case .meeting(let meeting) = story.world.subject(subject)?.state else { return nil }
        return meeting.status.name
    }

    @Test("who asks for what") func requesters() throws {
        var story = try Story()
        let conversation = try story.meeting()
        let briefing = try story.meeting(.briefing)
        #expect(try story.refusal("gm0503/griffie", nil, .meetingRequest, conversation) == .notAllowed)
        #expect(try story.refusal("gm0503/college", nil, .meetingRequest, briefing) == .notAllowed)
        #expect(try story.refusal("gm0503/raadslid", nil, .meetingRequest, briefing) == .notAllowed)
        #expect(try story.refusal("gm0505/college", nil, .meetingRequest, conversation) == .badField)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, conversation) == nil)
        #expect(try story.refusal("gm0503/griffie", nil, .meetingRequest, briefing) == nil)
    }

    @Test("requested, proposed, countered, proposed, accepted, confirmed, cancelled") func lifeCycle() throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let subject = request.subject
        #expect(
            try story.refusal("gm0503/college", subject, .meetingPropose, try propose(Self.early)) == .notAllowed)
        try story.accept(Story.accounthouder, subject, .meetingPropose, try propose(Self.early))
        let counter = ChangeBody.meeting(.counter(slots: [try Story.slot(Self.late)], note: nil))
        #expect(try story.refusal("gm0518/college", subject, .meetingCounter, counter) == .subjectUnknown)
        try story.accept("gm0503/college", subject, .meetingCounter, counter)
        let accept = ChangeBody.meeting(.accept(note: nil))
        #expect(try story.refusal("gm0503/college", subject, .meetingAccept, accept) == .illegalStep)
        #expect(
            try story.refusal(Story.accounthouder, subject, .meetingConfirm, try confirm(Self.early))
                == .slotUnknown)
        try story.accept(Story.accounthouder, subject, .meetingPropose, try propose(Self.late))
        try story.accept("gm0503/gemeentesecretaris", subject, .meetingAccept, accept)
        try story.accept(Story.accounthouder, subject, .meetingConfirm, try confirm(Self.late))
        let decline = ChangeBody.meeting(.decline(reason: "x"))
        #expect(try story.refusal(Story.accounthouder, subject, .meetingDecline, decline) == .illegalStep)
        let cancel = ChangeBody.meeting(.cancel(reason: "Ziek."))
        try story.accept("gm0503/college", subject, .meetingCancel, cancel)
        #expect(try story.refusal("gm0503/college", subject, .meetingCancel, cancel) == .illegalStep)
        #expect(status(story, subject) == "cancelled")
    }

    @Test("a confirm written offline never confirms a colleague's slot") func offlineConfirm() throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let propose = try story.change(
            Story.accounthouder, request.subject, .meetingPropose, try propose(Self.early))
        let confirm = try story.change(
            Story.accounthouder, request.subject, .meetingConfirm, try confirm(Self.early), after: propose.id)
        let colleague = try story.accept(
            Story.accounthouder, request.subject, .meetingPropose, try self.propose(Self.late))
        #expect(throws: Refusal(.conflict, ["current": colleague.id.text])) { try story.send(propose) }
        #expect(throws: Refusal(.predecessorMissing, ["after": propose.id.text])) { try story.send(confirm) }
        #expect(status(story, request.subject) == "proposed")
    }

    @Test("a regional briefing: joining commutes and narrows the slots") func regional() throws {
        var story = try Story()
        let body = try story.meeting(.briefing, slots: [Self.early, Self.late], invited: ["gm0518", "gm0603"])
        let change = try story.change("gm0503/griffie", nil, .meetingRequest, body)
        let seen = Set(try story.send(change).mailboxes.map(\.text))
        let councils = ["gm0503", "gm0518", "gm0603"].flatMap { [$0 + "/griffie", $0 + "/registratuur"] }
        #expect(seen == Set([Story.accounthouder, "pv28/registratuur"] + councils))
        let join = ChangeBody.meeting(.join(slots: [try Story.slot("2026-05-19T19:00/21:00")]))
        #expect(try story.refusal("gm0505/griffie", change.subject, .meetingJoin, join) == .subjectUnknown)
        #expect(try story.refusal("gm0503/griffie", change.subject, .meetingJoin, join) == .notAllowed)
        try story.accept("gm0518/griffie", change.subject, .meetingJoin, join)
        guard case .meeting(let meeting) = story.world.subject(change.subject)?.state else {
            Issue.record("no meeting")
            return
        }
        #expect(meeting.commonSlots == [try Story.slot("2026-05-19T20:00/21:00")])
        let outside = try confirm("2026-05-12T19:30/21:00")
        #expect(try story.refusal(Story.accounthouder, change.subject, .meetingConfirm, outside) == .slotUnknown)
        try story.accept(
            Story.accounthouder, change.subject, .meetingConfirm, try confirm("2026-05-19T20:00/21:00"))
    }

    @Test("slots are read as written and as typed") func slots() {
        #expect(Slot("2026-05-12 19:30-21:00") == Slot("2026-05-12T19:30/21:00"))
        for text in [
            "2026-05-12T21:00/19:30", "2026-05-12T19:30", "2026-02-30T10:00/11:00", "2026-05-12T24:00/25:00",
        ] {
            #expect(Slot(text) == nil)
        }
    }

    @Test("other municipalities are invited, each once", arguments: [["gm0503"], ["gm0518", "gm0518"], ["pv28"]])
    func invited(codes: [String]) throws {
        var story = try Story()
        let body = try story.meeting(.briefing, invited: codes)
        let change = try story.change("gm0503/griffie", nil, .meetingRequest, body)
        let refusal = #expect(throws: Refusal.self) { try story.send(change) }
        #expect(refusal?.code == .badField && refusal?.details["field"] == "body.invited")
    }

    @Test("who joins narrows the slots, also where the requester named none") func narrowed() throws {
        var story = try Story()
        let body = try story.meeting(.briefing, invited: ["gm0518"])
        let request = try story.accept("gm0503/griffie", nil, .meetingRequest, body)
        let join = ChangeBody.meeting(.join(slots: [try Story.slot(Self.early)]))
        try story.accept("gm0518/griffie", request.subject, .meetingJoin, join)
        let late = try confirm(Self.late)
        #expect(try story.refusal(Story.accounthouder, request.subject, .meetingConfirm, late) == .slotUnknown)
        try story.accept(Story.accounthouder, request.subject, .meetingConfirm, try confirm(Self.early))
    }
}
