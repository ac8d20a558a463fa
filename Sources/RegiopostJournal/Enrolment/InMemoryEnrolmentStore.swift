import RegiopostModel

/// Invitations and certificates that end with the process: for tests and trying out.
public actor InMemoryEnrolmentStore: EnrolmentStore {
    private var invitationBySecret: [Digest: Invitation] = [:]
    private var certificateBySerial: [String: IssuedCertificate] = [:]

    /// Makes an empty store.
    public init() {}

    /// Keeps an unused invitation; false where its secret is known already.
    public func save(_ invitation: Invitation) -> Bool {
        guard invitationBySecret[invitation.secretDigest] == nil else { return false }
        invitationBySecret[invitation.secretDigest] = Invitation(
            secretDigest: invitation.secretDigest, address: invitation.address, expires: invitation.expires)
        return true
    }

    /// The invitation of that secret, or `nil`.
    public func invitation(secretDigest: Digest) -> Invitation? { invitationBySecret[secretDigest] }

    /// All invitations, the earliest to expire first.
    public func invitations() -> [Invitation] {
        invitationBySecret.values.sorted { ($0.expires, $0.secretDigest.text) < ($1.expires, $1.secretDigest.text) }
    }

    /// Binds an invitation to a key and records the certificate.
    public func redeem(
        secretDigest: Digest, key: Digest, certificate: NewCertificate, now: Timestamp
    ) -> RedeemOutcome {
        guard let invitation = invitationBySecret[secretDigest] else { return .unknown }
        guard now < invitation.expires else { return .expired }
        if let redemption = invitation.redemption {
            guard redemption.key == key else { return .usedByAnotherKey }
            let isRevoked = certificateBySerial[redemption.serial]?.revokedAt != nil
            return isRevoked ? .revoked : .again(certificate: redemption.certificate)
        }
        let issued = IssuedCertificate(
            serial: certificate.serial, address: invitation.address, issuedAt: now, expires: certificate.expires)
        guard record(issued) else { return .serialTaken }
        invitationBySecret[secretDigest] = Invitation(
            secretDigest: secretDigest, address: invitation.address, expires: invitation.expires,
            redemption: .init(key: key, serial: certificate.serial, certificate: certificate.bytes))
        return .issued
    }

    /// Records a certificate; false where its serial number is known already.
    public func record(_ certificate: IssuedCertificate) -> Bool {
        guard certificateBySerial[certificate.serial] == nil else { return false }
        certificateBySerial[certificate.serial] = certificate
        return true
    }

    /// Revokes one certificate; false where it is unknown or was revoked before.
    public func revoke(serial: String, at now: Timestamp) -> Bool {
        guard let known = certificateBySerial[serial], known.revokedAt == nil else { return false }
        certificateBySerial[serial] = IssuedCertificate(
            serial: serial, address: known.address, issuedAt: known.issuedAt, expires: known.expires, revokedAt: now
        )
        return true
    }

    /// Revokes all certificates of an address and ends its invitations.
    public func revoke(address: Address, at now: Timestamp) -> [String] {
        for (secret, invitation) in invitationBySecret where invitation.address == address {
            invitationBySecret[secret] = Invitation(
                secretDigest: secret, address: address, expires: Timestamp(milliseconds: 0),
                redemption: invitation.redemption)
        }
        let serials = certificateBySerial.values.filter { $0.address == address }.map(\.serial).sorted()
        return serials.filter { revoke(serial: $0, at: now) }
    }

    /// What is known of a certificate, or `nil`.
    public func certificate(serial: String) -> IssuedCertificate? { certificateBySerial[serial] }

    /// All certificates, the earliest issued first.
    public func certificates() -> [IssuedCertificate] {
        certificateBySerial.values.sorted { ($0.issuedAt, $0.serial) < ($1.issuedAt, $1.serial) }
    }
}
