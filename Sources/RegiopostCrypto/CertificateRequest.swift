import COpenSSL

/// A request to be certified (PKCS #10, RFC 2986) whose signature was verified: whoever made it holds the private key.
/// Only its key counts; the certificate's names come from elsewhere.
public struct CertificateRequest: Equatable, Sendable {
    /// No request that we accept is larger: 16 KiB.
    public static let maximumBytes = 1 << 14

    /// The request itself.
    public let der: [UInt8]
    /// The common name asked for; empty where there is none.
    public let commonName: String
    /// SHA-256 of its public key (SubjectPublicKeyInfo), 32 bytes.
    public let publicKeyDigest: [UInt8]

    /// Makes a request for `key`, with `commonName`, 1 to 64 bytes, as its subject.
    public init(key: PrivateKey, commonName: String) throws(CryptoError) {
        guard let pointer = X509_REQ_new() else { throw .openSSL(.internalFailure, "out of memory") }
        defer { X509_REQ_free(pointer) }
        try CommonName.write(commonName, to: X509_REQ_get_subject_name(pointer))
        guard X509_REQ_set_version(pointer, 0) == 1, X509_REQ_set_pubkey(pointer, key.pointer) == 1,
            X509_REQ_sign(pointer, key.pointer, EVP_sha256()) > 0
        else { throw .openSSL(.internalFailure, "a certificate request could not be signed") }
        try self.init(reading: pointer)
    }

    /// Reads DER. Throws where it is malformed, its signature doesn't verify, or its key is not P-256, P-384 or RSA
    /// from 3072 to 8192 bits.
    public init(der: [UInt8]) throws(CryptoError) {
        guard der.count <= Self.maximumBytes else {
            throw CryptoError(.malformed, "this certificate request is too large")
        }
        let pointer = try DER.read(
            der, what: "certificate request", { d2i_X509_REQ(nil, $0, $1) }, free: { X509_REQ_free($0) })
        defer { X509_REQ_free(pointer) }
        try self.init(reading: pointer)
        guard self.der == der else {
            throw CryptoError(.malformed, "this certificate request is not encoded as DER")
        }
    }

    private init(reading pointer: OpaquePointer) throws(CryptoError) {
        guard let key = X509_REQ_get0_pubkey(pointer) else {
            throw .openSSL(.malformed, "the key in this certificate request can't be read")
        }
        // The key is judged before it is used: verifying with an enormous one would be work for nothing.
        try KeyPolicy.check(key)
        guard Self.signatures.contains(X509_REQ_get_signature_nid(pointer)),
            X509_REQ_verify(pointer, key) == 1
        else { throw .openSSL(.badSignature, "the signature of this certificate request doesn't verify") }
        der = try DER.write { i2d_X509_REQ(pointer, $0) }
        commonName = try CommonName.read(from: X509_REQ_get_subject_name(pointer))
        publicKeyDigest = SHA256.hash(try DER.write { i2d_PUBKEY(key, $0) })
    }

    private static let signatures: [Int32] = [
        NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384, NID_ecdsa_with_SHA512,
        NID_sha256WithRSAEncryption, NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption,
    ]

    /// Lends the public key as an EVP_PKEY for one call.
    func withPublicKey<Result>(
        _ body: (OpaquePointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let pointer = try DER.read(
            der, what: "certificate request", { d2i_X509_REQ(nil, $0, $1) }, free: { X509_REQ_free($0) })
        defer { X509_REQ_free(pointer) }
        guard let key = X509_REQ_get0_pubkey(pointer) else {
            throw .openSSL(.malformed, "the key in this certificate request can't be read")
        }
        return try body(key)
    }
}
