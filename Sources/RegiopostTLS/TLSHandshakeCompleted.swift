import RegiopostCrypto

/// Fired as a user event once the handshake is done, before any plaintext.
public struct TLSHandshakeCompleted: Equatable, Sendable {
    /// What both sides agreed to speak.
    public let applicationProtocol: ApplicationProtocol
    /// Who the peer is; `nil` for a client that enrols.
    public let peerCertificate: Certificate?

    /// Makes the event.
    public init(_ applicationProtocol: ApplicationProtocol, peerCertificate: Certificate? = nil) {
        self.applicationProtocol = applicationProtocol
        self.peerCertificate = peerCertificate
    }
}
