/// How far something may be known (vertrouwelijkheidaanduiding): ZGW's eight levels, the most open first.
///
/// A change that says no level is of the level `intern`.
public enum Confidentiality: String, Sendable, CaseIterable {
    case openbaar
    case beperktOpenbaar = "beperkt_openbaar"
    case intern
    case zaakvertrouwelijk
    case vertrouwelijk
    case confidentieel
    case geheim
    case zeerGeheim = "zeer_geheim"

    /// The level of what says none.
    public static let standard = Confidentiality.intern

    /// The eight names, as an error lists them.
    static let pattern = allCases.map(\.rawValue).joined(separator: "|")
}

extension Confidentiality: Comparable {
    /// The more open level is less.
    public static func < (left: Confidentiality, right: Confidentiality) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .openbaar: 0
        case .beperktOpenbaar: 1
        case .intern: 2
        case .zaakvertrouwelijk: 3
        case .vertrouwelijk: 4
        case .confidentieel: 5
        case .geheim: 6
        case .zeerGeheim: 7
        }
    }
}

extension Fields {
    /// The level that a body says, `nil` where it says none.
    func confidentiality() throws(Refusal) -> Confidentiality? {
        try optionalValue("confidentiality", Confidentiality.pattern, Confidentiality.init(rawValue:))
    }
}
