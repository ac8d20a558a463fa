import RegiopostJournal
import RegiopostModel
import Testing

/// What every back end of the enrolment store has to do. A back end's tests run all of it, as with `JournalContract`.
public struct EnrolmentContract: Sendable, CustomTestStringConvertible {
    /// The rule, in words.
    public let testDescription: String
    /// Checks the rule on an empty store.
    public let check: @Sendable (any EnrolmentStore) async throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (any EnrolmentStore) async throws -> Void) {
        testDescription = description
        self.check = check
    }

    /// Every rule.
    public static let all = [
        EnrolmentContract("an empty store knows nobody") { store in
            let sample = try Sample()
            #expect(try await store.invitation(secretDigest: sample.secret) == nil)
            #expect(try await store.invitations() == [])
            #expect(try await store.certificates() == [])
            #expect(try await store.certificate(serial: "1") == nil)
            #expect(try await !store.isRevoked(serial: "1"))
            #expect(try await !store.revoke(serial: "1", at: sample.now))
            #expect(try await store.revoke(address: sample.griffie, at: sample.now) == [])
            #expect(try await redeem(sample, at: store) == .unknown)
            #expect(try await store.certificates() == [])
        },
        EnrolmentContract("an invitation is kept once") { store in
            let sample = try Sample()
            #expect(try await store.save(sample.invitation))
            let rival = Invitation(
                secretDigest: sample.secret, address: sample.college, expires: sample.now.adding(milliseconds: 1))
            #expect(try await !store.save(rival))
            #expect(try await store.invitation(secretDigest: sample.secret) == sample.invitation)
            let earlier = Invitation(
                secretDigest: sample.otherKey, address: sample.college, expires: sample.now)
            #expect(try await store.save(earlier))
            #expect(try await store.invitations() == [earlier, sample.invitation])
        },
        EnrolmentContract("using an invitation records the certificate with it") { store in
            let sample = try Sample()
            _ = try await store.save(sample.invitation)
            #expect(try await redeem(sample, at: store) == .issued)
            let kept = try #require(try await store.invitation(secretDigest: sample.secret))
            #expect(kept.redemption?.key == sample.key)
            #expect(kept.redemption?.serial == "1")
            #expect(kept.redemption?.certificate == [0, 255, 10])
            let certificate = IssuedCertificate(
                serial: "1", address: sample.griffie, issuedAt: sample.now, expires: sample.later)
            #expect(try await store.certificate(serial: "1") == certificate)
            #expect(try await store.certificates() == [certificate])
            #expect(try await !store.isRevoked(serial: "1"))
        },
        EnrolmentContract("the same key gets its first certificate again, another key nothing") { store in
            let sample = try Sample()
            _ = try await store.save(sample.invitation)
            _ = try await redeem(sample, at: store)
            #expect(try await redeem(sample, serial: "2", at: store) == .again(certificate: [0, 255, 10]))
            #expect(try await redeem(sample, key: sample.otherKey, serial: "3", at: store) == .usedByAnotherKey)
            // An invitation that was used can't be made anew.
            #expect(try await !store.save(sample.invitation))
            #expect(try await redeem(sample, key: sample.otherKey, serial: "3", at: store) == .usedByAnotherKey)
            #expect(try await store.certificates().map(\.serial) == ["1"])
        },
        EnrolmentContract("an invitation ends at its moment, used or not") { store in
            let sample = try Sample()
            _ = try await store.save(sample.invitation)
            let end = sample.invitation.expires
            #expect(try await redeem(sample, at: store, now: end) == .expired)
            #expect(try await redeem(sample, at: store, now: end.adding(milliseconds: -1)) == .issued)
            #expect(try await redeem(sample, at: store, now: end) == .expired)
        },
        EnrolmentContract("two keys at once: one gets it") { store in
            let sample = try Sample()
            _ = try await store.save(sample.invitation)
            async let one = redeem(sample, serial: "1", at: store)
            async let two = redeem(sample, key: sample.otherKey, serial: "2", at: store)
            let outcomes = try await [one, two]
            #expect(outcomes.contains(.issued))
            #expect(outcomes.contains(.usedByAnotherKey))
        },
        EnrolmentContract("a serial number is given out once") { store in
            let sample = try Sample()
            let renewal = IssuedCertificate(
                serial: "1", address: sample.college, issuedAt: sample.now, expires: sample.later)
            #expect(try await store.record(renewal))
            #expect(try await !store.record(renewal))
            _ = try await store.save(sample.invitation)
            #expect(try await redeem(sample, serial: "1", at: store) == .serialTaken)
            #expect(try await store.invitation(secretDigest: sample.secret) == sample.invitation)
            #expect(try await redeem(sample, serial: "2", at: store) == .issued)
        },
        EnrolmentContract("one certificate is revoked, once") { store in
            let sample = try Sample()
            _ = try await store.save(sample.invitation)
            _ = try await redeem(sample, at: store)
            #expect(try await store.revoke(serial: "1", at: sample.now))
            #expect(try await !store.revoke(serial: "1", at: sample.later))
            #expect(try await store.isRevoked(serial: "1"))
            #expect(try await store.certificate(serial: "1")?.revokedAt == sample.now)
            #expect(try await redeem(sample, serial: "2", at: store) == .revoked)
        },
        EnrolmentContract("an address is revoked with all it has, and nobody else") { store in
            let sample = try Sample()
            for serial in ["3", "1", "2"] {
                let address = serial == "2" ? sample.college : sample.griffie
                _ = try await store.record(
                    IssuedCertificate(
                        serial: serial, address: address, issuedAt: sample.now, expires: sample.later))
            }
            _ = try await store.revoke(serial: "3", at: sample.now)
            _ = try await store.record(
                IssuedCertificate(
                    serial: "4", address: sample.griffie, issuedAt: sample.later, expires: sample.later))
            _ = try await store.save(sample.invitation)
            #expect(try await store.revoke(address: sample.griffie, at: sample.now) == ["1", "4"])
            #expect(try await redeem(sample, serial: "9", at: store) == .expired)
            #expect(try await store.certificates().map(\.serial) == ["1", "2", "3", "4"])
            #expect(try await store.certificates().filter { $0.revokedAt == nil }.map(\.serial) == ["2"])
            // Who comes after is invited anew.
            let next = Invitation(
                secretDigest: sample.otherKey, address: sample.griffie, expires: sample.later)
            #expect(try await store.save(next))
            #expect(
                try await store.redeem(
                    secretDigest: sample.otherKey, key: sample.key,
                    certificate: NewCertificate(serial: "9", bytes: [], expires: sample.later), now: sample.now)
                    == .issued)
        },
    ]

    private static func redeem(
        _ sample: Sample, key: Digest? = nil, serial: String = "1", at store: any EnrolmentStore,
        now: Timestamp? = nil
    ) async throws -> RedeemOutcome {
        try await store.redeem(
            secretDigest: sample.secret, key: key ?? sample.key,
            certificate: NewCertificate(serial: serial, bytes: [0, 255, 10], expires: sample.later),
            now: now ?? sample.now)
    }
}

/// Two addresses, an invitation for one, and two keys.
private struct Sample {
    let griffie: Address
    let college: Address
    let secret: Digest
    let key: Digest
    let otherKey: Digest
    let now = Timestamp(milliseconds: 1_774_605_600_000)
    let later = Timestamp(milliseconds: 1_774_605_600_000 + 86_400_000)
    let invitation: Invitation

    init() throws {
        griffie = try #require(Address("gm0503/griffie"))
        college = try #require(Address("gm0503/college"))
        secret = try ProposalMaker.digest(of: [1])
        key = try ProposalMaker.digest(of: [2])
        otherKey = try ProposalMaker.digest(of: [3])
        invitation = Invitation(
            secretDigest: secret, address: griffie, expires: now.adding(milliseconds: 3_600_000))
    }
}
