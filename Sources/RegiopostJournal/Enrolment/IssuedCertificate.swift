import RegiopostModel

/// What the server remembers of a certificate it issued.
public struct IssuedCertificate: Hashable, Sendable {
    /// The serial number, unique among all that were issued.
    public let serial: String
    /// Whose it is.
    public let address: Address
    /// When it was issued.
    public let issuedAt: Timestamp
    /// When it ends by itself.
    public let expires: Timestamp
    /// When it was revoked, if it was.
    public let revokedAt: Timestamp?

    /// Makes a record.
    public init(
        serial: String, address: Address, issuedAt: Timestamp, expires: Timestamp, revokedAt: Timestamp? = nil
    ) {
        self.serial = serial
        self.address = address
        self.issuedAt = issuedAt
        self.expires = expires
        self.revokedAt = revokedAt
    }
}

/// A certificate just signed for an invitation, before it is handed out.
public struct NewCertificate: Hashable, Sendable {
    /// Its serial number.
    public let serial: String
    /// The certificate itself, handed out again as it is.
    public let bytes: [UInt8]
    /// When it ends by itself.
    public let expires: Timestamp

    /// Makes a new certificate.
    public init(serial: String, bytes: [UInt8], expires: Timestamp) {
        self.serial = serial
        self.bytes = bytes
        self.expires = expires
    }
}
