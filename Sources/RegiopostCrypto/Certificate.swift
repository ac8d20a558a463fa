import COpenSSL

/// An X.509 certificate (RFC 5280) whose names and validity were read without doubt. A plain value: the DER and what was
/// read from it.
public struct Certificate: Equatable, Sendable {
    /// The certificate itself.
    public let der: [UInt8]
    /// The subject's common name; empty where it has none.
    public let commonName: String
    /// Valid from then on, Unix seconds.
    public let notBefore: Int64
    /// Valid up to and including then, Unix seconds.
    public let notAfter: Int64
    /// The serial number, lower-case hexadecimal, two digits a byte.
    public let serial: String
    /// SHA-256 of the public key (SubjectPublicKeyInfo, section 4.1.2.7), 32 bytes: what invitations pin.
    public let publicKeyDigest: [UInt8]
    /// Whether it may issue certificates.
    public let isAuthority: Bool
    /// Whether it says itself that it is for clients (section 4.2.1.12); saying nothing is not enough.
    public let isForClients: Bool
    /// Whether it says itself that it is for servers; saying nothing is not enough.
    public let isForServers: Bool

    private let names: SubjectNames

    /// The alternative names that are URIs.
    public var uris: [String] { names.uris }
    /// The alternative names that are DNS names.
    public var dnsNames: [String] { names.dnsNames }
    /// The alternative names that are IP addresses: `192.0.2.1`, `2001:db8:0:0:0:0:0:1`.
    public var ipAddresses: [String] { names.ipAddresses }
    /// The Regiopost address certified, from `urn:regiopost:address:<address>`.
    public var address: String? { names.address }

    /// Reads DER. Throws where it is malformed or its names can be read in more than one way.
    public init(der: [UInt8]) throws(CryptoError) {
        let pointer = try DER.read(
            der, what: "certificate", { d2i_X509(nil, $0, $1) }, free: { X509_free($0) })
        defer { X509_free(pointer) }
        try self.init(reading: pointer)
        // What would be written otherwise than it was read is no DER: two encodings of one certificate.
        guard self.der == der else { throw CryptoError(.malformed, "this certificate is not encoded as DER") }
    }

    /// Reads PEM of exactly one certificate.
    public init(pem: [UInt8]) throws(CryptoError) {
        let blocks = try PEM.decode(pem, label: "CERTIFICATE")
        guard blocks.count == 1, let der = blocks.first else {
            throw CryptoError(.malformed, "there must be one certificate, not \(blocks.count)")
        }
        try self.init(der: der)
    }

    /// Reads an X509, which stays the caller's.
    package init(reading pointer: OpaquePointer) throws(CryptoError) {
        der = try DER.write { i2d_X509(pointer, $0) }
        commonName = try CommonName.read(from: X509_get_subject_name(pointer))
        notBefore = try Self.unixSeconds(X509_get0_notBefore(pointer))
        notAfter = try Self.unixSeconds(X509_get0_notAfter(pointer))
        serial = try Self.serial(of: pointer)
        let publicKey = X509_get_X509_PUBKEY(pointer)
        publicKeyDigest = SHA256.hash(try DER.write { i2d_X509_PUBKEY(publicKey, $0) })
        names = try SubjectNames(of: pointer)
        // These calls read all extensions first and mark the certificate where one is broken or doubled.
        let flags = X509_get_extension_flags(pointer)
        guard flags & UInt32(EXFLAG_INVALID) == 0 else {
            throw CryptoError(.malformed, "an extension of this certificate can't be read")
        }
        isAuthority = flags & UInt32(EXFLAG_CA) != 0
        let usage = flags & UInt32(EXFLAG_XKUSAGE) == 0 ? 0 : X509_get_extended_key_usage(pointer)
        isForClients = usage & UInt32(XKU_SSL_CLIENT) != 0
        isForServers = usage & UInt32(XKU_SSL_SERVER) != 0
    }

    /// The certificate as PEM.
    public func pem() throws(CryptoError) -> [UInt8] {
        try PEM.encode(der, label: "CERTIFICATE")
    }

    /// Lends the certificate as an X509 for one call.
    package func withX509<Result>(_ body: (OpaquePointer) -> Result) throws(CryptoError) -> Result {
        let pointer = try DER.read(
            der, what: "certificate", { d2i_X509(nil, $0, $1) }, free: { X509_free($0) })
        defer { X509_free(pointer) }
        return body(pointer)
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Int64 {
        let epoch = ASN1_TIME_set(nil, 0)
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            throw .openSSL(.badNames, "the validity of a certificate can't be read")
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    private static func serial(of pointer: OpaquePointer) throws(CryptoError) -> String {
        let number = X509_get0_serialNumber(pointer)
        let count = Int(ASN1_STRING_length(number))
        // At most 20 bytes and positive, section 4.1.2.2. A negative one would share its digits with a positive one.
        guard ASN1_STRING_type(number) == V_ASN1_INTEGER, (1...20).contains(count) else {
            throw CryptoError(.malformed, "the serial number of a certificate is not a positive number of 20 bytes")
        }
        return UnsafeBufferPointer(start: ASN1_STRING_get0_data(number), count: count).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Lower-case hexadecimal, two digits a byte.
    package var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
