/// What somebody is at an organisation. Roles keep their Dutch names, which is what their holders call themselves.
///
/// A region's accounthouder is the one role with a parameter: `accounthouder-haagse-regio`.
public enum Role: Hashable, Sendable {
    /// Leads the formation of a municipal college after elections; temporary, and succeeded by the college.
    case formateur
    /// The municipal executive (college van burgemeester en wethouders).
    case college
    /// The municipal secretary.
    case gemeentesecretaris
    /// The mayor.
    case burgemeester
    /// The council's registry (griffie).
    case griffie
    /// A council member; reads, changes nothing.
    case raadslid
    /// The province's secretariat: imports and publishes what Gedeputeerde Staten adopted.
    case secretariaat
    /// The province's secretary, one of two signatories.
    case secretaris
    /// The chair of Gedeputeerde Staten (voorzitter), one of two signatories.
    case voorzitter
    /// The province's account holder for the region named.
    case accounthouder(region: String)
    /// The records office (registratuur, DIV), of a province or a municipality.
    case registratuur
    /// Runs the server.
    case beheerder
    /// The server itself, which authors what follows from others' changes: delivered, directory entries.
    case regiopostd

    private static let plain: [String: Role] = [
        "formateur": .formateur, "college": .college, "gemeentesecretaris": .gemeentesecretaris,
        "burgemeester": .burgemeester, "griffie": .griffie, "raadslid": .raadslid,
        "secretariaat": .secretariaat, "secretaris": .secretaris, "voorzitter": .voorzitter,
        "registratuur": .registratuur, "beheerder": .beheerder,
        "regiopostd": .regiopostd,
    ]
    private static let accounthouderPrefix = "accounthouder-"

    /// Reads a role's name as it stands in an address; `nil` for a name that is none.
    public init?(_ text: String) {
        if let role = Self.plain[text] {
            self = role
        } else if text.hasPrefix(Self.accounthouderPrefix) {
            let region = String(text.dropFirst(Self.accounthouderPrefix.count))
            guard RegionName.isValid(region) else { return nil }
            self = .accounthouder(region: region)
        } else {
            return nil
        }
    }

    /// The role's name as it stands in an address.
    public var text: String {
        switch self {
        case .formateur: "formateur"
        case .college: "college"
        case .gemeentesecretaris: "gemeentesecretaris"
        case .burgemeester: "burgemeester"
        case .griffie: "griffie"
        case .raadslid: "raadslid"
        case .secretariaat: "secretariaat"
        case .secretaris: "secretaris"
        case .voorzitter: "voorzitter"
        case .accounthouder(let region): Self.accounthouderPrefix + region
        case .registratuur: "registratuur"
        case .beheerder: "beheerder"
        case .regiopostd: "regiopostd"
        }
    }

    /// Who may read along from the start, because everything passes to them when this role's mandate ends.
    public var successor: Role? { self == .formateur ? .college : nil }

    /// Whether the role exists at organisations of that sort.
    public func exists(at kind: OrganisationCode.Kind) -> Bool {
        switch self {
        case .formateur, .college, .gemeentesecretaris, .burgemeester, .griffie, .raadslid:
            kind == .municipality
        case .secretariaat, .secretaris, .voorzitter, .accounthouder, .beheerder, .regiopostd: kind == .province
        case .registratuur: true
        }
    }

    /// The names of all roles without a parameter that exist at organisations of that sort, alphabetical.
    public static func names(at kind: OrganisationCode.Kind) -> [String] {
        plain.filter { $0.value.exists(at: kind) }.map(\.key).sorted()
    }
}

/// The rule for a region's short name in addresses and data: `haagse-regio`.
public enum RegionName {
    /// The name, or `nil` for a text that can't be one.
    static func read(_ text: String) -> String? { isValid(text) ? text : nil }

    /// Lower-case letters, digits and single hyphens between them, 2 to 40 characters.
    public static func isValid(_ text: String) -> Bool { isValid(text[...]) }

    static func isValid(_ text: Substring) -> Bool {
        var count = 0
        // As if a hyphen stood before: none may begin a name or follow another one.
        var last = UInt8(ascii: "-")
        for byte in text.utf8 {
            let isHyphen = byte == UInt8(ascii: "-")
            guard isHyphen ? last != byte : (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) else {
                return false
            }
            count += 1
            last = byte
        }
        return (2...40).contains(count) && last != UInt8(ascii: "-")
    }
}
