import RegiopostJSON

/// Where a term comes from and who may see it: as in the response of the same organisation to the same letter.
public struct TermRoute: Equatable, Sendable {
    /// The letter's sender and region.
    public let route: Route
    /// The roles at the organisation that the letter was sent and copied to, in the letter's order.
    public let roles: [Role]
    /// The letter's level, as the letter has it.
    public let confidentiality: Confidentiality?

    /// Makes a route.
    public init(route: Route, roles: [Role], confidentiality: Confidentiality? = nil) {
        self.route = route
        self.roles = roles
        self.confidentiality = confidentiality
    }

    init(_ fields: Fields) throws(Refusal) {
        route = try Route(fields)
        roles = try fields.someValues("roles", "role", Role.init(_:))
        confidentiality = try fields.confidentiality()
    }

    var members: [JSONMember] {
        [
            JSONMember("sender", .string(route.sender.text)), JSONMember("region", .string(route.region)),
            JSONMember("roles", .strings(roles.map(\.text))),
        ] + (confidentiality.map { [JSONMember("confidentiality", .string($0.rawValue))] } ?? [])
    }
}
