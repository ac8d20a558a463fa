import RegiopostModel
import RegiopostTestSupport
import Testing

/// One date that suits several councils.
@Suite("One date for several councils") struct CommonSlotTests {
    private static func slots(_ texts: [String]) throws -> [Slot] { try texts.map(Story.slot) }

    @Test("three councils: their slots, what they have in common, a proposal of it, and who is not suited")
    func story() throws {
        var desk = try MeetingDesk(slots: [MeetingDesk.early, MeetingDesk.late])
        #expect(try desk.meeting.commonSlots == Self.slots([MeetingDesk.early, MeetingDesk.late]))
        try desk.step(
            MeetingDesk.denHaag, .join(slots: try Self.slots(["2026-05-19T19:00/21:30", MeetingDesk.early])))
        try desk.step(MeetingDesk.rijswijk, .join(slots: try Self.slots(["2026-05-19T20:30/23:00"])))
        #expect(try desk.meeting.takingPart.map(\.text) == ["gm0503", "gm0518", "gm0603"])
        #expect(try desk.meeting.commonSlots == Self.slots(["2026-05-19T20:30/21:30"]))
        let early = try Story.slot(MeetingDesk.early)
        #expect(try desk.meeting.notSuited(by: early).map(\.text) == ["gm0603"])
        let common = try #require(try desk.meeting.commonSlots.first)
        try desk.step(Story.accounthouder, .propose(slot: common, place: "Raadzaal Delft", note: nil))
        try desk.step(MeetingDesk.delft, .accept(note: nil))
        try desk.step(Story.accounthouder, .confirm(slot: common, place: nil, note: nil))
        #expect(try desk.meeting.status == .confirmed(slot: common, place: "Raadzaal Delft"))
        #expect(try desk.meeting.isAccepted && desk.meeting.notSuited(by: common).isEmpty)
        #expect(try desk.meeting.sequence == 3)
    }

    @Test("who names no slot doesn't narrow the choice, and is told apart") func without() throws {
        var desk = try MeetingDesk(slots: [MeetingDesk.early])
        try desk.step(MeetingDesk.denHaag, .join(slots: []))
        #expect(try desk.meeting.commonSlots == Self.slots([MeetingDesk.early]))
        #expect(try desk.meeting.withoutSlots.map(\.text) == ["gm0518"])
        #expect(try desk.meeting.notSuited(by: Story.slot(MeetingDesk.late)).map(\.text) == ["gm0503"])
    }

    @Test("where nothing suits all, the slots that suit the most are known, and for how long") func best() throws {
        var desk = try MeetingDesk(slots: [MeetingDesk.early, "2026-05-13T19:00/20:00"])
        try desk.step(
            MeetingDesk.denHaag, .join(slots: try Self.slots(["2026-05-12T20:00/22:00", MeetingDesk.late])))
        try desk.step(MeetingDesk.rijswijk, .join(slots: try Self.slots(["2026-05-13T19:30/22:00"])))
        #expect(try desk.meeting.commonSlots.isEmpty)
        #expect(try desk.meeting.bestSlots() == Self.slots(["2026-05-12T20:00/21:00", "2026-05-13T19:30/20:00"]))
        #expect(try desk.meeting.bestSlots(minutes: 45) == Self.slots(["2026-05-12T20:00/21:00"]))
        #expect(try desk.meeting.bestSlots(minutes: 600).isEmpty)
    }

    @Test("a slot within another one says nothing more, and 500 slots from each of many stay few") func many()
        throws
    {
        let inner = try Self.slots(["2026-05-12T19:00/20:00", "2026-05-12T19:00/21:00", "2026-05-12T19:30/20:30"])
        #expect(SlotList(inner).slots == [try Story.slot("2026-05-12T19:00/21:00")])
        let date = try #require(CalendarDate("2026-05-12"))
        let lists = (0..<20).map { list in
            SlotList((0..<500).compactMap { Slot(date: date, start: $0 + list, end: $0 + list + 300 + $0 % 7) })
        }
        let common = lists.dropFirst().reduce(lists[0]) { $0.intersection($1) }
        #expect(common.slots.count <= 1_440)
        for slot in common.slots { #expect(lists.allSatisfy { $0.contains(slot) }) }
    }

    @Test("an intersection is what lies in both, whatever lists there are") func intersections() throws {
        var random = SeededGenerator(seed: 7)
        let date = try #require(CalendarDate("2026-05-12"))
        for _ in 0..<200 {
            let lists = (0..<2).map { _ in
                (0..<Int.random(in: 0...8, using: &random)).compactMap { _ -> Slot? in
                    let start = Int.random(in: 0...50, using: &random)
                    return Slot(date: date, start: start, end: start + Int.random(in: 1...20, using: &random))
                }
            }
            let common = SlotList(lists[0]).intersection(SlotList(lists[1]))
            for start in 0..<70 {
                for length in [1, 5, 12] {
                    let slot = try #require(Slot(date: date, start: start, end: start + length))
                    let inBoth = lists.allSatisfy { $0.contains { $0.contains(slot) } }
                    #expect(common.contains(slot) == inBoth)
                }
            }
        }
    }

    @Test("joins and leaves that didn't know of each other fold equally in whatever order they arrive") func order()
        throws
    {
        let base = try MeetingDesk(slots: [])
        var writing = base
        let first = try writing.story.change(
            MeetingDesk.denHaag, base.subject, .meetingJoin,
            .meeting(.join(slots: try Self.slots([MeetingDesk.early]))))
        let changes = [
            first,
            try writing.story.change(
                MeetingDesk.denHaag, base.subject, .meetingJoin,
                .meeting(.join(slots: try Self.slots(["2026-05-12T20:00/23:00"])))),
            try writing.story.change(
                MeetingDesk.denHaag, base.subject, .meetingLeave, .meeting(.leave(replaces: [first.id]))),
            try writing.story.change(
                MeetingDesk.rijswijk, base.subject, .meetingJoin,
                .meeting(.join(slots: try Self.slots([MeetingDesk.late]), replaces: [first.id]))),
        ]
        var states: [MeetingState] = []
        for order in Self.permutations(changes) {
            var desk = base
            for change in order { try desk.story.send(change) }
            states.append(try desk.meeting)
        }
        #expect(states.count == 24 && states.allSatisfy { $0 == states[0] })
        #expect(
            states[0].joined.map(\.text) == ["gm0518", "gm0603"], "nobody takes back another organisation's join")
        let denHaag = try #require(OrganisationCode("gm0518"))
        #expect(states[0].slots(of: denHaag)?.slots == (try Self.slots(["2026-05-12T20:00/23:00"])))
    }

    @Test("two clerks who both join are bound by what suits both; joining anew takes the place of both") func anew()
        throws
    {
        var desk = try MeetingDesk(slots: [])
        let denHaag = try #require(OrganisationCode("gm0518"))
        let one = try desk.step(MeetingDesk.denHaag, .join(slots: try Self.slots([MeetingDesk.early])))
        let two = try desk.step(MeetingDesk.denHaag, .join(slots: try Self.slots(["2026-05-12T20:00/22:00"])))
        #expect(try desk.meeting.slots(of: denHaag)?.slots == Self.slots(["2026-05-12T20:00/21:00"]))
        let late = MeetingStep.join(slots: try Self.slots([MeetingDesk.late]), replaces: [one.id, two.id])
        let three = try desk.step(MeetingDesk.denHaag, late)
        #expect(try desk.meeting.slots(of: denHaag)?.slots == Self.slots([MeetingDesk.late]))
        try desk.step(MeetingDesk.denHaag, .leave(replaces: [three.id]))
        #expect(try desk.meeting.joined.isEmpty)
        try desk.step(MeetingDesk.denHaag, .leave(replaces: [three.id]))
        #expect(try desk.meeting.joined.isEmpty && desk.meeting.sequence == 0)
    }

    private static func permutations(_ changes: [Change]) -> [[Change]] {
        guard changes.count > 1 else { return [changes] }
        return changes.indices.flatMap { index in
            var rest = changes
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }
}
