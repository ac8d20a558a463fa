/// Why a TLS connection can't be made or can't go on. Act on the code; the sentence is for people.
public struct TLSError: Error, Equatable, Sendable {
    /// What kind of trouble it is.
    public enum Code: String, Sendable {
        /// The peer's certificate is not from the authority we trust, or is not for this use.
        case untrustedCertificate = "untrusted-certificate"
        /// The peer's certificate is not valid now: expired, or not yet valid by this machine's clock.
        case certificateNotValidNow = "certificate-not-valid-now"
        /// The server's certificate is for another name.
        case nameMismatch = "name-mismatch"
        /// The server sent no authority with the key that was pinned.
        case pinMismatch = "pin-mismatch"
        /// The client sent no certificate where one is required.
        case noCertificate = "no-certificate"
        /// The peers share no application protocol.
        case wrongProtocol = "wrong-protocol"
        /// The peers share no TLS version, cipher suite, group or signature.
        case incompatible
        /// What came in is not TLS.
        case notTLS = "not-tls"
        /// The connection ended without TLS's closing message: something may be missing.
        case truncated
        /// The peer ended the connection and said why.
        case alert
        /// The handshake took too long.
        case handshakeDeadline = "handshake-deadline"
        /// More was handed over for sending than is kept until the handshake is done.
        case tooMuchBeforeHandshake = "too-much-before-handshake"
        /// Something was to be sent before the handshake was done or after sending was closed.
        case notOpen = "not-open"
        /// Keys, certificates or names handed in can't be used.
        case configuration
        /// Anything else that breaks the protocol.
        case protocolViolation = "protocol-violation"
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One sentence for people.
    public let message: String
    /// The number of the peer's alert (RFC 8446 section 6) where the code is `alert`.
    public let alert: UInt8?

    /// Makes an error.
    public init(_ code: Code, _ message: String, alert: UInt8? = nil) {
        self.code = code
        self.message = message
        self.alert = alert
    }
}

extension TLSError: CustomStringConvertible {
    /// The sentence for people.
    public var description: String { message }
}
