import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("The mandate ends and everything passes to the college: takenFrom") struct TakenFromTests {
    private static let college = "gm0503/college"

    /// A letter, and the draft that Delft's formateur left behind.
    private func left() throws -> (Story, letter: ChangeID, draft: ChangeID) {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        let draft = try story.accept("gm0503/formateur", nil, .draftSave, try story.responseDraft(to: letter)).id
        return (story, letter, draft)
    }

    private func response(_ story: Story, citing draft: DraftCitation?, text: String = "Graag.") throws
        -> ChangeBody
    {
        .responseSubmit(
            ResponseContent(
                route: try story.route(), roles: [.formateur, .griffie],
                answer: AnswerContent(dossier: DossierNumber(Story.dossier), text: text), draft: draft))
    }

    @Test("the college sends the formateur's draft as it stands, citing it and its last version") func sent() throws
    {
        var (story, letter, draft) = try left()
        let subject = SubjectID.response(letter: letter, organisation: try #require(OrganisationCode("gm0503")))
        let citation = try story.citation(of: draft)
        let other = try response(story, citing: citation, text: "Iets anders.")
        #expect(try story.refusal(Self.college, subject, .responseSubmit, other) == .textChanged)
        let change = try story.change(
            Self.college, subject, .responseSubmit, try response(story, citing: citation),
            takenFrom: citation.version)
        try story.send(change)
    }

    @Test("the college goes on with the draft itself") func goneOn() throws {
        var (story, letter, draft) = try left()
        let change = try story.change(
            Self.college, .draft(draft), .draftSave, try story.responseDraft(to: letter, text: "Beter."),
            takenFrom: draft)
        try story.send(change)
        let after = try story.draft(draft)
        #expect(after.ids == [draft, change.id] && after.current.author.text == Self.college)
    }

    @Test("work of another organisation, of another thing, or that isn't seen is not taken over") func refused()
        throws
    {
        var (story, letter, draft) = try left()
        let subject = SubjectID.response(letter: letter, organisation: try #require(OrganisationCode("gm0503")))
        func refusal(_ author: String, _ subject: SubjectID?, _ body: ChangeBody, _ old: ChangeID) throws
            -> RefusalCode?
        {
            let type: ChangeType = subject == nil ? .draftSave : .responseSubmit
            return try story.refusal(try story.change(author, subject, type, body, takenFrom: old))
        }
        let plain = try response(story, citing: nil)
        #expect(try refusal(Self.college, subject, plain, draft) == .badField)
        #expect(try refusal(Self.college, subject, plain, letter) == .badField)
        #expect(try refusal(Self.college, subject, plain, story.nextID()) == .needsMissing)
        let theirs = try story.responseDraft(to: letter, by: "gm0518")
        #expect(try refusal("gm0518/college", nil, theirs, draft) == .badField)
    }

    @Test("a response's draft is its organisation's own, for that letter") func ownDraft() throws {
        var (story, letter, _) = try left()
        let joint = try story.accept(Self.college, nil, .draftSave, try story.jointDraft(to: letter)).id
        let subject = SubjectID.response(letter: letter, organisation: try #require(OrganisationCode("gm0518")))
        let body = try response(story, citing: try story.citation(of: joint), text: "Samen graag.")
        #expect(try story.refusal("gm0518/college", subject, .responseSubmit, body) == .badField)
    }
}
