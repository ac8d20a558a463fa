import COpenSSL

/// The textual encoding of keys and certificates (RFC 7468). Encrypted PEM is refused: OpenSSL would ask for the
/// password on the terminal.
enum PEM {
    /// Read no further than this: 1 MiB, a few hundred certificates.
    static let maximumBytes = 1 << 20

    /// The DER of every block in `bytes`; each must carry `label` and no headers, and there must be one at least.
    static func decode(_ bytes: [UInt8], label: String) throws(CryptoError) -> [[UInt8]] {
        guard bytes.count <= maximumBytes else { throw CryptoError(.malformed, "this PEM file is too large") }
        guard let source = BIO_new_mem_buf(bytes, Int32(bytes.count)) else {
            throw .openSSL(.malformed, "this PEM file is empty")
        }
        defer { BIO_free(source) }
        var blocks: [[UInt8]] = []
        while let block = next(from: source) {
            guard block.label == label, !block.hasHeaders else {
                throw CryptoError(.malformed, "expected PEM of a plain \(label), found \(block.label)")
            }
            blocks.append(block.der)
        }
        // The end of the file shows as "no start line"; any other reason is a broken block.
        let reason = ERR_peek_last_error()
        guard !blocks.isEmpty, ERR_GET_REASON(reason) == PEM_R_NO_START_LINE else {
            throw .openSSL(.malformed, "this is no PEM of a \(label)")
        }
        ERR_clear_error()
        return blocks
    }

    /// One block of PEM, ASCII.
    static func encode(_ der: [UInt8], label: String) throws(CryptoError) -> [UInt8] {
        guard let sink = BIO_new(BIO_s_mem()) else { throw .openSSL(.internalFailure, "out of memory") }
        defer { BIO_free(sink) }
        guard PEM_write_bio(sink, label, "", der, der.count) > 0 else {
            throw .openSSL(.internalFailure, "the PEM of a \(label) could not be written")
        }
        var start: UnsafeMutablePointer<CChar>?
        let count = COpenSSL_mem_data(sink, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private struct Block {
        let label: String
        let hasHeaders: Bool
        let der: [UInt8]
    }

    private static func next(from source: OpaquePointer) -> Block? {
        var label: UnsafeMutablePointer<CChar>?
        var headers: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        ERR_clear_error()
        guard PEM_read_bio(source, &label, &headers, &data, &count) == 1, let label, let headers else { return nil }
        defer {
            COpenSSL_free(label)
            COpenSSL_free(headers)
            // A private key may have been in there.
            OPENSSL_cleanse(data, count)
            COpenSSL_free(data)
        }
        return Block(
            label: String(cString: label), hasHeaders: headers.pointee != 0,
            der: Array(UnsafeRawBufferPointer(start: data, count: count)))
    }
}
