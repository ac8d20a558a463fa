import RegiopostModel
import RegiopostTestSupport
import Testing

/// What becomes of a date: agreed or not, moved, held.
@Suite("A meeting's date") struct MeetingDateTests {
    private let early: Slot
    private let late: Slot

    init() throws {
        early = try Story.slot(MeetingDesk.early)
        late = try Story.slot(MeetingDesk.late)
    }

    @Test("a date that the account holder confirms by herself is shown as not agreed, until it is") func notAgreed()
        throws
    {
        var desk = try MeetingDesk()
        try desk.step(Story.accounthouder, .propose(slot: early, place: nil, note: nil))
        try desk.step(Story.accounthouder, .confirm(slot: early, place: nil, note: nil))
        #expect(try !desk.meeting.isAccepted)
        let sequence = try desk.meeting.sequence
        try desk.step(MeetingDesk.delft, .accept(note: "Goed."))
        #expect(try desk.meeting.isAccepted && desk.meeting.sequence == sequence)
        #expect(try desk.refusal(MeetingDesk.delft, .accept(note: nil)) == .illegalStep)
    }

    @Test("a date within what the requester named is agreed", arguments: [false, true]) func named(counters: Bool)
        throws
    {
        var desk = try MeetingDesk(slots: [MeetingDesk.early])
        if counters {
            try desk.step(Story.accounthouder, .propose(slot: early, place: nil, note: nil))
            try desk.step(MeetingDesk.delft, .counter(slots: [late], note: nil))
            #expect(try desk.meeting.commonSlots == [late])
        }
        try desk.step(Story.accounthouder, .confirm(slot: counters ? late : early, place: nil, note: nil))
        #expect(try desk.meeting.isAccepted)
    }

    @Test("the account holder moves a confirmed date by a proposal, and the earlier date stays known") func moved()
        throws
    {
        var desk = try MeetingDesk(in: "confirmed")
        let two = MeetingStep.reschedule(slots: [early, late], place: nil, reason: "Verhinderd.")
        #expect(try desk.refusal(Story.accounthouder, two) == .badField)
        try desk.step(Story.accounthouder, .reschedule(slots: [late], place: nil, reason: "Verhinderd."))
        let meeting = try desk.meeting
        #expect(meeting.status == .proposed(slot: late, place: "Raadzaal"))
        #expect(meeting.confirmedBefore?.slot == early && meeting.note == "Verhinderd.")
        #expect(!meeting.isAccepted && meeting.sequence == 2)
        try desk.step(MeetingDesk.delft, .accept(note: nil))
        try desk.step(Story.accounthouder, .confirm(slot: late, place: nil, note: nil))
        #expect(try desk.meeting.status == .confirmed(slot: late, place: "Raadzaal"))
        #expect(try desk.meeting.sequence == 4)
    }

    @Test("the requester moves it by slots that suit, within which the account holder confirms") func asked() throws
    {
        var desk = try MeetingDesk(in: "confirmed")
        try desk.step(MeetingDesk.delft, .reschedule(slots: [late], place: nil, reason: "Raadsvergadering."))
        #expect(try desk.meeting.status == .countered(slots: [late]))
        let confirmEarly = MeetingStep.confirm(slot: early, place: nil, note: nil)
        #expect(try desk.refusal(Story.accounthouder, confirmEarly) == .slotUnknown)
        try desk.step(Story.accounthouder, .confirm(slot: late, place: nil, note: nil))
        #expect(try desk.meeting.status == .confirmed(slot: late, place: "Raadzaal") && desk.meeting.isAccepted)
    }

    @Test(
        "either side cancels a confirmed date, and who did is known",
        arguments: [MeetingDesk.delft, Story.accounthouder])
    func cancelled(author: String) throws {
        var desk = try MeetingDesk(in: "confirmed")
        try desk.step(author, .cancel(reason: "Ziek."))
        #expect(try desk.meeting.status == .cancelled(reason: "Ziek.", by: #require(Address(author))))
    }

    @Test("minutes say who was there, of those who asked or were invited, each once") func held() throws {
        let codes = try ["gm0503", "gm0518", "gm0505"].map { try #require(OrganisationCode($0)) }
        for present in [[codes[2]], [codes[1], codes[1]]] {
            var desk = try MeetingDesk(in: "confirmed")
            let hold = MeetingStep.hold(MeetingStep.Minutes(text: "Besproken.", present: present))
            #expect(try desk.refusal(Story.accounthouder, hold) == .badField)
        }
        var desk = try MeetingDesk(in: "confirmed")
        let minutes = MeetingStep.Minutes(text: "Besproken.", present: [codes[1]])
        let hold = try desk.step(Story.accounthouder, .hold(minutes))
        #expect(try desk.meeting.status == .held(slot: early, place: "Raadzaal"))
        #expect(try desk.meeting.record?.id == hold.id && desk.meeting.record?.minutes == minutes)
        #expect(try desk.meeting.parties == [codes[0], codes[1]], "who asked, and who was there")
    }

    @Test("where nobody wrote down who was there, those who joined have a part in it") func joinedParties() throws {
        var desk = try MeetingDesk()
        try desk.step(MeetingDesk.rijswijk, .join(slots: []))
        try desk.step(Story.accounthouder, .confirm(slot: early, place: nil, note: nil))
        try desk.step(Story.accounthouder, .hold(MeetingStep.Minutes(text: "Besproken.")))
        #expect(try desk.meeting.parties.map(\.text) == ["gm0503", "gm0603"])
    }

    @Test("a hold written offline never closes a date that was moved meanwhile") func offlineHold() throws {
        var desk = try MeetingDesk(in: "confirmed")
        let hold = try desk.story.change(
            Story.accounthouder, desk.subject, .meetingHold,
            .meeting(.hold(MeetingStep.Minutes(text: "Besproken."))))
        let moved = try desk.step(MeetingDesk.delft, .reschedule(slots: [late], place: nil, reason: "Raad."))
        #expect(throws: Refusal(.conflict, ["current": moved.id.text])) { try desk.story.send(hold) }
    }
}
