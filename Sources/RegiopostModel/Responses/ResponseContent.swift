import RegiopostJSON

/// What a `response.submit` says.
public struct ResponseContent: Equatable, Sendable {
    /// Where the letter came from, as the letter has it.
    public let route: Route
    /// The roles that the letter was sent and copied to at the answering organisation, as the letter has them.
    public let roles: [Role]
    /// What it answers.
    public let answer: AnswerContent
    /// The draft that it was sent from, if it was.
    public let draft: DraftCitation?

    /// Makes the content of a response.
    public init(route: Route, roles: [Role], answer: AnswerContent, draft: DraftCitation? = nil) {
        self.route = route
        self.roles = roles
        self.answer = answer
        self.draft = draft
    }

    init(_ fields: Fields) throws(Refusal) {
        route = try Route(fields)
        roles = try fields.someValues("roles", "role", Role.init(_:))
        answer = try AnswerContent(fields)
        if let citation = try fields.optionalObject("draft") {
            draft = try DraftCitation(citation)
        } else {
            draft = nil
        }
    }

    var json: JSONValue {
        .object(
            (route.json.members ?? []) + [JSONMember("roles", .strings(roles.map(\.text)))] + answer.members
                + (draft.map { [JSONMember("draft", $0.json)] } ?? []))
    }
}

extension ResponseContent: VersionedAnswer {
    /// The draft that it was sent from, if it was.
    public var sentFrom: ChangeID? { draft?.id }
}

extension ResponseContent {
    /// Makes the content of a response that is text alone.
    public init(route: Route, roles: [Role], dossier: DossierNumber?, text: String, reference: String? = nil) {
        self.init(
            route: route, roles: roles, answer: AnswerContent(dossier: dossier, text: text, reference: reference))
    }

    /// The dossier of the letter.
    public var dossier: DossierNumber? { answer.dossier }
    /// The answer as a whole.
    public var text: String { answer.text }
    /// How far it may be known; `nil` where the answer says nothing.
    public var confidentiality: Confidentiality? { answer.confidentiality }
    /// The answering side's own reference.
    public var reference: String? { answer.reference }
    /// What is attached.
    public var files: [FileReference] { answer.files }
}
