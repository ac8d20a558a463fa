import RegiopostModel
import RegiopostTestSupport
import Testing

/// The table of states in the specification, cell by cell.
@Suite("Life cycle: meeting request") struct MeetingTableTests {
    private static let sides = [MeetingDesk.delft, Story.accounthouder, MeetingDesk.denHaag]
    private static let leadsTo = [
        "propose": "proposed", "counter": "countered", "accept": "accepted", "confirm": "confirmed",
        "decline": "declined", "cancel": "cancelled", "hold": "held",
    ]

    static func steps() throws -> [MeetingStep] {
        let slot = try Story.slot(MeetingDesk.early)
        var story = try Story()
        return [
            .join(slots: []), .leave(replaces: [story.nextID()]), .propose(slot: slot, place: nil, note: nil),
            .counter(slots: [slot], note: nil), .accept(note: nil), .confirm(slot: slot, place: nil, note: nil),
            .decline(reason: "Vol."), .cancel(reason: "Ziek."),
            .reschedule(slots: [slot], place: nil, reason: "Verhinderd."),
            .hold(MeetingStep.Minutes(text: "Besproken.", present: [])),
        ]
    }

    private static func name(_ step: MeetingStep) -> String {
        String(step.type.rawValue.dropFirst("meeting.".count))
    }

    @Test("every step of the table leads where it says, every other one is refused with its code")
    func cells() throws {
        let rows = try StateTable.rows(below: "Meetings")
        #expect(
            rows.map(\.state)
                == [
                    "requested", "proposed", "countered", "accepted", "confirmed", "held", "declined", "cancelled",
                ])
        for row in rows {
            for (side, author) in Self.sides.enumerated() {
                for step in try Self.steps() { try check(step, row, side, author, rows) }
            }
        }
    }

    private func check(
        _ step: MeetingStep, _ row: StateTable.Row, _ side: Int, _ author: String, _ rows: [StateTable.Row]
    ) throws {
        let name = Self.name(step)
        let comment = Comment(rawValue: "\(name) by \(author) in \(row.state)")
        var desk = try MeetingDesk(in: row.state)
        let before = try desk.meeting
        let refusal = try desk.refusal(author, step)
        let isEver = rows.contains { $0.steps[side].contains(name) }
        guard row.steps[side].contains(name) else {
            #expect(refusal == (isEver ? .illegalStep : .notAllowed), comment)
            #expect(try desk.meeting == before, comment)
            return
        }
        #expect(refusal == nil, comment)
        var expected = Self.leadsTo[name] ?? row.state
        if name == "reschedule" { expected = author == Story.accounthouder ? "proposed" : "countered" }
        if name == "accept", row.state == "confirmed" { expected = "confirmed" }
        #expect(try desk.meeting.status.name == expected, comment)
        let isChanged = try desk.meeting.status != before.status
        #expect(try desk.meeting.sequence == before.sequence + (isChanged ? 1 : 0), comment)
    }

    @Test("nothing happens to a meeting that isn't there") func nothing() throws {
        for step in try Self.steps() {
            for author in Self.sides {
                var story = try Story()
                let subject = SubjectID.meeting(story.nextID())
                #expect(try story.refusal(author, subject, step.type, .meeting(step)) == .subjectUnknown)
            }
        }
    }
}
