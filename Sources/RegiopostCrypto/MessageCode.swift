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
        let words = message.withUnsafeBytes { self.words(of: $0) }
        return withUnsafeBytes(
            of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian), Array.init)
    }

    /// The code of a message as four big-endian numbers, without an array for anything. O(bytes).
    public func words(of message: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        let first = Self.hash(inner, message)
        return withUnsafeBytes(
            of: (first.0.bigEndian, first.1.bigEndian, first.2.bigEndian, first.3.bigEndian)
        ) { Self.hash(outer, $0) }
    }

    /// The digest of a block and what follows it.
    private static func hash(
        _ block: [UInt8], _ rest: UnsafeRawBufferPointer
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        withUnsafeTemporaryAllocation(byteCount: Self.block + rest.count, alignment: 8) { whole in
            whole.copyBytes(from: block)
            UnsafeMutableRawBufferPointer(rebasing: whole[Self.block...]).copyMemory(from: rest)
            return SHA256.words(of: UnsafeRawBufferPointer(whole))
        }
    }
}
