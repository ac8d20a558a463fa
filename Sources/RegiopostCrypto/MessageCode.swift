/// HMAC-SHA256 (RFC 2104) under one key: who has the key made the code, or somebody told it by who has.
///
/// The two blocks that the key comes to are digested once; a code goes on from there.
public final class MessageCode: @unchecked Sendable {
    // Safe: both are only copied after they were made, which OpenSSL does without changing them.
    private let inner: SHA256
    private let outer: SHA256

    /// How many bytes a code has.
    public static let byteCount = SHA256.byteCount

    private static let block = 64

    /// Takes a key of any length; one of 32 random bytes is as good as it gets.
    public init(key: [UInt8]) {
        let short = key.count > Self.block ? SHA256.hash(key) : key
        let padded = short + [UInt8](repeating: 0, count: Self.block - short.count)
        inner = Self.begun(padded.map { $0 ^ 0x36 })
        outer = Self.begun(padded.map { $0 ^ 0x5C })
    }

    private static func begun(_ block: [UInt8]) -> SHA256 {
        var digest = SHA256()
        digest.update(block)
        return digest
    }

    /// The code of a message, 32 bytes. O(bytes).
    public func code(of message: [UInt8]) -> [UInt8] {
        let words = message.withUnsafeBytes { self.words(of: $0) }
        return withUnsafeBytes(
            of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian), Array.init)
    }

    /// The code of a message as four big-endian numbers, without an array for anything. O(bytes).
    public func words(of message: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        let first = Self.words(after: inner, message)
        return withUnsafeBytes(
            of: (first.0.bigEndian, first.1.bigEndian, first.2.bigEndian, first.3.bigEndian)
        ) { Self.words(after: outer, $0) }
    }

    private static func words(
        after beginning: borrowing SHA256, _ rest: UnsafeRawBufferPointer
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        var digest = SHA256(copying: beginning)
        digest.update(rest)
        return digest.words()
    }
}
