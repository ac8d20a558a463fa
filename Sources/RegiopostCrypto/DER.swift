import COpenSSL

/// OpenSSL's calls that read and write DER, with their bounds checked in one place.
enum DER {
    /// Nothing we read is larger: 64 KiB.
    static let maximumBytes = 1 << 16

    /// Runs an `i2d_…` call twice, first for the length.
    static func write(
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws(CryptoError) -> [UInt8] {
        let length = Int(encode(nil))
        guard length > 0 else { throw .openSSL(.internalFailure, "DER could not be written") }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var position = buffer.baseAddress
            count = max(0, Int(encode(&position)))
        }
    }

    /// Runs a `d2i_…` call, which must use up all of `der`. The caller frees what it gets.
    static func read(
        _ der: [UInt8], what: String,
        _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?,
        free: (OpaquePointer) -> Void
    ) throws(CryptoError) -> OpaquePointer {
        guard der.count <= maximumBytes else { throw CryptoError(.malformed, "this \(what) is too large") }
        ERR_clear_error()
        let (decoded, used): (OpaquePointer?, Int) = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let decoded = decode(&position, buffer.count)
            return (decoded, (position ?? buffer.baseAddress).map { $0 - (buffer.baseAddress ?? $0) } ?? 0)
        }
        guard let decoded else { throw .openSSL(.malformed, "this is no \(what)") }
        guard used == der.count else {
            free(decoded)
            throw CryptoError(.malformed, "there is something behind this \(what)")
        }
        return decoded
    }
}
