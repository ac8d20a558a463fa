import COpenSSL

/// Why a key, a certificate or a request can't be used. Act on the code; the sentence is for people.
public struct CryptoError: Error, Equatable, Sendable {
    /// What kind of trouble it is.
    public enum Code: String, Sendable {
        /// The bytes are not what they should be: no PEM, no DER, something left over, too large.
        case malformed
        /// A name or validity in a certificate or request can't be read in exactly one way.
        case badNames = "bad-names"
        /// The key's kind or size is not accepted.
        case weakKey = "weak-key"
        /// A signature doesn't verify, or was made with an algorithm that is not accepted.
        case badSignature = "bad-signature"
        /// Key and certificate don't belong together, or the certificate may not do what was asked of it.
        case mismatch
        /// What was handed in to be certified is not something we certify.
        case badArgument = "bad-argument"
        /// OpenSSL refused where it should not have.
        case internalFailure = "internal-failure"
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One sentence for people.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// An error with OpenSSL's own reason, the first one in this thread's queue, which is emptied.
    static func openSSL(_ code: Code, _ message: String) -> CryptoError {
        let reason = ERR_get_error()
        ERR_clear_error()
        guard reason != 0, let text = ERR_reason_error_string(reason) else { return CryptoError(code, message) }
        return CryptoError(code, "\(message) (\(String(cString: text)))")
    }
}

extension CryptoError: CustomStringConvertible {
    /// The sentence for people.
    public var description: String { message }
}
