import COpenSSL

/// The common name in a subject (RFC 5280 section 4.1.2.6).
enum CommonName {
    /// The one common name; empty where there is none. Two of them, or a NUL or other control inside, fail.
    static func read(from subject: OpaquePointer?) throws(CryptoError) -> String {
        let position = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard position >= 0 else { return "" }
        guard X509_NAME_get_index_by_NID(subject, NID_commonName, position) < 0 else {
            throw CryptoError(.badNames, "a subject has more than one common name")
        }
        let entry = X509_NAME_get_entry(subject, position)
        var text: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        guard count >= 0, let text else { throw .openSSL(.badNames, "a common name can't be read") }
        defer { COpenSSL_free(text) }
        let bytes = UnsafeBufferPointer(start: text, count: Int(count))
        guard let name = String(validating: bytes, as: UTF8.self),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw CryptoError(.badNames, "a common name has characters that don't belong") }
        return name
    }

    /// Makes it the only entry of a subject.
    static func write(_ name: String, to subject: OpaquePointer?) throws(CryptoError) {
        let bytes = Array(name.utf8)
        guard (1...64).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw CryptoError(.badArgument, "a common name must have 1 to 64 bytes and no control characters")
        }
        let added = X509_NAME_add_entry_by_NID(
            subject, NID_commonName, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0)
        guard added == 1 else { throw .openSSL(.internalFailure, "a common name could not be written") }
    }
}
