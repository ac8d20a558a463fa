import RegiopostModel
import RegiopostTestSupport
import Testing

/// What each part of the letter means for the software; the rows that have no test of their own elsewhere.
@Suite("The letter, part by part") struct LetterRowTests {
    private func published(
        _ requests: [String] = [], due: String? = nil
    ) throws -> (story: Story, letter: Change) {
        var story = try Story()
        let body = try story.letter(requests: requests, due: due)
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, body)
        return (story, letter)
    }

    private func response(_ letter: Change, _ organisation: String = "gm0503") throws -> SubjectID {
        .response(letter: letter.id, organisation: try #require(OrganisationCode(organisation)))
    }

    @Test("“Ons kenmerk”: a dossier and a document number, neither of which passes for the other") func references()
    {
        #expect(DossierNumber("DOS-2026-0001081") != nil && DossierNumber("PZH-2026-888179004") == nil)
        #expect(DocumentNumber("PZH-2026-888179004") != nil && DocumentNumber("DOS-2026-0001081") == nil)
    }

    @Test("“Uw kenmerk”: the recipient's reference is a field of its own, and may be empty") func yourReference()
        throws
    {
        let without = try LetterReader.read(Letters.letter(body: "Wij schrijven u."))
        #expect(without.draft.yourReference == nil)
        #expect(!without.warnings.contains { $0.code.rawValue.contains("reference") })
        let with = Letters.letter(body: "Wij schrijven u.").replacing(
            "Bijlagen: 0", with: "Uw kenmerk: Z/26/0815\nBijlagen: 0")
        #expect(try LetterReader.read(with).draft.yourReference == "Z/26/0815")
    }

    @Test("“Datum: zie verzenddatum”: a letter exists before it has a date, and is published with one") func date()
        throws
    {
        let text = Letters.letter(body: "Wij schrijven u.").replacing(
            "27 maart 2026", with: "Zie verzenddatum linksonder")
        let read = try LetterReader.read(text)
        #expect(read.draft.date == nil && read.draft.subject == "Proef")
        let (story, letter) = try published()
        guard case .letter(let state) = story.world.subject(letter.subject)?.state else { throw Missing() }
        #expect(state.content.date == CalendarDate("2026-03-27"))
    }

    @Test("“Geachte formateur”: addressed to a role in each municipality, whoever has it") func addressee() throws {
        let text = Letters.letter(body: "Wij schrijven u.").replacing("Geacht college", with: "Geachte formateur")
        #expect(try LetterReader.read(text).draft.addresseeRole == .formateur)
        let (story, letter) = try published()
        guard case .letter(let state) = story.world.subject(letter.subject)?.state else { throw Missing() }
        #expect(state.content.recipients.map(\.text) == ["gm0503/formateur", "gm0518/formateur"])
    }

    @Test(
        "“Afschrift aan: de gemeenteraad, via de griffie”: tracked apart from the addressee, and no right to answer"
    )
    func copy() throws {
        var (story, letter) = try published()
        let copy = try #require(Address("gm0503/griffie"))
        let opened = SubjectID.receipt(letter: letter.id, address: copy)
        try story.accept("gm0503/griffie", opened, .receiptOpened, .receiptOpened(try story.route()))
        guard case .receipt(let receipt) = story.world.subject(opened)?.state else { throw Missing() }
        #expect(receipt.isOpened && receipt.address == copy)
        let addressee = SubjectID.receipt(letter: letter.id, address: try #require(Address("gm0503/formateur")))
        #expect(story.world.subject(addressee) == nil)
        let answer = try story.response()
        #expect(try story.refusal("gm0503/griffie", response(letter), .responseSubmit, answer) == .notAllowed)
    }

    @Test("“We verzoeken u …”: a request for action, which an answer answers by its number") func request() throws {
        let text = Letters.letter(
            body: "Wij verzoeken u het tekort aan woningen op te nemen in het coalitieakkoord.")
        #expect(try LetterReader.read(text).draft.requests.count == 1)
        var (story, letter) = try published(["Neem het op in het akkoord."])
        let content = ResponseContent(
            route: try story.route(), roles: [.formateur, .griffie],
            answer: AnswerContent(
                dossier: DossierNumber(Story.dossier), text: "Ja.",
                answers: [RequestAnswer(request: 1, verdict: .yes)]))
        try story.accept("gm0503/formateur", response(letter), .responseSubmit, .responseSubmit(content))
        guard case .response(let state) = story.world.subject(try response(letter))?.state else { throw Missing() }
        #expect(state.current.content.answer.answers.map(\.verdict) == [.yes])
    }

    @Test("“altijd het DOS-nummer te vermelden”: without it, or with another's, an answer is refused")
    func dossier() throws {
        var (story, letter) = try published()
        for (number, code) in [(nil, RefusalCode.dossierMissing), ("DOS-2026-0000043", .dossierMismatch)] {
            let answer = try story.response(dossier: number)
            #expect(try story.refusal("gm0503/college", response(letter), .responseSubmit, answer) == code)
        }
        #expect(story.world.subject(try response(letter)) == nil)
        try story.accept("gm0503/college", response(letter), .responseSubmit, try story.response())
    }

    @Test("no response deadline anywhere: a due date is optional") func due() throws {
        for due in [nil, "2026-06-01"] {
            let (story, letter) = try published(due: due)
            guard case .letter(let state) = story.world.subject(letter.subject)?.state else { throw Missing() }
            #expect(state.content.due == due.flatMap(CalendarDate.init(_:)))
        }
    }

    @Test("a dead link, a blank “via of .”, no date: each is warned about with its line, and nothing is lost")
    func defects() throws {
        let body = "Bel uw accounthouder via of .\n\nLees [meer](#)."
        let text = Letters.letter(body: body).replacing("Datum: 27 maart 2026\n", with: "")
        let read = try LetterReader.read(text)
        let codes = Set(read.warnings.map(\.code))
        #expect(codes.isSuperset(of: [.missingDate, .blankContact, .deadLink]))
        #expect(read.warnings.allSatisfy { $0.line > 0 })
        #expect(read.draft.text == text)
    }
}

/// A state that should be there.
private struct Missing: Error {}
