import GRDB
import RegiopostJournal
import RegiopostModel

/// Invitations and certificates in the register.
struct RegisterEnrolmentStore: EnrolmentStore {
    let store: SQLiteStore

    func save(_ invitation: Invitation) async throws(JournalError) -> Bool {
        try await store.write { database in
            try SQLStatement(.addInvitation, in: database).run(
                invitation.secretDigest, invitation.address.text, invitation.expires) == 1
        }
    }

    func invitation(secretDigest: Digest) async throws(JournalError) -> Invitation? {
        try await store.read { try find(secretDigest, in: $0) }
    }

    func invitations() async throws(JournalError) -> [Invitation] {
        try await store.read { try SQLStatement(.allInvitations, in: $0).rows { try $0.invitation() } }
    }

    func redeem(
        secretDigest: Digest, key: Digest, certificate: NewCertificate, now: Timestamp
    ) async throws(JournalError) -> RedeemOutcome {
        try await store.write { database in
            guard let invitation = try find(secretDigest, in: database) else { return .unknown }
            guard now < invitation.expires else { return .expired }
            if let redemption = invitation.redemption {
                guard redemption.key == key else { return .usedByAnotherKey }
                let isRevoked = try find(serial: redemption.serial, in: database)?.revokedAt != nil
                return isRevoked ? .revoked : .again(certificate: redemption.certificate)
            }
            let issued = IssuedCertificate(
                serial: certificate.serial, address: invitation.address, issuedAt: now, expires: certificate.expires
            )
            guard try add(issued, in: database) else { return .serialTaken }
            try SQLStatement(.useInvitation, in: database).run(
                secretDigest, key, certificate.serial, certificate.bytes)
            return .issued
        }
    }

    func record(_ certificate: IssuedCertificate) async throws(JournalError) -> Bool {
        try await store.write { try add(certificate, in: $0) }
    }

    func revoke(serial: String, at now: Timestamp) async throws(JournalError) -> Bool {
        try await store.write { try SQLStatement(.revokeSerial, in: $0).run(serial, now) == 1 }
    }

    func revoke(address: Address, at now: Timestamp) async throws(JournalError) -> [String] {
        try await store.write { database in
            try SQLStatement(.endInvitations, in: database).run(address.text)
            return try SQLStatement(.revokeAddress, in: database).rows(address.text, now) { $0.text(0) }.sorted()
        }
    }

    func certificate(serial: String) async throws(JournalError) -> IssuedCertificate? {
        try await store.read { try find(serial: serial, in: $0) }
    }

    func certificates() async throws(JournalError) -> [IssuedCertificate] {
        try await store.read { try SQLStatement(.allCertificates, in: $0).rows { try $0.certificate() } }
    }

    private func find(_ secretDigest: Digest, in database: Database) throws -> Invitation? {
        try SQLStatement(.invitation, in: database).first(secretDigest) { try $0.invitation() }
    }

    private func find(serial: String, in database: Database) throws -> IssuedCertificate? {
        try SQLStatement(.certificate, in: database).first(serial) { try $0.certificate() }
    }

    private func add(_ certificate: IssuedCertificate, in database: Database) throws -> Bool {
        try SQLStatement(.addCertificate, in: database).run(
            certificate.serial, certificate.address.text, certificate.issuedAt, certificate.expires,
            certificate.revokedAt) == 1
    }
}

extension SQLRow {
    /// Reads a row of `RegisterSQL.invitation` or `RegisterSQL.allInvitations`.
    fileprivate func invitation() throws -> Invitation {
        let redemption: Invitation.Redemption? =
            isNull(3) ? nil : .init(key: try digest(3), serial: text(4), certificate: bytes(5))
        return Invitation(
            secretDigest: try digest(0), address: try address(1), expires: timestamp(2), redemption: redemption)
    }

    /// Reads a row of `RegisterSQL.certificate` or `RegisterSQL.allCertificates`.
    fileprivate func certificate() throws -> IssuedCertificate {
        IssuedCertificate(
            serial: text(0), address: try address(1), issuedAt: timestamp(2), expires: timestamp(3),
            revokedAt: isNull(4) ? nil : timestamp(4))
    }
}
