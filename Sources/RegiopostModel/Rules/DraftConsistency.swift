/// Whether a draft fits the letter that it answers, and what is sent fits the draft that it is sent from.
enum DraftConsistency {
    static func save(_ content: DraftContent, by author: Address, _ cited: Cited, _ known: DraftState?)
        throws(Refusal)
    {
        guard let answer = content.answer, let letter = cited.letter else { return }
        let organisations = content.kind == .joint ? content.members : [known?.owner ?? author.organisation]
        if content.kind == .joint { try members(content.members, of: known?.owner ?? author.organisation) }
        try recipients(answer.recipients, at: organisations, of: letter, path: "body.recipients")
        try answer.content.check(against: letter, path: "body.content", isSent: false)
    }

    private static func members(_ members: [OrganisationCode], of owner: OrganisationCode) throws(Refusal) {
        guard members.count > 1, Set(members).count == members.count, members.contains(owner) else {
            throw Refusal(
                .badField,
                ["field": "body.members", "expected": "at least two organisations, each once, your own too"])
        }
    }

    private static func recipients(
        _ recipients: [Address], at organisations: [OrganisationCode], of letter: LetterState, path: String
    ) throws(Refusal) {
        let addressed = letter.content.recipients
        for organisation in organisations where !addressed.contains(where: { $0.organisation == organisation }) {
            throw Refusal(.notAddressed, ["organisation": organisation.text])
        }
        guard recipients == addressed.filter({ organisations.contains($0.organisation) }) else {
            throw Refusal(
                .badField, ["field": path, "expected": "those of the letter at the answering organisations"])
        }
    }

    // MARK: What is sent

    /// A letter is what its two signatories signed, but for its date, which is set when it goes.
    static func publish(_ content: LetterContent, _ draft: DraftState?) throws(Refusal) {
        guard let citation = content.draft, let draft else { return }
        guard case .letter(let drafted) = draft.current.content.matter else { throw otherKind }
        try draft.checkSent(as: citation)
        guard draft.missing.isEmpty else {
            throw Refusal(.notAdopted, ["missing": draft.missing.map(\.text).joined(separator: ", ")])
        }
        guard drafted.dated(content.date) == content.dated(content.date) else { throw textChanged(draft) }
    }

    /// An organisation's response is what its draft says.
    static func respond(
        _ content: ResponseContent, to letter: ChangeID, by organisation: OrganisationCode, _ draft: DraftState?
    ) throws(Refusal) {
        guard let citation = content.draft, let draft else { return }
        guard case .response(let drafted) = draft.current.content.matter, drafted.letter == letter,
            draft.owner == organisation
        else { throw otherKind }
        try draft.checkSent(as: citation)
        guard drafted.content == content.answer else { throw textChanged(draft) }
    }

    /// A joint response is what its members signed, and says truly who did.
    static func join(_ content: JointContent, by author: Address, _ cited: Cited) throws(Refusal) {
        guard let letter = cited.letter, let draft = cited.draft else { return }
        if let reason = letter.withdrawn { throw Refusal(.letterWithdrawn, ["reason": reason]) }
        try content.answer.check(against: letter, path: "body")
        try draft.checkSent(as: content.draft)
        guard let expected = JointContent(from: draft, id: content.draft.id, answering: letter),
            expected.letter == content.letter
        else { throw otherKind }
        guard content.answer == expected.answer else { throw textChanged(draft) }
        for signature in content.standing.signed where !expected.standing.signed.contains(signature) {
            throw Refusal(.signatureMissing, ["organisation": signature.organisation.text])
        }
        guard content.standing == expected.standing else { throw Refusal(.signaturesChanged) }
        guard content == expected else {
            throw Refusal(
                .badField, ["field": "body.members", "expected": "members and addresses of draft and letter"])
        }
        try mayGo(content, by: author)
    }

    /// Signed by all, anybody of them sends it; else only those who drew it up, who say with it who has not.
    private static func mayGo(_ content: JointContent, by author: Address) throws(Refusal) {
        let standing = content.standing
        guard !standing.isComplete else { return }
        let others = content.members.filter { !standing.isSigned(by: $0) }
        guard author.organisation == content.lead, standing.isSigned(by: content.lead), standing.signed.count > 1
        else {
            let missing = others.first { $0 == content.lead } ?? others.first ?? content.lead
            throw Refusal(.signatureMissing, ["organisation": missing.text])
        }
    }

    private static var otherKind: Refusal {
        Refusal(.badField, ["field": "body.draft", "expected": "a draft of this"])
    }

    private static func textChanged(_ draft: DraftState) -> Refusal {
        Refusal(.textChanged, ["current": draft.current.id.text])
    }
}
