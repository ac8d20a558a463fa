import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Letter: superseded by a newer letter, never edited") struct SupersedeTests {
    /// A letter, and a newer one that says that it takes its place.
    private func two() throws -> (Story, older: ChangeID, newer: ChangeID) {
        var story = try Story()
        let older = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        let newer = try story.accept(Story.secretariaat, nil, .letterPublish, try replacing(older, story)).id
        return (story, older, newer)
    }

    private func replacing(_ older: ChangeID, _ story: Story) throws -> ChangeBody {
        guard case .letterPublish(let content) = try story.letter() else { throw Story.NoDraft() }
        return .letterPublish(content.replacing(older))
    }

    @Test("the older letter knows the newer one, and its answers are still taken") func superseded() throws {
        var (story, older, newer) = try two()
        try story.accept(Story.secretariaat, .letter(older), .letterSupersede, .letterSupersede(by: newer))
        guard case .letter(let state) = story.world.subject(.letter(older))?.state else {
            Issue.record("no letter")
            return
        }
        #expect(state.supersededBy == newer && state.withdrawn == nil)
        let subject = SubjectID.response(letter: older, organisation: try #require(OrganisationCode("gm0503")))
        #expect(try story.refusal("gm0503/college", subject, .responseSubmit, try story.response()) == nil)
    }

    @Test("once, by its sender, and only by a letter that says so") func illegal() throws {
        var (story, older, newer) = try two()
        let body = ChangeBody.letterSupersede(by: newer)
        #expect(try story.refusal("gm0503/college", .letter(older), .letterSupersede, body) == .notAllowed)
        let other = ChangeBody.letterSupersede(by: older)
        #expect(try story.refusal(Story.secretariaat, .letter(newer), .letterSupersede, other) == .badField)
        let nowhere = ChangeBody.letterSupersede(by: story.nextID())
        #expect(try story.refusal(Story.secretariaat, .letter(older), .letterSupersede, nowhere) == .letterUnknown)
        try story.accept(Story.secretariaat, .letter(older), .letterSupersede, body)
        #expect(try story.refusal(Story.secretariaat, .letter(older), .letterSupersede, body) == .illegalStep)
        let again = try replacing(older, story)
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, again) == .badField)
    }

    @Test("a withdrawn letter has no successor, a superseded one can still be withdrawn") func withdrawn() throws {
        var (story, older, newer) = try two()
        let withdraw = ChangeBody.letterWithdraw(reason: "Fout.")
        var other = story
        try other.accept(Story.secretariaat, .letter(older), .letterWithdraw, withdraw)
        let body = ChangeBody.letterSupersede(by: newer)
        #expect(try other.refusal(Story.secretariaat, .letter(older), .letterSupersede, body) == .illegalStep)
        #expect(try other.refusal(Story.secretariaat, nil, .letterPublish, replacing(older, other)) == .badField)
        try story.accept(Story.secretariaat, .letter(older), .letterSupersede, body)
        #expect(try story.refusal(Story.secretariaat, .letter(older), .letterWithdraw, withdraw) == nil)
    }

    @Test("a letter takes the place of one that is there and the author's") func unknown() throws {
        var (story, older, _) = try two()
        let nowhere = try replacing(story.nextID(), story)
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, nowhere) == .letterUnknown)
        let theirs = try replacing(older, story)
        #expect(try story.refusal("gm0503/college", nil, .letterPublish, theirs) == .notAllowed)
    }
}
