import COpenSSL

/// The names a certificate carries as SubjectAltName (RFC 5280 section 4.2.1.6).
///
/// The names decide who somebody is, so what can't be read in exactly one way fails: a second extension, an embedded
/// NUL, control characters or anything beyond ASCII, kinds of names we don't know, two addresses.
struct SubjectNames: Equatable, Sendable {
    var uris: [String] = []
    var dnsNames: [String] = []
    var ipAddresses: [String] = []
    var address: String?

    init() {}

    /// Reads them; a certificate without the extension has none.
    init(of certificate: OpaquePointer) throws(CryptoError) {
        var critical: Int32 = 0
        guard let extensionValue = X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nil) else {
            ERR_clear_error()
            // -1 stands for none, -2 for more than one, anything else for one that doesn't parse.
            guard critical == -1 else {
                throw CryptoError(.badNames, "the alternative names of a certificate can't be read")
            }
            return
        }
        let names = OpaquePointer(extensionValue)
        defer { GENERAL_NAMES_free(names) }
        for index in 0..<OPENSSL_sk_num(names) {
            guard let value = OPENSSL_sk_value(names, index) else { continue }
            try add(value.assumingMemoryBound(to: GENERAL_NAME.self))
        }
    }

    private mutating func add(_ name: UnsafeMutablePointer<GENERAL_NAME>) throws(CryptoError) {
        var kind: Int32 = 0
        guard let value = GENERAL_NAME_get0_value(name, &kind) else {
            throw CryptoError(.badNames, "a certificate has an empty alternative name")
        }
        // Only these three kinds are strings; what another kind points to must not be read as one.
        guard kind == GEN_URI || kind == GEN_DNS || kind == GEN_IPADD else {
            throw CryptoError(.badNames, "a certificate has an alternative name of an unexpected kind")
        }
        let content = value.assumingMemoryBound(to: ASN1_STRING.self)
        let bytes = UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(content), count: Int(ASN1_STRING_length(content)))
        switch kind {
        case GEN_URI: try add(uri: Self.text(bytes))
        case GEN_DNS: dnsNames.append(try Self.text(bytes))
        default: ipAddresses.append(try Self.ipAddress(bytes))
        }
    }

    private mutating func add(uri: String) throws(CryptoError) {
        uris.append(uri)
        // URN prefixes don't depend on case (RFC 8141 section 3); ours is written one way only.
        guard uri.lowercased().hasPrefix("urn:regiopost:") else { return }
        guard uri.hasPrefix(AddressName.prefix), address == nil else {
            throw CryptoError(.badNames, "a certificate must name one Regiopost address")
        }
        let text = String(uri.dropFirst(AddressName.prefix.count))
        guard AddressName.isWellFormed(text) else {
            throw CryptoError(.badNames, "a certificate names something that is no Regiopost address")
        }
        address = text
    }

    /// Printable ASCII without spaces, and not empty.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(CryptoError) -> String {
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CryptoError(.badNames, "a certificate has an alternative name with characters that don't belong")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Dotted decimals for IPv4; eight groups of lower-case hexadecimals for IPv6.
    private static func ipAddress(_ bytes: UnsafeBufferPointer<UInt8>) throws(CryptoError) -> String {
        switch bytes.count {
        case 4: return bytes.map { String($0) }.joined(separator: ".")
        case 16:
            return stride(from: 0, to: 16, by: 2).map { index in
                String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
            }.joined(separator: ":")
        default: throw CryptoError(.badNames, "a certificate has an IP address of \(bytes.count) bytes")
        }
    }
}

/// How an address stands in certificates: the URI `urn:regiopost:address:gm0503/griffie`.
enum AddressName {
    static let prefix = "urn:regiopost:address:"

    /// Lower-case letters, digits, hyphens and one slash, at most 64 bytes: what a common name can hold. Which of
    /// these are addresses is the model's to say.
    static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let slash = UInt8(ascii: "/")
        guard bytes.count <= 64, bytes.filter({ $0 == slash }).count == 1 else { return false }
        guard bytes.first != slash, bytes.last != slash else { return false }
        return bytes.allSatisfy { byte in
            byte == slash || byte == 0x2D || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        }
    }
}
