import COpenSSL

/// A private key. It stays in OpenSSL's memory, which is overwritten when the last owner lets go.
public final class PrivateKey: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: the EVP_PKEY is never changed after `init`, and its reference count is atomic.
    /// The EVP_PKEY, lent for one call.
    package let pointer: OpaquePointer

    /// The curves a key is made on.
    public enum Curve: String, Sendable {
        case p256 = "P-256"
        case p384 = "P-384"
    }

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Makes a new key on P-256, or on the curve named.
    public static func generate(_ curve: Curve = .p256) throws(CryptoError) -> PrivateKey {
        guard let pointer = COpenSSL_EC_gen(curve.rawValue) else {
            throw .openSSL(.internalFailure, "a key could not be made")
        }
        return PrivateKey(owning: pointer)
    }

    /// Reads PEM of one PKCS #8 key (RFC 5958), not encrypted: P-256, P-384 or RSA from 3072 bits.
    public convenience init(pem: [UInt8]) throws(CryptoError) {
        let blocks = try PEM.decode(pem, label: "PRIVATE KEY")
        guard blocks.count == 1, let der = blocks.first else {
            throw CryptoError(.malformed, "there must be one private key, not \(blocks.count)")
        }
        let info = try DER.read(
            der, what: "private key", { d2i_PKCS8_PRIV_KEY_INFO(nil, $0, $1) },
            free: { PKCS8_PRIV_KEY_INFO_free($0) })
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        guard let pointer = EVP_PKCS82PKEY(info) else { throw .openSSL(.malformed, "this is no private key") }
        do throws(CryptoError) {
            try KeyPolicy.check(pointer)
        } catch {
            EVP_PKEY_free(pointer)
            throw error
        }
        self.init(owning: pointer)
    }

    /// The key as PEM of PKCS #8, not encrypted: whoever writes it down must keep it from others.
    public func pem() throws(CryptoError) -> [UInt8] {
        guard let info = EVP_PKEY2PKCS8(pointer) else {
            throw .openSSL(.internalFailure, "a key could not be written")
        }
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        let der = try DER.write { i2d_PKCS8_PRIV_KEY_INFO(info, $0) }
        return try PEM.encode(der, label: "PRIVATE KEY")
    }

    /// SHA-256 of the public half (its SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7), 32 bytes.
    public func publicKeyDigest() throws(CryptoError) -> [UInt8] {
        SHA256.hash(try DER.write { i2d_PUBKEY(pointer, $0) })
    }
}
