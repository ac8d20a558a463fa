import RegiopostJSON

/// What an `organisation.merge` says: organisations that end, and the one that takes over.
public struct Merger: Equatable, Sendable {
    /// Those that end, each once.
    public let organisations: [OrganisationCode]
    /// The one that takes over.
    public let into: OrganisationCode
    /// Its first day.
    public let from: CalendarDate

    /// Makes a merger.
    public init(organisations: [OrganisationCode], into: OrganisationCode, from: CalendarDate) {
        self.organisations = organisations
        self.into = into
        self.from = from
    }

    init(_ fields: Fields) throws(Refusal) {
        organisations = try fields.someValues("organisations", "organisation", OrganisationCode.init(_:))
        into = try fields.value("into", "organisation", OrganisationCode.init(_:))
        from = try fields.value("from", "YYYY-MM-DD", CalendarDate.init(_:))
    }

    var json: JSONValue {
        .object([
            "organisations": .strings(organisations.map(\.text)), "into": .string(into.text),
            "from": .string(from.text),
        ])
    }
}
