/// An organisation's code in the TOOI register of Dutch authorities: `gm0518` for a municipality, `pv28` for a
/// province.
public struct OrganisationCode: Hashable, Sendable, Comparable {
    /// What sort of organisation a code names.
    public enum Kind: Sendable {
        case municipality, province
    }

    /// The code as written, lower case.
    public let text: String
    /// What sort of organisation it is.
    public let kind: Kind

    /// Reads `gm` with four digits or `pv` with two; anything else is `nil`.
    public init?(_ text: String) {
        let digits = text.utf8.dropFirst(2)
        guard digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        if text.hasPrefix("gm"), digits.count == 4 {
            kind = .municipality
        } else if text.hasPrefix("pv"), digits.count == 2 {
            kind = .province
        } else {
            return nil
        }
        self.text = text
    }

    /// Alphabetical by code.
    public static func < (left: OrganisationCode, right: OrganisationCode) -> Bool { left.text < right.text }
}

extension OrganisationCode: CustomStringConvertible {
    /// The code itself.
    public var description: String { text }
}
