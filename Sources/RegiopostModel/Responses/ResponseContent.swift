import RegiopostJSON

/// What a `response.submit` says.
public struct ResponseContent: Equatable, Sendable {
    /// Where the letter came from, as the letter has it.
    public let route: Route
    /// The roles that the letter was sent and copied to at the answering organisation, as the letter has them.
    public let roles: [Role]
    /// The dossier of the letter. Without it the answer is refused, so that no province has to guess.
    public let dossier: DossierNumber?
    /// The answer.
    public let text: String
    /// The answering side's own reference.
    public let reference: String?

    /// No answer is longer, in bytes of UTF-8.
    public static let maximumText = 256 * 1_024

    /// Makes the content of a response.
    public init(route: Route, roles: [Role], dossier: DossierNumber?, text: String, reference: String? = nil) {
        self.route = route
        self.roles = roles
        self.dossier = dossier
        self.text = text
        self.reference = reference
    }

    init(_ fields: Fields) throws(Refusal) {
        route = try Route(fields)
        roles = try fields.someValues("roles", "role", Role.init(_:))
        dossier = try fields.optionalValue("dossier", "DOS-YYYY-NNNNNNN", DossierNumber.init(_:))
        text = try fields.text("text", maximum: Self.maximumText)
        reference = try fields.optionalText("reference", maximum: 200)
    }

    var json: JSONValue {
        .object([
            "sender": .string(route.sender.text), "region": .string(route.region),
            "roles": .strings(roles.map(\.text)),
            "dossier": dossier.map { .string($0.text) }, "reference": reference.map(JSONValue.string),
            "text": .string(text),
        ])
    }
}
