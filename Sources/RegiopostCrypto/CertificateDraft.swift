import COpenSSL

/// A certificate being made, until it is signed.
final class CertificateDraft {
    /// A name to be certified.
    enum Name {
        case uri(String)
        case dns(String)
        case ip(String)
    }

    private let pointer: OpaquePointer

    init(
        subject: String, publicKey: OpaquePointer, notBefore: Int64, notAfter: Int64
    ) throws(CryptoError) {
        guard let pointer = X509_new() else { throw .openSSL(.internalFailure, "out of memory") }
        self.pointer = pointer
        try CommonName.write(subject, to: X509_get_subject_name(pointer))
        guard notBefore < notAfter else {
            throw CryptoError(.badArgument, "a certificate can't end before it begins")
        }
        guard X509_set_version(pointer, 2) == 1, X509_set_pubkey(pointer, publicKey) == 1,
            ASN1_TIME_set(X509_getm_notBefore(pointer), Int(notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(notAfter)) != nil
        else { throw .openSSL(.internalFailure, "a certificate could not be made") }
        try setSerial(SystemRandom.bytes(16))
    }

    deinit {
        X509_free(pointer)
    }

    private func setSerial(_ bytes: [UInt8]) throws(CryptoError) {
        let number = BN_bin2bn(bytes, Int32(bytes.count), nil)
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
            throw .openSSL(.internalFailure, "a serial number could not be set")
        }
    }

    /// Adds an extension written as in OpenSSL's configuration files. `value` is never anybody's input: this syntax
    /// has commas and colons of its own. Without an issuer the certificate is its own.
    func add(_ kind: Int32, _ value: String, issuer: Certificate?) throws(CryptoError) {
        let added: Bool
        if let issuer {
            added = try issuer.withX509 { add(kind, value, issuer: $0) }
        } else {
            added = add(kind, value, issuer: pointer)
        }
        guard added else { throw .openSSL(.internalFailure, "an extension could not be added") }
    }

    private func add(_ kind: Int32, _ value: String, issuer: OpaquePointer) -> Bool {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, pointer, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else { return false }
        defer { X509_EXTENSION_free(made) }
        return X509_add_ext(pointer, made, -1) == 1
    }

    /// Adds the alternative names, built name by name without any syntax in between.
    func addNames(_ names: [Name]) throws(CryptoError) {
        guard let list = OPENSSL_sk_new_null() else { throw .openSSL(.internalFailure, "out of memory") }
        defer { GENERAL_NAMES_free(list) }
        for name in names {
            let made = try Self.generalName(name)
            guard OPENSSL_sk_push(list, made) > 0 else {
                GENERAL_NAME_free(made)
                throw .openSSL(.internalFailure, "out of memory")
            }
        }
        let flags = UInt(X509V3_ADD_DEFAULT)
        guard X509_add1_ext_i2d(pointer, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, flags) == 1 else {
            throw .openSSL(.internalFailure, "the names could not be added")
        }
    }

    private static func generalName(_ name: Name) throws(CryptoError) -> UnsafeMutablePointer<GENERAL_NAME> {
        let kind: Int32
        let value: OpaquePointer?
        switch name {
        case .uri(let text): (kind, value) = (GEN_URI, string(text))
        case .dns(let text):
            guard isHostName(text) else { throw CryptoError(.badArgument, "\(text) is no host name") }
            (kind, value) = (GEN_DNS, string(text))
        case .ip(let text): (kind, value) = (GEN_IPADD, a2i_IPADDRESS(text).map { OpaquePointer($0) })
        }
        guard let value, let made = GENERAL_NAME_new() else {
            throw .openSSL(.badArgument, "this can't be a name in a certificate")
        }
        GENERAL_NAME_set0_value(made, kind, UnsafeMutableRawPointer(value))
        return made
    }

    private static func string(_ text: String) -> OpaquePointer? {
        let bytes = Array(text.utf8)
        guard let string = ASN1_STRING_type_new(V_ASN1_IA5STRING) else { return nil }
        guard ASN1_STRING_set(string, bytes, Int32(bytes.count)) == 1 else {
            ASN1_STRING_free(string)
            return nil
        }
        return OpaquePointer(string)
    }

    /// Letters, digits, hyphens and dots (RFC 1123 section 2.1), no wildcard, at most 253 bytes.
    private static func isHostName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { byte in
                        byte == 0x2D || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                            || (0x61...0x7A).contains(byte)
                    }
            }
    }

    /// Signs it with SHA-256, or SHA-384 for a P-384 key; without an issuer it is self-signed.
    func signed(by key: PrivateKey, issuer: Certificate?) throws(CryptoError) -> Certificate {
        let named: Bool
        if let issuer {
            named = try issuer.withX509 { X509_set_issuer_name(pointer, X509_get_subject_name($0)) == 1 }
        } else {
            named = X509_set_issuer_name(pointer, X509_get_subject_name(pointer)) == 1
        }
        let digest = EVP_PKEY_get_bits(key.pointer) == 384 ? EVP_sha384() : EVP_sha256()
        guard named, X509_sign(pointer, key.pointer, digest) > 0 else {
            throw .openSSL(.internalFailure, "a certificate could not be signed")
        }
        return try Certificate(reading: pointer)
    }
}
