import RegiopostModel

/// A one-time invitation to get a certificate for an address. Of the secret only the digest is kept.
public struct Invitation: Hashable, Sendable {
    /// Who used an invitation, and what came of it.
    public struct Redemption: Hashable, Sendable {
        /// The digest of the public key that the certificate was asked for.
        public let key: Digest
        /// The certificate's serial number.
        public let serial: String
        /// The certificate, as it was handed out.
        public let certificate: [UInt8]

        package init(key: Digest, serial: String, certificate: [UInt8]) {
            self.key = key
            self.serial = serial
            self.certificate = certificate
        }
    }

    /// The digest of the secret.
    public let secretDigest: Digest
    /// The address it leads to.
    public let address: Address
    /// From this moment on it is worth nothing.
    public let expires: Timestamp
    /// Its use; `nil` while it is unused.
    public let redemption: Redemption?

    /// Makes an unused invitation.
    public init(secretDigest: Digest, address: Address, expires: Timestamp) {
        self.init(secretDigest: secretDigest, address: address, expires: expires, redemption: nil)
    }

    package init(secretDigest: Digest, address: Address, expires: Timestamp, redemption: Redemption?) {
        self.secretDigest = secretDigest
        self.address = address
        self.expires = expires
        self.redemption = redemption
    }
}
