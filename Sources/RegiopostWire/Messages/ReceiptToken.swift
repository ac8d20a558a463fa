/// A change's receipt as it travels with the change: opaque to clients, which keep it and give it back to a server that
/// lost the change. What it means only the server that made it knows.
public struct ReceiptToken: Hashable, Sendable {
    /// The token as written: 1 to 128 characters of the base64url alphabet.
    public let text: String

    /// Reads a token; anything else is `nil`. That it can be read doesn't make it true.
    public init?(_ text: String) {
        guard CursorToken(text) != nil else { return nil }
        self.text = text
    }

    /// The token of at most 96 bytes.
    package init(bytes: [UInt8]) { self = bytes.withUnsafeBytes { ReceiptToken(bytes: $0) } }

    /// The token of at most 96 bytes.
    package init(bytes: UnsafeRawBufferPointer) {
        precondition((1...96).contains(bytes.count), "a receipt has 1 to 96 bytes")
        text = Base64URL.encoded(bytes)
    }

    /// The bytes it stands for; `nil` where it stands for none.
    package var bytes: [UInt8]? { Base64URL.decoded(text) }
}
