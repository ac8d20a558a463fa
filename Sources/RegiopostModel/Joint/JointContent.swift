import RegiopostJSON

/// What a `joint.submit` says: an answer of several organisations, and who of them stands behind it.
public struct JointContent: Equatable, Sendable {
    /// Where the letter came from, as the letter has it.
    public let route: Route
    /// The letter that it answers.
    public let letter: ChangeID
    /// The organisation that drew it up.
    public let lead: OrganisationCode
    /// The organisations that were asked to sign, the lead among them.
    public let members: [OrganisationCode]
    /// Whom the letter is addressed to at the members, as the letter has them.
    public let recipients: [Address]
    /// Who got a copy of the letter at the members, as the letter has them.
    public let copies: [Address]
    /// The answer.
    public let answer: AnswerContent
    /// The draft that was signed.
    public let draft: DraftCitation
    /// Who signed, who declined, who said nothing.
    public let standing: JointStanding

    /// What is sent from a draft as it stands, for the letter that it answers; `nil` for a draft of something else.
    public init?(from draft: DraftState, id: ChangeID, answering letter: LetterState) {
        guard case .joint(let answer, let members) = draft.current.content.matter,
            let digest = draft.current.digest
        else { return nil }
        route = letter.route
        self.letter = answer.letter
        lead = draft.owner
        self.members = members
        recipients = answer.recipients
        copies = letter.content.copies.filter { members.contains($0.organisation) }
        self.answer = answer.content
        self.draft = DraftCitation(id: id, version: draft.current.id, digest: digest)
        standing = JointStanding(of: draft)
    }

    init(_ fields: Fields) throws(Refusal) {
        route = try Route(fields)
        letter = try fields.value("letter", "identifier", ChangeID.init(_:))
        lead = try fields.value("lead", "organisation", OrganisationCode.init(_:))
        members = try fields.someValues("members", "organisation", OrganisationCode.init(_:))
        recipients = try fields.someValues("recipients", "address", Address.init(_:))
        copies = try fields.values("copies", "address", Address.init(_:))
        answer = try AnswerContent(fields)
        draft = try DraftCitation(fields.object("draft"))
        standing = try JointStanding(fields)
    }

    var json: JSONValue {
        let own = JSONValue.object([
            "letter": .string(letter.text), "lead": .string(lead.text), "members": .strings(members.map(\.text)),
            "recipients": .strings(recipients.map(\.text)),
            "copies": copies.isEmpty ? nil : .strings(copies.map(\.text)),
        ])
        return .object(
            (route.json.members ?? []) + (own.members ?? []) + answer.members
                + [JSONMember("draft", draft.json)] + standing.members)
    }
}

extension JointContent: VersionedAnswer {
    /// The draft that it was sent from, if it was.
    public var sentFrom: ChangeID? { draft.id }
}
