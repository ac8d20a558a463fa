/// What a client calls a request, so that replies may come in any order: 1 to 32 of `A–Z a–z 0–9 . _ -`.
public struct RequestTag: Hashable, Sendable {
    /// The tag as written.
    public let text: String

    /// Reads a tag; anything else is `nil`.
    public init?(_ text: String) {
        guard Self.isValid(text.utf8) else { return nil }
        self.text = text
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard Self.isValid(bytes) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The tag of the request with that number, counted on one connection.
    init(number: Int) {
        text = String(number)
    }

    private static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= Limits.tag else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}

extension RequestTag: CustomStringConvertible {
    /// The tag as written.
    public var description: String { text }
}
