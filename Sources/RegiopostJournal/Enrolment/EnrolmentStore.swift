import RegiopostModel

/// What became of using an invitation.
public enum RedeemOutcome: Hashable, Sendable {
    /// The certificate was recorded and may be handed out.
    case issued
    /// The same key used the invitation before: this certificate again, and the new one is void.
    case again(certificate: [UInt8])
    /// There is no such invitation.
    case unknown
    /// Its time is over.
    case expired
    /// Another key used it.
    case usedByAnotherKey
    /// The same key used it, and the certificate was revoked since.
    case revoked
    /// The serial number was given out before; sign with another one.
    case serialTaken
}

/// Invitations and certificates: who may get in, and who may no longer.
///
/// Throws as `Journal` does; what it answers is durable.
public protocol EnrolmentStore: Sendable {
    /// Keeps an unused invitation; false, and nothing done, where its secret is known already.
    func save(_ invitation: Invitation) async throws(JournalError) -> Bool

    /// The invitation of that secret, or `nil`.
    func invitation(secretDigest: Digest) async throws(JournalError) -> Invitation?

    /// All invitations, the earliest to expire first, equal ones by secret digest.
    func invitations() async throws(JournalError) -> [Invitation]

    /// Binds an invitation to a key and records the certificate, at once or not at all.
    ///
    /// The same key gets its first certificate again until the invitation expires, so that a client that was killed
    /// in between loses nothing.
    func redeem(
        secretDigest: Digest, key: Digest, certificate: NewCertificate, now: Timestamp
    ) async throws(JournalError) -> RedeemOutcome

    /// Records a certificate that came without an invitation, as a renewal does; false, and nothing done, where the
    /// serial number is known already.
    func record(_ certificate: IssuedCertificate) async throws(JournalError) -> Bool

    /// Revokes one certificate; false where it is unknown or was revoked before.
    func revoke(serial: String, at now: Timestamp) async throws(JournalError) -> Bool

    /// Revokes all certificates of an address and ends its invitations, so that none of the old ones still leads in.
    /// Answers the serial numbers revoked just now, in order.
    func revoke(address: Address, at now: Timestamp) async throws(JournalError) -> [String]

    /// What is known of a certificate, or `nil`. O(log n).
    func certificate(serial: String) async throws(JournalError) -> IssuedCertificate?

    /// All certificates, the earliest issued first, equal ones by serial number.
    func certificates() async throws(JournalError) -> [IssuedCertificate]
}

extension EnrolmentStore {
    /// Whether a certificate was revoked; an unknown one was not. O(log n).
    public func isRevoked(serial: String) async throws(JournalError) -> Bool {
        try await certificate(serial: serial)?.revokedAt != nil
    }
}
