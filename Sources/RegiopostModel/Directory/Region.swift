import RegiopostJSON

/// A region and who looks after it at the province.
public struct Region: Equatable, Sendable {
    /// Its name in addresses: `haagse-regio`.
    public let name: String
    /// What people call it: "Haagse regio".
    public let title: String
    /// The province whose account holder looks after it.
    public let province: OrganisationCode
    /// How to reach the account holder, as far as it is known. Letters often leave it blank.
    public let contact: Contact

    /// How to reach somebody.
    public struct Contact: Equatable, Sendable {
        /// Name, mail address and telephone number.
        public let name, mail, phone: String?

        /// Makes contact details.
        public init(name: String? = nil, mail: String? = nil, phone: String? = nil) {
            self.name = name
            self.mail = mail
            self.phone = phone
        }
    }

    /// Makes a region; `nil` for a name that addresses can't have.
    public init?(name: String, title: String, province: OrganisationCode, contact: Contact = Contact()) {
        guard RegionName.isValid(name) else { return nil }
        self.name = name
        self.title = title
        self.province = province
        self.contact = contact
    }

    init(_ fields: Fields) throws(Refusal) {
        name = try fields.value("name", "region", RegionName.read)
        title = try fields.text("title", maximum: 200)
        province = try fields.value("province", "organisation", OrganisationCode.init(_:))
        contact = Contact(
            name: try fields.optionalText("contactName", maximum: 200),
            mail: try fields.optionalText("contactMail", maximum: 200),
            phone: try fields.optionalText("contactPhone", maximum: 50))
    }

    /// The address of its account holder.
    public var accounthouder: Address? { Address(organisation: province, role: .accounthouder(region: name)) }

    /// The same with another account holder.
    func handed(to contact: Contact) -> Region {
        Region(name: name, title: title, province: province, contact: contact) ?? self
    }

    var json: JSONValue {
        .object([
            "name": .string(name), "title": .string(title), "province": .string(province.text),
            "contactName": contact.name.map(JSONValue.string), "contactMail": contact.mail.map(JSONValue.string),
            "contactPhone": contact.phone.map(JSONValue.string),
        ])
    }
}
