/// A place in a mailbox as it travels: opaque to clients, which keep it and hand it back. What it means only the
/// server knows (`Cursor`).
public struct CursorToken: Hashable, Sendable {
    /// The token as written: `0`, or 2 to 128 characters of the base64url alphabet.
    public let text: String

    /// Before the first change, whatever the epoch.
    public static let start = CursorToken(known: "0")

    /// Reads a token; anything else is `nil`. That it can be read doesn't make it true.
    public init?(_ text: String) {
        guard (1...Limits.cursor).contains(text.utf8.count) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain else { return nil }
        self.text = text
    }

    init(known text: String) {
        self.text = text
    }
}
