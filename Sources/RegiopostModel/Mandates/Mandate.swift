import RegiopostJSON

/// What a `mandate.set` says: from when until when somebody has an address, and who takes over.
///
/// It is a plan. Rights change when the server appends `mandate.start` or `mandate.end`, and at no date before.
public struct Mandate: Equatable, Sendable {
    /// Whose mandate it is.
    public let address: Address
    /// Who has it, for people; rights don't hang on it.
    public let person: String?
    /// The first day.
    public let from: CalendarDate
    /// The last day; `nil` for no end in sight.
    public let until: CalendarDate?
    /// Who takes over when it ends.
    public let successor: Address

    /// Makes a mandate.
    public init(
        address: Address, person: String? = nil, from: CalendarDate, until: CalendarDate? = nil,
        successor: Address
    ) {
        self.address = address
        self.person = person
        self.from = from
        self.until = until
        self.successor = successor
    }

    init(_ fields: Fields) throws(Refusal) {
        address = try fields.value("address", "address", Address.init(_:))
        person = try fields.optionalText("person", maximum: 200)
        from = try fields.value("from", "YYYY-MM-DD", CalendarDate.init(_:))
        until = try fields.optionalValue("until", "YYYY-MM-DD", CalendarDate.init(_:))
        successor = try fields.value("successor", "address", Address.init(_:))
    }

    var json: JSONValue {
        .object([
            "address": .string(address.text), "person": person.map(JSONValue.string), "from": .string(from.text),
            "until": until.map { .string($0.text) }, "successor": .string(successor.text),
        ])
    }
}

/// What a `mandate.end` says.
public struct MandateEnd: Equatable, Sendable {
    /// Whose mandate ended.
    public let address: Address
    /// Its last day.
    public let on: CalendarDate
    /// Who takes over all that it saw.
    public let successor: Address

    /// Makes the end of a mandate.
    public init(address: Address, on: CalendarDate, successor: Address) {
        self.address = address
        self.on = on
        self.successor = successor
    }

    init(_ fields: Fields) throws(Refusal) {
        address = try fields.value("address", "address", Address.init(_:))
        on = try fields.value("on", "YYYY-MM-DD", CalendarDate.init(_:))
        successor = try fields.value("successor", "address", Address.init(_:))
    }

    var json: JSONValue {
        .object([
            "address": .string(address.text), "on": .string(on.text), "successor": .string(successor.text),
        ])
    }
}
