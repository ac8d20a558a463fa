import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Joint response: choices “gedragen door alle gemeenten”") struct JointRulesTests {
    private static let members = ["gm0503", "gm0518", "gm0603"]

    /// A letter to three municipalities, and Delft's draft of a response of all three.
    private func drafted() throws -> (Story, ChangeID) {
        var story = try Story()
        let body = try story.letter(
            to: Self.members.map { $0 + "/formateur" }, copies: Self.members.map { $0 + "/griffie" })
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, body).id
        let save = try story.jointDraft(to: letter, members: Self.members)
        let draft = try story.accept("gm0503/college", nil, .draftSave, save)
        return (story, draft.id)
    }

    private func sign(_ draft: ChangeID, _ authors: [String], in story: inout Story) throws {
        for author in authors {
            try story.accept(author, .draft(draft), .draftSign, try story.signature(of: draft))
        }
    }

    private func joint(_ draft: ChangeID, in story: Story) throws -> JointState {
        guard case .joint(let joint) = story.world.subject(.joint(draft))?.state else { throw Story.NoDraft() }
        return joint
    }

    @Test("its draft is seen by those who may answer at the members, never by the province") func circle() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        let change = try story.change("gm0503/college", nil, .draftSave, try story.jointDraft(to: letter))
        let expected = ["gm0503", "gm0518"].flatMap { code in
            ["formateur", "college", "gemeentesecretaris"].map { code + "/" + $0 }
        }
        #expect(Set(try story.send(change).mailboxes.map(\.text)) == Set(expected))
    }

    @Test("each member co-signs once, whoever of its people does; then any of them sends it") func all() throws {
        var (story, draft) = try drafted()
        try sign(draft, ["gm0503/college", "gm0518/formateur", "gm0603/gemeentesecretaris"], in: &story)
        let once = try story.draft(draft)
        try sign(draft, ["gm0518/college"], in: &story)
        #expect(try story.draft(draft) == once)
        let change = try story.change("gm0603/formateur", .joint(draft), .jointSubmit, story.joint(from: draft))
        let municipal = Self.members.flatMap { code in
            ["formateur", "college", "gemeentesecretaris", "burgemeester", "griffie", "registratuur"].map {
                code + "/" + $0
            }
        }
        let seen = Set(try story.send(change).mailboxes.map(\.text))
        #expect(seen == Set(municipal + [Story.secretariaat, Story.accounthouder, "pv28/registratuur"]))
        let content = try joint(draft, in: story).current.content
        #expect(content.standing.isComplete && content.standing.signed.map(\.organisation.text) == Self.members)
    }

    @Test("while one has not signed, only its author sends it, and the response says who has not")
    func authorDecides()
        throws
    {
        var (story, draft) = try drafted()
        try sign(draft, ["gm0503/college", "gm0518/college"], in: &story)
        try story.accept("gm0603/college", .draft(draft), .draftDecline, .draft(.decline(reason: "Eigen koers.")))
        let body = try story.joint(from: draft)
        let theirs = try story.change("gm0518/college", .joint(draft), .jointSubmit, body)
        #expect(throws: Refusal(.signatureMissing, ["organisation": "gm0603"])) { try story.send(theirs) }
        try story.accept("gm0503/formateur", .joint(draft), .jointSubmit, body)
        let state = try joint(draft, in: story)
        #expect(state.current.content.standing.declined.map(\.reason) == ["Eigen koers."])
        let answered = try Self.members.map { state.answers(for: try #require(OrganisationCode($0))) }
        #expect(answered == [true, true, false])
    }

    @Test("its author signs too, and not alone") func tooFew() throws {
        var (story, draft) = try drafted()
        try sign(draft, ["gm0518/college", "gm0603/college"], in: &story)
        let without = try story.change("gm0503/college", .joint(draft), .jointSubmit, story.joint(from: draft))
        #expect(throws: Refusal(.signatureMissing, ["organisation": "gm0503"])) { try story.send(without) }
        var (other, alone) = try drafted()
        try sign(alone, ["gm0503/college"], in: &other)
        let body = try other.joint(from: alone)
        #expect(try other.refusal("gm0503/college", .joint(alone), .jointSubmit, body) == .signatureMissing)
    }

    @Test("signatures that aren't there, or have changed since, are refused") func signatures() throws {
        var (story, draft) = try drafted()
        try sign(draft, ["gm0503/college", "gm0518/college"], in: &story)
        let early = try story.joint(from: draft)
        try sign(draft, ["gm0603/college"], in: &story)
        let late = try story.joint(from: draft)
        #expect(try story.refusal("gm0503/college", .joint(draft), .jointSubmit, early) == .signaturesChanged)
        try story.accept("gm0603/college", .draft(draft), .draftDecline, .draft(.decline(reason: "Toch niet.")))
        #expect(try story.refusal("gm0503/college", .joint(draft), .jointSubmit, late) == .signatureMissing)
    }

    @Test("a new text voids the co-signatures") func newText() throws {
        var (story, draft) = try drafted()
        try sign(draft, Self.members.map { $0 + "/college" }, in: &story)
        let old = try story.joint(from: draft)
        let letter = try #require(try story.draft(draft).current.content.answer?.letter)
        let save = try story.jointDraft(to: letter, members: Self.members, text: "Anders.")
        try story.accept("gm0503/college", .draft(draft), .draftSave, save)
        #expect(try story.draft(draft).missing.count == 3)
        #expect(try story.refusal("gm0503/college", .joint(draft), .jointSubmit, old) == .textChanged)
        let unsigned = try story.joint(from: draft)
        #expect(try story.refusal("gm0503/college", .joint(draft), .jointSubmit, unsigned) == .signatureMissing)
    }

    @Test("submitted, acknowledged, amended by a newer version, withdrawn") func lifeCycle() throws {
        var (story, draft) = try drafted()
        let (delft, joint) = ("gm0503/college", SubjectID.joint(draft))
        let read = ChangeBody.jointAcknowledge(note: nil)
        let withdraw = ChangeBody.jointWithdraw(reason: "Te vroeg.")
        #expect(try story.refusal(Story.accounthouder, joint, .jointAcknowledge, read) == .subjectUnknown)
        try sign(draft, Self.members.map { $0 + "/college" }, in: &story)
        try story.accept(delft, joint, .jointSubmit, try story.joint(from: draft))
        #expect(try story.refusal(delft, joint, .jointAcknowledge, read) == .notAllowed)
        try story.accept(Story.accounthouder, joint, .jointAcknowledge, read)
        #expect(try story.refusal(Story.accounthouder, joint, .jointAcknowledge, read) == .illegalStep)
        let letter = try #require(try story.draft(draft).current.content.answer?.letter)
        let save = try story.jointDraft(to: letter, members: Self.members, text: "Anders.")
        try story.accept(delft, .draft(draft), .draftSave, save)
        try sign(draft, Self.members.map { $0 + "/college" }, in: &story)
        try story.accept("gm0518/college", joint, .jointSubmit, try story.joint(from: draft))
        #expect(try self.joint(draft, in: story).history.count == 2)
        #expect(try story.refusal("gm0518/college", joint, .jointWithdraw, withdraw) == .notAllowed)
        try story.accept(delft, joint, .jointWithdraw, withdraw)
        #expect(try story.refusal(delft, joint, .jointWithdraw, withdraw) == .illegalStep)
        #expect(try self.joint(draft, in: story).answers(for: try #require(OrganisationCode("gm0503"))) == false)
    }

    @Test("members are addressed, named once, at least two, the author's among them") func members() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        for (members, code) in [
            (["gm0503"], .badField), (["gm0503", "gm0503"], .badField), (["gm0503", "gm0603"], .notAddressed),
        ] as [([String], RefusalCode)] {
            let body = try story.jointDraft(to: letter, members: members)
            #expect(try story.refusal("gm0503/college", nil, .draftSave, body) == code, "\(members)")
        }
        let others = try story.jointDraft(to: letter, members: ["gm0503", "gm0518"])
        #expect(try story.refusal("gm0503/griffie", nil, .draftSave, others) == .notAllowed)
        #expect(try story.refusal(Story.secretariaat, nil, .draftSave, others) == .notAllowed)
    }

    @Test("a letter that was taken back gets no joint answer") func withdrawnLetter() throws {
        var (story, draft) = try drafted()
        try sign(draft, Self.members.map { $0 + "/college" }, in: &story)
        let letter = try #require(try story.draft(draft).current.content.answer?.letter)
        try story.accept(Story.secretariaat, .letter(letter), .letterWithdraw, .letterWithdraw(reason: "Fout."))
        let body = try story.joint(from: draft)
        #expect(try story.refusal("gm0503/college", .joint(draft), .jointSubmit, body) == .letterWithdrawn)
    }
}
