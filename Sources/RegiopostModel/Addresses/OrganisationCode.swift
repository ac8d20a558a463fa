/// An organisation's code in the TOOI register of Dutch authorities: `gm0518` for a municipality, `pv28` for a
/// province.
public struct OrganisationCode: Hashable, Sendable, Comparable {
    /// What sort of organisation a code names.
    public enum Kind: UInt8, Sendable {
        case municipality, province
    }

    /// What sort of organisation it is.
    public let kind: Kind
    // Compared and hashed many times for each change, which is why it isn't kept as a text.
    private let number: UInt16

    /// Reads `gm` with four digits or `pv` with two; anything else is `nil`.
    public init?(_ text: String) { self.init(text[...]) }

    init?(_ text: Substring) {
        var text = text
        let code = text.withUTF8 { bytes -> (Kind, UInt16)? in
            guard let kind = Self.kind(bytes) else { return nil }
            var number: UInt16 = 0
            for byte in bytes.dropFirst(2) {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                number = number * 10 + UInt16(byte - UInt8(ascii: "0"))
            }
            return (kind, number)
        }
        guard let code else { return nil }
        (kind, number) = code
    }

    private static func kind(_ bytes: UnsafeBufferPointer<UInt8>) -> Kind? {
        switch bytes.count {
        case 6 where bytes[0] == UInt8(ascii: "g") && bytes[1] == UInt8(ascii: "m"): .municipality
        case 4 where bytes[0] == UInt8(ascii: "p") && bytes[1] == UInt8(ascii: "v"): .province
        default: nil
        }
    }

    /// The code as written, lower case.
    public var text: String {
        let digits = kind == .municipality ? 4 : 2
        return String(unsafeUninitializedCapacity: digits + 2) { bytes in
            bytes[0] = kind == .municipality ? UInt8(ascii: "g") : UInt8(ascii: "p")
            bytes[1] = kind == .municipality ? UInt8(ascii: "m") : UInt8(ascii: "v")
            var rest = number
            for index in stride(from: digits + 1, to: 1, by: -1) {
                bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return digits + 2
        }
    }

    /// Alphabetical by code.
    public static func < (left: OrganisationCode, right: OrganisationCode) -> Bool {
        (left.kind.rawValue, left.number) < (right.kind.rawValue, right.number)
    }
}

extension OrganisationCode: CustomStringConvertible {
    /// The code itself.
    public var description: String { text }
}
