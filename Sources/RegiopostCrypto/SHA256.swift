import COpenSSL

/// SHA-256 (FIPS 180-4), in one go or piece by piece. The only ways to fail are running out of memory and an
/// OpenSSL without SHA-256; both stop the program, for nothing here can be trusted without it.
public struct SHA256: ~Copyable {
    /// How many bytes a digest has.
    public static let byteCount = 32

    // Safe: set once, never changed or freed, and OpenSSL only reads it. Fetching it anew costs more than hashing 1 KiB.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("this OpenSSL has no SHA-256")
        }
        return algorithm
    }()

    private let context: OpaquePointer

    /// Starts a digest.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, Self.algorithm, nil) == 1 else {
            preconditionFailure("out of memory for a digest")
        }
        self.context = context
    }

    /// Goes on from where another digest is, which stays there.
    init(copying other: borrowing SHA256) {
        guard let context = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(context, other.context) == 1 else {
            preconditionFailure("out of memory for a digest")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes in the next bytes. O(bytes).
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "a digest failed")
    }

    /// Takes in the next bytes. O(bytes).
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Ends it: the digest as four big-endian numbers, without an array for them.
    consuming func words() -> (UInt64, UInt64, UInt64, UInt64) {
        Self.words { EVP_DigestFinal_ex(context, $0, nil) }
    }

    /// Ends it: the 32 bytes of the digest.
    public consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { digest, count in
            precondition(EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1, "a digest failed")
            count = Self.byteCount
        }
    }

    /// The digest of `bytes`, 32 bytes. O(bytes).
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            let done = EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, algorithm, nil)
            precondition(done == 1, "a digest failed")
            count = byteCount
        }
    }

    /// The digest of `bytes` as four big-endian numbers, without an array for them. O(bytes).
    public static func words(of bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        words { EVP_Digest(bytes.baseAddress, bytes.count, $0, nil, algorithm, nil) }
    }

    /// What OpenSSL writes as four big-endian numbers.
    private static func words(
        _ write: (UnsafeMutablePointer<UInt8>?) -> CInt
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &words) { digest in
            precondition(write(digest.baseAddress?.assumingMemoryBound(to: UInt8.self)) == 1, "a digest failed")
        }
        return (
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
            UInt64(bigEndian: words.3)
        )
    }

    /// The digest of `bytes`, 32 bytes. O(bytes).
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a text's UTF-8, 32 bytes. O(bytes).
    public static func hash(_ text: String) -> [UInt8] {
        hash(Array(text.utf8))
    }
}
