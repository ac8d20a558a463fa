import RegiopostJSON

/// What a `programme.start` says: an implementation programme (uitvoeringsprogramma), without agreements yet.
public struct ProgrammeContent: Equatable, Sendable {
    /// What it is called.
    public let name: String
    /// The region whose account holder keeps it.
    public let region: String
    /// The municipalities that it is of.
    public let parties: [OrganisationCode]

    /// No name is longer, in bytes of UTF-8.
    static let maximumName = 200

    /// Makes the content of a programme.
    public init(name: String, region: String, parties: [OrganisationCode]) {
        self.name = name
        self.region = region
        self.parties = parties
    }

    init(_ fields: Fields) throws(Refusal) {
        name = try fields.text("name", maximum: Self.maximumName)
        region = try fields.value("region", "region", RegionName.read)
        parties = try fields.someValues("parties", "organisation", OrganisationCode.init(_:))
    }

    var json: JSONValue {
        .object([
            "name": .string(name), "region": .string(region), "parties": .strings(parties.map(\.text)),
        ])
    }
}
