import RegiopostJSON

/// What a `region.handover` says: who looks after a region from a day on. The address and its mailbox stay.
public struct Handover: Equatable, Sendable {
    /// The first day; `nil` only for the first contact known, of whom nobody wrote it down.
    public let from: CalendarDate?
    /// How to reach the account holder from then on.
    public let contact: Region.Contact

    /// Makes a hand-over.
    public init(from: CalendarDate?, contact: Region.Contact) {
        self.from = from
        self.contact = contact
    }

    init(_ fields: Fields) throws(Refusal) {
        from = try fields.value("from", "YYYY-MM-DD", CalendarDate.init(_:))
        contact = Region.Contact(
            name: try fields.text("contactName", maximum: 200),
            mail: try fields.optionalText("contactMail", maximum: 200),
            phone: try fields.optionalText("contactPhone", maximum: 50))
    }

    var json: JSONValue {
        .object([
            "from": from.map { .string($0.text) }, "contactName": contact.name.map(JSONValue.string),
            "contactMail": contact.mail.map(JSONValue.string),
            "contactPhone": contact.phone.map(JSONValue.string),
        ])
    }
}
