import COpenSSL

/// Who certifies clients and servers: a self-signed root and its key. It has no clock: times are handed in.
public struct CertificateAuthority: Sendable {
    /// The root.
    public let certificate: Certificate
    /// The key that signs.
    public let key: PrivateKey

    /// How long a root lasts unless told otherwise: ten years.
    public static let rootDays = 3652

    /// Takes a root and its key as they were written down. Throws `mismatch` where they don't belong together or the
    /// certificate is no root that may issue.
    public init(certificate: Certificate, key: PrivateKey) throws(CryptoError) {
        let belongs = try certificate.withX509 { root in
            X509_check_private_key(root, key.pointer) == 1 && X509_self_signed(root, 1) == 1
        }
        ERR_clear_error()
        guard belongs, certificate.isAuthority else {
            throw CryptoError(.mismatch, "this is no root certificate with its own key")
        }
        self.certificate = certificate
        self.key = key
    }

    /// Reads both from PEM; see `init(certificate:key:)`.
    public init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(CryptoError) {
        try self.init(certificate: try Certificate(pem: certificatePEM), key: try PrivateKey(pem: keyPEM))
    }

    /// Makes a root with a new key: `name` is its common name, `notBefore` is in Unix seconds.
    public static func create(
        name: String, curve: PrivateKey.Curve = .p256, notBefore: Int64, days: Int = rootDays
    ) throws(CryptoError) -> CertificateAuthority {
        let key = try PrivateKey.generate(curve)
        let draft = try CertificateDraft(
            subject: name, publicKey: key.pointer, notBefore: notBefore,
            notAfter: try end(of: days, from: notBefore))
        try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: nil)
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: nil)
        try draft.add(NID_subject_key_identifier, "hash", issuer: nil)
        return try CertificateAuthority(certificate: try draft.signed(by: key, issuer: nil), key: key)
    }

    /// Certifies that the request's key belongs to `address` (`gm0503/griffie`), for `days` from `notBefore` (Unix
    /// seconds), but no longer than the root lasts.
    public func issueClient(
        for request: CertificateRequest, address: String, notBefore: Int64, days: Int
    ) throws(CryptoError) -> Certificate {
        guard AddressName.isWellFormed(address) else {
            throw CryptoError(.badArgument, "only an address can be certified, such as gm0503/griffie")
        }
        let end = min(try Self.end(of: days, from: notBefore), certificate.notAfter)
        return try request.withPublicKey { (publicKey) throws(CryptoError) in
            let draft = try CertificateDraft(
                subject: address, publicKey: publicKey, notBefore: notBefore, notAfter: end)
            try draft.addNames([.uri(AddressName.prefix + address)])
            return try finish(draft, usage: "clientAuth")
        }
    }

    /// Certifies a server's key for its names: at least one DNS name or IP address. Else as for clients.
    public func issueServer(
        key serverKey: PrivateKey, dnsNames: [String], ipAddresses: [String] = [], notBefore: Int64, days: Int
    ) throws(CryptoError) -> Certificate {
        guard let subject = dnsNames.first ?? ipAddresses.first else {
            throw CryptoError(.badArgument, "a server needs a name or an IP address")
        }
        let end = min(try Self.end(of: days, from: notBefore), certificate.notAfter)
        let draft = try CertificateDraft(
            subject: subject.utf8.count <= 64 ? subject : "regiopostd", publicKey: serverKey.pointer,
            notBefore: notBefore, notAfter: end)
        try draft.addNames(dnsNames.map { .dns($0) } + ipAddresses.map { .ip($0) })
        return try finish(draft, usage: "serverAuth")
    }

    private func finish(_ draft: CertificateDraft, usage: String) throws(CryptoError) -> Certificate {
        try draft.add(NID_basic_constraints, "critical,CA:FALSE", issuer: certificate)
        try draft.add(NID_key_usage, "critical,digitalSignature", issuer: certificate)
        try draft.add(NID_ext_key_usage, usage, issuer: certificate)
        try draft.add(NID_subject_key_identifier, "hash", issuer: certificate)
        try draft.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
        return try draft.signed(by: key, issuer: certificate)
    }

    private static func end(of days: Int, from notBefore: Int64) throws(CryptoError) -> Int64 {
        guard (1...36_525).contains(days), (0...(1 << 36)).contains(notBefore) else {
            throw CryptoError(.badArgument, "a certificate lasts 1 to 36525 days, from 1970 on")
        }
        return notBefore + Int64(days) * 86_400
    }
}
