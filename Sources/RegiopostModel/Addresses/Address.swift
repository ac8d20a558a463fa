/// One role at one organisation: `gm0518/griffie`, `pv28/accounthouder-haagse-regio`. Mailboxes and certificates
/// belong to an address.
public struct Address: Hashable, Sendable, Comparable {
    /// The organisation.
    public let organisation: OrganisationCode
    /// The role there.
    public let role: Role

    /// Makes an address; `nil` where the organisation can't have the role.
    public init?(organisation: OrganisationCode, role: Role) {
        guard role.exists(at: organisation.kind) else { return nil }
        self.organisation = organisation
        self.role = role
    }

    /// Reads `organisation/role`; anything else is `nil`.
    public init?(_ text: String) { self.init(text[...]) }

    init?(_ text: Substring) {
        guard let (code, name) = text.cut(at: "/"), let organisation = OrganisationCode(code),
            let role = Role(String(name))
        else { return nil }
        self.init(organisation: organisation, role: role)
    }

    /// The address as written.
    public var text: String { organisation.text + "/" + role.text }

    /// The address that takes over when this one's mandate ends, if there is one.
    public var successor: Address? {
        role.successor.flatMap { Address(organisation: organisation, role: $0) }
    }

    /// Alphabetical by text.
    public static func < (left: Address, right: Address) -> Bool { left.text < right.text }
}

extension Address: CustomStringConvertible {
    /// The address as written.
    public var description: String { text }
}
