import RegiopostJSON

/// That an organisation is in a region, by one classification, in some days.
public struct Membership: Hashable, Sendable {
    /// The classification: `bestuurlijk`, `zorg`, `economie`.
    public let classification: String
    /// The region's name.
    public let region: String
    /// The first day; `nil` for always so far.
    public let from: CalendarDate?
    /// The last day; `nil` for no end in sight.
    public let until: CalendarDate?

    /// Makes a membership.
    public init(
        classification: String, region: String, from: CalendarDate? = nil, until: CalendarDate? = nil
    ) {
        self.classification = classification
        self.region = region
        self.from = from
        self.until = until
    }

    init(_ fields: Fields) throws(Refusal) {
        classification = try fields.text("classification", maximum: 40)
        region = try fields.value("region", "region", RegionName.read)
        from = try fields.optionalValue("from", "YYYY-MM-DD", CalendarDate.init(_:))
        until = try fields.optionalValue("until", "YYYY-MM-DD", CalendarDate.init(_:))
        if let from, let until, until < from { throw fields.refusal("until", expected: "a day not before from") }
    }

    var json: JSONValue {
        .object([
            "classification": .string(classification), "region": .string(region),
            "from": from.map { .string($0.text) }, "until": until.map { .string($0.text) },
        ])
    }

    /// Whether it holds on a day.
    public func holds(on date: CalendarDate) -> Bool {
        from.map { $0 <= date } ?? true && until.map { date <= $0 } ?? true
    }

    /// Whether both say something of the same classification on some same day.
    func overlaps(_ other: Membership) -> Bool {
        let startsInTime = until.flatMap { end in other.from.map { $0 <= end } } ?? true
        let endsInTime = from.flatMap { start in other.until.map { start <= $0 } } ?? true
        return classification == other.classification && startsInTime && endsInTime
    }
}
