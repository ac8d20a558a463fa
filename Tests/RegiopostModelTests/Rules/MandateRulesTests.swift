import RegiopostModel
import RegiopostTestSupport
import Testing

/// The row "formateur: the mandate ends and everything passes to the college", and what it rests on.
@Suite("Mandates") struct MandateRulesTests {
    private static let server = "pv28/regiopostd"
    private let formateur: Address
    private let college: Address
    private let day: CalendarDate

    init() throws {
        formateur = try #require(Address("gm0503/formateur"))
        college = try #require(Address("gm0503/college"))
        day = try #require(CalendarDate("2026-06-30"))
    }

    private func set(
        _ story: inout Story, from: String = "2026-03-30", until: String? = "2026-06-30", successor: Address? = nil
    ) throws -> Change {
        let mandate = Mandate(
            address: formateur, person: "E. Smit", from: try #require(CalendarDate(from)),
            until: until.flatMap(CalendarDate.init(_:)), successor: successor ?? college)
        return try story.accept(Self.server, .mandate(formateur), .mandateSet, .mandateSet(mandate))
    }

    private func start(_ story: inout Story) throws {
        try story.accept(
            Self.server, .mandate(formateur), .mandateStart, .mandateStart(address: formateur, on: day))
    }

    @discardableResult private func end(_ story: inout Story) throws -> Rules.Verdict {
        let end = MandateEnd(address: formateur, on: day, successor: college)
        return try story.send(
            story.change(Self.server, .mandate(formateur), .mandateEnd, .mandateEnd(end)))
    }

    @Test("formateur: without a mandate in the directory the address stands") func standing() throws {
        var story = try Story()
        #expect(story.world.directory.standing(of: formateur) == .active)
        #expect(story.world.directory.holder(of: formateur) == formateur)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == nil)
    }

    @Test("formateur: may nothing before the mandate begins, and all of it from then on") func begins() throws {
        var story = try Story()
        _ = try set(&story)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == .mandateNotStarted)
        // Letters wait in the mailbox.
        let publish = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(try story.send(publish).mailboxes.contains(.address(formateur)))
        try start(&story)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == nil)
    }

    @Test("formateur: dates change nothing until the server appends the change") func noClock() throws {
        var story = try Story()
        _ = try set(&story, from: "2020-01-01", until: "2020-02-01")
        try start(&story)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == nil)
    }

    @Test("formateur: the mandate ends and everything passes to the college") func ends() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let meeting = try story.accept("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        let subject = SubjectID.response(letter: letter.id, organisation: formateur.organisation)
        try story.accept("gm0503/formateur", subject, .responseSubmit, try story.response())
        _ = try set(&story)
        try start(&story)
        let verdict = try end(&story)
        #expect(verdict.mailboxes == [.directory])
        #expect(verdict.fills == [Fill(from: .address(formateur), to: .address(college))])

        // The old address can do nothing more, and says who has its work.
        let late = try story.change(
            "gm0503/formateur", meeting.subject, .meetingCancel, .meeting(.cancel(reason: "-")))
        let refusal = Refusal(
            .mandateEnded, ["address": "gm0503/formateur", "on": "2026-06-30", "successor": "gm0503/college"])
        #expect(throws: refusal) { try story.send(late) }
        #expect(refusal.text(.dutch).contains("gm0503/college heeft alles overgenomen"))
        #expect(refusal.code.retry == .never)

        // It gets nothing new; the college goes on with all of it.
        let slot = try Story.slot("2026-07-07T10:00/11:00")
        let propose = try story.send(
            story.change(
                Story.accounthouder, meeting.subject, .meetingPropose,
                .meeting(.propose(slot: slot, place: nil, note: nil))))
        #expect(!propose.mailboxes.contains(.address(formateur)) && propose.mailboxes.contains(.address(college)))
        let accept = ChangeBody.meeting(.accept(note: nil))
        #expect(try story.refusal("gm0503/college", meeting.subject, .meetingAccept, accept) == nil)
        #expect(try story.refusal("gm0503/college", subject, .responseSubmit, try story.response()) == nil)
        let opened = SubjectID.receipt(letter: letter.id, address: formateur)
        #expect(
            try story.refusal("gm0503/college", opened, .receiptOpened, .receiptOpened(story.route())) == nil)
    }

    @Test("nobody else may what the successor may") func others() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        _ = try set(&story)
        try end(&story)
        let opened = SubjectID.receipt(letter: letter.id, address: formateur)
        let body = ChangeBody.receiptOpened(try story.route())
        #expect(
            try story.refusal("gm0503/gemeentesecretaris", opened, .receiptOpened, body) == .subjectUnknown
                || story.refusal("gm0503/gemeentesecretaris", opened, .receiptOpened, body) == .notAllowed)
        #expect(try story.refusal("gm0518/college", opened, .receiptOpened, body) == .notAllowed)
    }

    @Test("letters are no longer addressed to a mandate that ended") func addressed() throws {
        var story = try Story()
        try end(&story)
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, try story.letter()) == .mandateEnded)
        let letter = try story.letter(to: ["gm0503/college", "gm0518/formateur"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, letter) == nil)
    }

    @Test("an ended mandate that is set and started again goes on, and its successor keeps what it has")
    func again() throws {
        var story = try Story()
        _ = try set(&story)
        try end(&story)
        let second = ChangeBody.mandateStart(address: formateur, on: day)
        #expect(try story.refusal(Self.server, .mandate(formateur), .mandateStart, second) == .illegalStep)
        _ = try set(&story, from: "2030-03-30", until: nil)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == .mandateEnded)
        try start(&story)
        #expect(try story.refusal("gm0503/formateur", nil, .meetingRequest, story.meeting()) == nil)
        #expect(story.world.directory.predecessors(of: college) == [])
    }

    @Test("steps out of turn are refused") func outOfTurn() throws {
        var story = try Story()
        let body = ChangeBody.mandateStart(address: formateur, on: day)
        #expect(try story.refusal(Self.server, .mandate(formateur), .mandateStart, body) == .illegalStep)
        _ = try set(&story)
        try start(&story)
        #expect(try story.refusal(Self.server, .mandate(formateur), .mandateStart, body) == .illegalStep)
        try end(&story)
        let end = ChangeBody.mandateEnd(MandateEnd(address: formateur, on: day, successor: college))
        #expect(try story.refusal(Self.server, .mandate(formateur), .mandateEnd, end) == .illegalStep)
        #expect(try story.refusal(Self.server, .mandate(college), .mandateEnd, end) == .subjectMismatch)
        #expect(try story.refusal("gm0503/college", .mandate(formateur), .mandateEnd, end) == .notAllowed)
    }

    @Test(
        "whoever takes over is another address of the same organisation, cleared for all that the old one read",
        arguments: [
            ("gm0503/formateur", RefusalCode.badField), ("gm0518/college", .badField),
            ("gm0503/raadslid", .notCleared),
            ("gm0503/griffie", nil),
        ]) func successors(successor: String, expected: RefusalCode?) throws
    {
        var story = try Story()
        let mandate = Mandate(
            address: formateur, from: day, until: nil, successor: try #require(Address(successor)))
        #expect(
            try story.refusal(Self.server, .mandate(formateur), .mandateSet, .mandateSet(mandate)) == expected)
    }

    @Test("a mandate doesn't end before it begins") func backwards() throws {
        var story = try Story()
        let mandate = Mandate(
            address: formateur, from: day, until: CalendarDate("2026-06-29"), successor: college)
        #expect(
            try story.refusal(Self.server, .mandate(formateur), .mandateSet, .mandateSet(mandate)) == .badField)
    }

    @Test("a ring of successors ends, with nobody in it") func ring() throws {
        var story = try Story()
        let secretary = try #require(Address("gm0503/gemeentesecretaris"))
        for (own, next) in [(formateur, college), (college, secretary), (secretary, college)] {
            let end = ChangeBody.mandateEnd(MandateEnd(address: own, on: day, successor: next))
            try story.accept(Self.server, .mandate(own), .mandateEnd, end)
        }
        #expect(story.world.directory.holder(of: formateur) == nil)
        #expect(story.world.directory.predecessors(of: college) == [])
    }
}
