import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Mergers and hand-overs") struct MergerRulesTests {
    private static let server = "pv28/regiopostd"

    private func code(_ text: String) throws -> OrganisationCode { try #require(OrganisationCode(text)) }
    private func address(_ text: String) throws -> Address { try #require(Address(text)) }

    /// Delft and Rijswijk become one, after a letter, a response and a meeting.
    private func merged() throws -> (Story, letter: ChangeID, meeting: SubjectID, Rules.Verdict) {
        var story = try Story()
        let letter = try story.accept(
            Story.secretariaat, nil, .letterPublish,
            try story.letter(to: ["gm0503/formateur", "gm0603/formateur", "gm0518/formateur"]))
        let meeting = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let organisation = Organisation(
            code: try code("gm1999"), name: "Delfswijk", shortName: "Delfswijk",
            regions: [Organisation.administrative: "haagse-regio"])
        try story.accept(
            Self.server, .organisation(organisation.code), .organisationSet, .organisationSet(organisation))
        let merger = Merger(
            organisations: [try code("gm0503"), try code("gm0603")], into: organisation.code,
            from: try #require(CalendarDate("2027-01-01")))
        let verdict = try story.send(
            story.change(
                Self.server, .organisation(organisation.code), .organisationMerge, .organisationMerge(merger)))
        return (story, letter.id, meeting.subject, verdict)
    }

    @Test("the new organisation's mailboxes are filled with the old ones' past, role by role") func fills() throws {
        let (_, _, _, verdict) = try merged()
        #expect(verdict.mailboxes == [.directory])
        let roles = Role.names(at: .municipality)
        let expected = try ["gm0503", "gm0603"].flatMap { old in
            try roles.map { role in
                Fill(
                    from: .address(try address(old + "/" + role)), to: .address(try address("gm1999/" + role)))
            }
        }
        #expect(verdict.fills == expected)
    }

    @Test("a mandate that had ended before was handed over then, and passes on with its successor") func chain()
        throws
    {
        var story = try Story()
        let end = MandateEnd(
            address: try address("gm0503/formateur"), on: try #require(CalendarDate("2026-06-30")),
            successor: try address("gm0503/college"))
        try story.accept(Self.server, .mandate(end.address), .mandateEnd, .mandateEnd(end))
        let merger = Merger(
            organisations: [try code("gm0503")], into: try code("gm0518"),
            from: try #require(CalendarDate("2027-01-01")))
        let verdict = try story.send(
            story.change(
                Self.server, .organisation(try code("gm0518")), .organisationMerge, .organisationMerge(merger)))
        #expect(!verdict.fills.contains { $0.from == .address(end.address) })
        #expect(story.world.directory.holder(of: end.address) == Address("gm0518/college"))
        #expect(
            try story.world.directory.predecessors(of: address("gm0518/college")).map(\.text) == [
                "gm0503/college", "gm0503/formateur",
            ])
    }

    @Test("what is addressed to an abolished organisation is refused, and names the successor") func refused()
        throws
    {
        var (story, _, _, _) = try merged()
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        let refusal = Refusal(
            .organisationAbolished,
            [
                "organisation": "gm0503", "name": "Delft", "from": "2027-01-01", "successor": "gm1999",
                "successor-name": "Delfswijk",
            ])
        #expect(throws: refusal) { try story.send(letter) }
        #expect(refusal.text(.dutch).contains("Delfswijk (gm1999) heeft alles overgenomen"))
        let invitation = try story.meeting(.briefing, invited: ["gm0603"])
        #expect(try story.refusal("gm0518/griffie", nil, .meetingRequest, invitation) == .organisationAbolished)
        let joint = try story.letter(to: ["gm1999/college"], copies: [])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, joint) == nil)
    }

    @Test("the old addresses write no more; the same roles of the new organisation go on") func goesOn() throws {
        var (story, letter, meeting, _) = try merged()
        let cancel = ChangeBody.meeting(.cancel(reason: "Later."))
        #expect(try story.refusal("gm0503/college", meeting, .meetingCancel, cancel) == .organisationAbolished)
        #expect(try story.refusal("gm0518/college", meeting, .meetingCancel, cancel) == .subjectUnknown)
        for old in ["gm0503", "gm0603"] {
            let subject = SubjectID.response(letter: letter, organisation: try code(old))
            let roles: [Role] = old == "gm0503" ? [.formateur, .griffie] : [.formateur]
            let answer = try story.response(roles: roles)
            #expect(try story.refusal("gm0518/college", subject, .responseSubmit, answer) == .notAllowed)
            let verdict = try story.send(story.change("gm1999/college", subject, .responseSubmit, answer))
            #expect(verdict.mailboxes.contains(.address(try address("gm1999/college"))))
            #expect(!verdict.mailboxes.contains { $0.text.hasPrefix("gm0503/") || $0.text.hasPrefix("gm0603/") })
            let note = ChangeBody.responseAcknowledge(note: nil)
            #expect(try story.refusal(Story.accounthouder, subject, .responseAcknowledge, note) == nil)
            let back = ChangeBody.responseWithdraw(reason: "Te vroeg.")
            #expect(try story.refusal("gm1999/gemeentesecretaris", subject, .responseWithdraw, back) == nil)
        }
        #expect(try story.refusal("gm1999/college", meeting, .meetingCancel, cancel) == nil)
    }

    @Test("an organisation ends once, in one that exists") func once() throws {
        var (story, _, _, _) = try merged()
        func merge(_ old: [String], into: String) throws -> RefusalCode? {
            let merger = Merger(
                organisations: try old.map(code), into: try code(into),
                from: try #require(CalendarDate("2027-01-01")))
            return try story.refusal(
                Self.server, .organisation(merger.into), .organisationMerge, .organisationMerge(merger))
        }
        #expect(try merge(["gm0503"], into: "gm1999") == .organisationAbolished)
        #expect(try merge(["gm0518"], into: "gm0503") == .organisationAbolished)
        #expect(try merge(["gm0518"], into: "gm0518") == .badField)
        #expect(try merge(["gm0518", "gm0518"], into: "gm1999") == .badField)
        #expect(try merge(["gm0001"], into: "gm1999") == .unknownOrganisation)
        #expect(try merge(["gm0518"], into: "gm1999") == nil)
    }

    @Test("letters go by the membership of their own day") func datedMembership() throws {
        var story = try Story()
        let moved = Organisation(
            code: try code("gm0503"), name: "Delft", shortName: "Delft",
            memberships: [
                Membership(
                    classification: Organisation.administrative, region: "haagse-regio",
                    until: CalendarDate("2026-03-26")),
                Membership(
                    classification: Organisation.administrative, region: "drechtsteden",
                    from: CalendarDate("2026-03-27")),
                Membership(classification: "zorg", region: "haagse-regio"),
            ])
        try story.accept(Self.server, .organisation(moved.code), .organisationSet, .organisationSet(moved))
        // The letter is of 27 March.
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, try story.letter()) == .badField)
        let there = try story.letter(to: ["gm0503/formateur"], copies: [], region: "drechtsteden")
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, there) == nil)
        let directory = story.world.directory
        let before = try #require(CalendarDate("2026-03-26"))
        let after = try #require(CalendarDate("2026-03-27"))
        #expect(directory.municipalities(of: "haagse-regio", on: before).contains(moved))
        #expect(directory.municipalities(of: "drechtsteden", on: after).contains(moved))
        #expect(!directory.municipalities(of: "haagse-regio", on: after).contains(moved))
        #expect(moved.region(by: "zorg", on: after) == "haagse-regio")
    }

    @Test("of one classification an organisation is in one region on any day") func overlapping() throws {
        let first = Membership(classification: "zorg", region: "drechtsteden", until: CalendarDate("2026-06-30"))
        let second = Membership(classification: "zorg", region: "haagse-regio", from: CalendarDate("2026-06-30"))
        var story = try Story()
        let organisation = Organisation(
            code: try code("gm0503"), name: "Delft", shortName: "Delft", memberships: [first, second])
        let change = try story.change(
            Self.server, .organisation(organisation.code), .organisationSet, .organisationSet(organisation))
        let refusal = #expect(throws: Refusal.self) { try Change(line: change.line()) }
        #expect(refusal?.details["field"] == "body.regions[1].classification")
    }

    @Test("accounthouder: a region passes to another person, and who it was when stays known") func handover()
        throws
    {
        var story = try Story()
        let contact = Region.Contact(name: "D. de Boer", mail: "d.deboer@example.nl")
        let day = try #require(CalendarDate("2026-04-01"))
        let body = ChangeBody.regionHandover(Handover(from: day, contact: contact))
        #expect(try story.refusal("gm0503/college", .region("haagse-regio"), .regionHandover, body) == .notAllowed)
        try story.accept(Self.server, .region("haagse-regio"), .regionHandover, body)
        let directory = story.world.directory
        #expect(directory.regions["haagse-regio"]?.contact == contact)
        #expect(directory.regions["haagse-regio"]?.accounthouder?.text == Story.accounthouder)
        let next = Handover(
            from: CalendarDate("2027-01-01"), contact: Region.Contact(name: "F. Visser"))
        try story.accept(Self.server, .region("haagse-regio"), .regionHandover, .regionHandover(next))
        #expect(story.world.directory.handovers["haagse-regio"] == [Handover(from: day, contact: contact), next])
        #expect(try story.refusal(Self.server, .region("veluwe"), .regionHandover, body) == .subjectUnknown)
    }
}
