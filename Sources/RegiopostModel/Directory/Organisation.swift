import RegiopostJSON

/// A municipality or province as the directory knows it.
public struct Organisation: Equatable, Sendable {
    /// Its code.
    public let code: OrganisationCode
    /// Its official name: "'s-Gravenhage".
    public let name: String
    /// What people call it: "Den Haag".
    public let shortName: String
    /// The regions it is in, by classification and day, in the order of `Organisation.sorted`.
    public let memberships: [Membership]
    /// Its last day, past or planned; `nil` for no end in sight. Rights change when the server appends
    /// `organisation.merge`.
    public let until: CalendarDate?
    /// Who takes over then.
    public let successor: OrganisationCode?

    /// The classification that letters go by.
    public static let administrative = "bestuurlijk"

    /// Makes an organisation.
    public init(
        code: OrganisationCode, name: String, shortName: String, memberships: [Membership],
        until: CalendarDate? = nil, successor: OrganisationCode? = nil
    ) {
        self.code = code
        self.name = name
        self.shortName = shortName
        self.memberships = Self.sorted(memberships)
        self.until = until
        self.successor = successor
    }

    /// Makes an organisation whose regions have no dates.
    public init(code: OrganisationCode, name: String, shortName: String, regions: [String: String]) {
        self.init(
            code: code, name: name, shortName: shortName,
            memberships: regions.map { Membership(classification: $0.key, region: $0.value) })
    }

    init(_ fields: Fields) throws(Refusal) {
        code = try fields.value("code", "organisation", OrganisationCode.init(_:))
        name = try fields.text("name", maximum: 200)
        shortName = try fields.text("shortName", maximum: 200)
        var memberships: [Membership] = []
        for entry in try fields.objects("regions") {
            let membership = try Membership(entry)
            guard !memberships.contains(where: membership.overlaps) else {
                throw entry.refusal("classification", expected: "each classification once on any day")
            }
            memberships.append(membership)
        }
        self.memberships = Self.sorted(memberships)
        until = try fields.optionalValue("until", "YYYY-MM-DD", CalendarDate.init(_:))
        successor = try fields.optionalValue("successor", "organisation", OrganisationCode.init(_:))
    }

    /// The region it is in by a classification on a day.
    public func region(by classification: String = administrative, on date: CalendarDate) -> String? {
        memberships.first { $0.classification == classification && $0.holds(on: date) }?.region
    }

    /// The region it is in by each classification, by what was said last: of several, the one with the latest beginning.
    public var regions: [String: String] {
        Dictionary(memberships.map { ($0.classification, $0.region) }, uniquingKeysWith: { $1 })
    }

    /// The same with other regions.
    public func with(memberships: [Membership]) -> Organisation {
        Organisation(
            code: code, name: name, shortName: shortName, memberships: memberships, until: until,
            successor: successor)
    }

    /// The same with a last day and who takes over then.
    public func ending(on date: CalendarDate, successor: OrganisationCode) -> Organisation {
        Organisation(
            code: code, name: name, shortName: shortName, memberships: memberships, until: date,
            successor: successor)
    }

    /// By classification, then by beginning.
    private static func sorted(_ memberships: [Membership]) -> [Membership] {
        memberships.sorted { left, right in
            guard left.classification == right.classification else {
                return left.classification < right.classification
            }
            guard let end = right.from else { return false }
            return left.from.map { $0 < end } ?? true
        }
    }

    var json: JSONValue {
        .object([
            "code": .string(code.text), "name": .string(name), "shortName": .string(shortName),
            "regions": .array(memberships.map(\.json)), "until": until.map { .string($0.text) },
            "successor": successor.map { .string($0.text) },
        ])
    }
}
