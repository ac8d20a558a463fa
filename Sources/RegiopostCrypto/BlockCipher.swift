import COpenSSL

/// AES-256 (FIPS 197) of single blocks under one key: to whoever lacks the key, what comes out tells nothing of what went in.
///
/// One thread at a time uses it. The only ways to fail are running out of memory and an OpenSSL without AES; both stop the
/// program.
public final class BlockCipher {
    /// How many bytes a key has.
    public static let keyLength = 32

    // Safe: set once, never changed or freed, and OpenSSL only reads it.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_CIPHER_fetch(nil, "AES-256-ECB", nil) else {
            preconditionFailure("this OpenSSL has no AES")
        }
        return algorithm
    }()

    private let context: OpaquePointer

    /// Takes a key of `keyLength` bytes.
    public init(key: [UInt8]) {
        precondition(key.count == Self.keyLength, "a key of AES-256 has 32 bytes")
        guard let context = EVP_CIPHER_CTX_new(),
            EVP_EncryptInit_ex2(context, Self.algorithm, key, nil, nil) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1
        else { preconditionFailure("out of memory for a cipher") }
        self.context = context
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// The block that one block becomes; both are two big-endian numbers.
    public func encrypted(_ block: (UInt64, UInt64)) -> (UInt64, UInt64) {
        var result = (UInt64(0), UInt64(0))
        withUnsafeBytes(of: (block.0.bigEndian, block.1.bigEndian)) { source in
            withUnsafeMutableBytes(of: &result) { target in
                var count: CInt = 0
                let done = EVP_EncryptUpdate(
                    context, target.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
                    source.baseAddress?.assumingMemoryBound(to: UInt8.self), CInt(source.count))
                precondition(done == 1 && count == source.count, "a cipher failed")
            }
        }
        return (UInt64(bigEndian: result.0), UInt64(bigEndian: result.1))
    }
}
