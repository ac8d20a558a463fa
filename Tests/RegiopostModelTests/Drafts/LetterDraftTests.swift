import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Letter: draft → adopted (vastgesteld) → published") struct LetterDraftTests {
    private static let secretaris = "pv28/secretaris"
    private static let voorzitter = "pv28/voorzitter"

    /// A letter that the secretariaat drafted.
    private func drafted() throws -> (Story, ChangeID) {
        var story = try Story()
        let draft = try story.accept(Story.secretariaat, nil, .draftSave, try story.letterDraft())
        return (story, draft.id)
    }

    private func sign(_ draft: ChangeID, by author: String, in story: inout Story) throws {
        try story.accept(author, .draft(draft), .draftSign, try story.signature(of: draft))
    }

    /// What publishing a draft says.
    private func letter(from draft: ChangeID, in story: Story) throws -> LetterContent {
        guard case .letter(let content) = try story.draft(draft).current.content.matter else {
            throw Story.NoDraft()
        }
        return content.dated(try #require(CalendarDate("2026-04-01")), from: try story.citation(of: draft))
    }

    @Test("secretaris and voorzitter sign: two named signatories, then it is adopted") func adopted() throws {
        var (story, draft) = try drafted()
        #expect(try story.draft(draft).missing.map(\.text) == [Self.secretaris, Self.voorzitter])
        try sign(draft, by: Self.voorzitter, in: &story)
        #expect(try story.draft(draft).missing.map(\.text) == [Self.secretaris])
        try sign(draft, by: Self.secretaris, in: &story)
        #expect(try story.draft(draft).missing.isEmpty)
        #expect(
            try story.refusal("gm0503/college", .draft(draft), .draftSign, story.signature(of: draft))
                == .subjectUnknown)
    }

    @Test("a letter's draft is seen by the secretariaat, its signatories and the account holder alone")
    func circle()
        throws
    {
        var story = try Story()
        let change = try story.change(Story.secretariaat, nil, .draftSave, try story.letterDraft())
        let seen = Set(try story.send(change).mailboxes.map(\.text))
        #expect(seen == [Story.secretariaat, Self.secretaris, Self.voorzitter, Story.accounthouder])
    }

    @Test("it is published as it was signed, on the day that it goes") func published() throws {
        var (story, draft) = try drafted()
        try sign(draft, by: Self.secretaris, in: &story)
        let early = ChangeBody.letterPublish(try letter(from: draft, in: story))
        let change = try story.change(Story.secretariaat, nil, .letterPublish, early)
        #expect(throws: Refusal(.notAdopted, ["missing": Self.voorzitter])) { try story.send(change) }
        try sign(draft, by: Self.voorzitter, in: &story)
        let other = ChangeBody.letterPublish(
            LetterContent(
                dossier: try #require(DossierNumber(Story.dossier)),
                document: try #require(DocumentNumber("PZH-2026-000000042")),
                date: try #require(CalendarDate("2026-04-01")), title: "Iets anders", region: "haagse-regio",
                recipients: [try #require(Address("gm0503/formateur"))], copies: [],
                draft: try story.citation(of: draft), text: "Nee.\n"))
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, other) == .textChanged)
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, early) == nil)
    }

    @Test("a new text voids the signatures, and a stale one has no effect on it") func stale() throws {
        var (story, draft) = try drafted()
        let old = try story.signature(of: draft)
        let sent = ChangeBody.letterPublish(try letter(from: draft, in: story))
        try sign(draft, by: Self.secretaris, in: &story)
        try story.accept(Story.secretariaat, .draft(draft), .draftSave, try story.letterDraft(title: "Nieuw"))
        #expect(try story.draft(draft).missing.count == 2)
        try story.accept(Self.voorzitter, .draft(draft), .draftSign, old)
        #expect(try story.draft(draft).missing.count == 2)
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, sent) == .textChanged)
    }

    @Test("a signature cites the digest of the text: a forged one is refused, and so is one of no text")
    func forged()
        throws
    {
        var (story, draft) = try drafted()
        let version = try story.citation(of: draft).version
        let forged = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        let wrong = ChangeBody.draft(.sign(version: version, digest: forged))
        #expect(try story.refusal(Self.secretaris, .draft(draft), .draftSign, wrong) == .textChanged)
        let nowhere = ChangeBody.draft(.sign(version: story.nextID(), digest: forged))
        #expect(try story.refusal(Self.secretaris, .draft(draft), .draftSign, nowhere) == .predecessorMissing)
    }

    @Test("signing twice has no further effect, and doesn't count for the order") func repeated() throws {
        var (story, draft) = try drafted()
        try sign(draft, by: Self.secretaris, in: &story)
        let once = try story.draft(draft)
        try sign(draft, by: Self.secretaris, in: &story)
        #expect(try story.draft(draft) == once)
        try story.accept(Story.secretariaat, .draft(draft), .draftSave, try story.letterDraft())
    }

    @Test("a signatory declines with a reason, until it signs; what it had signed it takes back") func declined()
        throws
    {
        var (story, draft) = try drafted()
        try sign(draft, by: Self.secretaris, in: &story)
        let decline = ChangeBody.draft(.decline(reason: "Pagina 2 klopt niet."))
        try story.accept(Self.secretaris, .draft(draft), .draftDecline, decline)
        #expect(try story.draft(draft).missing.count == 2)
        #expect(
            try story.draft(draft).decision(of: story.draft(draft).parties[0])?.verdict
                == .declined(reason: "Pagina 2 klopt niet."))
        try sign(draft, by: Self.secretaris, in: &story)
        #expect(try story.draft(draft).missing.map(\.text) == [Self.voorzitter])
    }

    @Test("nothing more is done with a discarded draft") func discarded() throws {
        var (story, draft) = try drafted()
        let sent = ChangeBody.letterPublish(try letter(from: draft, in: story))
        let signature = try story.signature(of: draft)
        let discard = ChangeBody.draft(.discard(reason: "Vervallen."))
        #expect(try story.refusal(Self.secretaris, .draft(draft), .draftDiscard, discard) == .notAllowed)
        try story.accept(Story.secretariaat, .draft(draft), .draftDiscard, discard)
        for (author, type, body) in [
            (Story.secretariaat, .draftSave, try story.letterDraft()), (Self.secretaris, .draftSign, signature),
            (Self.voorzitter, .draftDecline, .draft(.decline(reason: "Nee."))),
            (Story.secretariaat, .draftDiscard, discard),
        ] as [(String, ChangeType, ChangeBody)] {
            #expect(try story.refusal(author, .draft(draft), type, body) == .illegalStep, "\(type)")
        }
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, sent) == .illegalStep)
    }

    @Test("two who save offline meet in one draft, and the second gets a conflict") func conflict() throws {
        var (story, draft) = try drafted()
        let first = try story.change(Story.secretariaat, .draft(draft), .draftSave, try story.letterDraft())
        let second = try story.change(Story.secretariaat, .draft(draft), .draftSave, try story.letterDraft())
        try story.send(first)
        #expect(throws: Refusal(.conflict, ["current": first.id.text])) { try story.send(second) }
    }

    @Test("what a draft becomes stays what it was") func kind() throws {
        var (story, draft) = try drafted()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        let response = try story.responseDraft(to: letter)
        #expect(try story.refusal("gm0503/college", .draft(draft), .draftSave, response) == .subjectUnknown)
        #expect(try story.refusal(Story.secretariaat, .draft(draft), .draftSave, response) == .notAddressed)
        let own = try story.accept("gm0503/college", nil, .draftSave, response).subject
        let joint = try story.jointDraft(to: letter)
        #expect(try story.refusal("gm0503/college", own, .draftSave, joint) == .badField)
    }

    @Test("only a draft of a letter becomes one") func otherDraft() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        let theirs = try story.accept("gm0503/college", nil, .draftSave, try story.responseDraft(to: letter)).id
        guard case .letterPublish(let content) = try story.letter() else { return }
        let body = ChangeBody.letterPublish(content.dated(content.date, from: try story.citation(of: theirs)))
        // The province doesn't even learn that there is such a draft.
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, body) == .subjectUnknown)
    }
}
