/// HMAC-SHA256 (RFC 2104) under one key: who has the key made the code, or somebody told it by who has.
///
/// The two blocks that the key comes to are made once, so that a code of a short message costs two calls of SHA-256.
public struct MessageCode: Sendable {
    /// How many bytes a code has.
    public static let byteCount = SHA256.byteCount

    private static let block = 64
    private let inner: [UInt8]
    private let outer: [UInt8]

    /// Takes a key of any length; one of 32 random bytes is as good as it gets.
    public init(key: [UInt8]) {
        let short = key.count > Self.block ? SHA256.hash(key) : key
        let padded = short + [UInt8](repeating: 0, count: Self.block - short.count)
        inner = padded.map { $0 ^ 0x36 }
        outer = padded.map { $0 ^ 0x5C }
    }

    /// The code of a message, 32 bytes. O(bytes).
    public func code(of message: [UInt8]) -> [UInt8] {
        SHA256.hash(outer + SHA256.hash(inner + message))
    }

    /// Whether two codes, or the beginnings of two, are the same, in a time that doesn't tell where they differ.
    public static func isSame(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
