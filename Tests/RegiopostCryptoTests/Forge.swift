import COpenSSL
import RegiopostCrypto
import Testing

/// Makes what our own code refuses to make, straight from OpenSSL.
enum Forge {
    /// RSA with 2048 bits, P-521 or Ed25519, by their numbers.
    static func key(_ size: Int) throws -> OpaquePointer {
        if size == 521 { return try #require(COpenSSL_EC_gen("P-521")) }
        let context = try #require(EVP_PKEY_CTX_new_from_name(nil, size == 25519 ? "ED25519" : "RSA", nil))
        defer { EVP_PKEY_CTX_free(context) }
        #expect(EVP_PKEY_keygen_init(context) == 1)
        if size == 2048 { #expect(EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1) }
        var key: OpaquePointer?
        #expect(EVP_PKEY_generate(context, &key) == 1)
        return try #require(key)
    }

    static func keyPEM(_ size: Int) throws -> [UInt8] {
        let key = try key(size)
        defer { EVP_PKEY_free(key) }
        let sink = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(sink) }
        #expect(PEM_write_bio_PKCS8PrivateKey(sink, key, nil, nil, 0, nil, nil) == 1)
        var start: UnsafeMutablePointer<CChar>?
        let count = COpenSSL_mem_data(sink, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    static func request(_ size: Int) throws -> [UInt8] {
        let key = try key(size)
        defer { EVP_PKEY_free(key) }
        let request = try #require(X509_REQ_new())
        defer { X509_REQ_free(request) }
        #expect(X509_REQ_set_pubkey(request, key) == 1)
        #expect(X509_REQ_sign(request, key, size == 25519 ? nil : EVP_sha256()) > 0)
        return try bytes { i2d_X509_REQ(request, $0) }
    }

    /// A self-signed certificate with these alternative names, each a tag and its content, one extension a list.
    static func certificate(names: [[(UInt8, [UInt8])]], commonNames: [[UInt8]] = []) throws -> [UInt8] {
        let key = try PrivateKey.generate()
        let certificate = try #require(X509_new())
        defer { X509_free(certificate) }
        #expect(X509_set_version(certificate, 2) == 1 && X509_set_pubkey(certificate, key.pointer) == 1)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        ASN1_TIME_set(X509_getm_notBefore(certificate), 0)
        ASN1_TIME_set(X509_getm_notAfter(certificate), 1_000_000_000)
        for name in commonNames {
            let subject = X509_get_subject_name(certificate)
            X509_NAME_add_entry_by_NID(
                subject, NID_commonName, V_ASN1_UTF8STRING, name, Int32(name.count), -1, 0)
        }
        for list in names {
            let content = list.flatMap { [$0.0, UInt8($0.1.count)] + $0.1 }
            let der = [0x30, UInt8(content.count)] + content
            let octets = ASN1_OCTET_STRING_new()
            defer { ASN1_OCTET_STRING_free(octets) }
            ASN1_OCTET_STRING_set(octets, der, Int32(der.count))
            let made = X509_EXTENSION_create_by_NID(nil, NID_subject_alt_name, 0, octets)
            defer { X509_EXTENSION_free(made) }
            #expect(X509_add_ext(certificate, made, -1) == 1)
        }
        #expect(X509_sign(certificate, key.pointer, EVP_sha256()) > 0)
        return try bytes { i2d_X509(certificate, $0) }
    }

    private static func bytes(
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(encode(nil)))
        result.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            _ = encode(&position)
        }
        try #require(!result.isEmpty)
        return result
    }
}
