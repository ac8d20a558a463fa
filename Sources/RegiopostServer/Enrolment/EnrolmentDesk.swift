import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// Makes invitations and gives certificates for them. Keys never come here: the client makes its own.
public struct EnrolmentDesk: Sendable {
    /// How long an invitation lasts, in days.
    public static let invitationDays = 14
    /// How long a client's certificate lasts, in days.
    public static let certificateDays = 397
    /// Clocks differ: a certificate begins this many seconds before it is issued.
    static let leeway: Int64 = 300

    private let authority: CertificateAuthority
    private let store: any EnrolmentStore
    private let clock: @Sendable () -> Timestamp

    /// Opens the desk.
    public init(
        authority: CertificateAuthority, store: any EnrolmentStore, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.authority = authority
        self.store = store
        self.clock = clock
    }

    /// Makes a one-time invitation for an address and answers its secret, which is kept nowhere.
    public func invite(_ address: Address) async throws(JournalError) -> (secret: [UInt8], expires: Timestamp) {
        let secret = SystemRandom.bytes(24)
        let expires = clock().adding(milliseconds: Int64(Self.invitationDays) * 86_400_000)
        guard let digest = Digest(bytes: SHA256.hash(secret)),
            try await store.save(Invitation(secretDigest: digest, address: address, expires: expires))
        else { throw JournalError(.unexpected, "The invitation could not be kept.") }
        return (secret, expires)
    }

    /// Gives the certificate that an invitation promises. The same invitation with the same key gets the same
    /// certificate again until it expires, so that a client that was killed in between loses nothing.
    func enrol(
        _ enrolment: ClientRequest.Enrolment
    ) async -> Result<(certificate: [UInt8], root: [UInt8]), Refusal> {
        do throws(Refusal) {
            return .success((try await certificate(for: enrolment), authority.certificate.der))
        } catch {
            return .failure(error)
        }
    }

    private func certificate(for enrolment: ClientRequest.Enrolment) async throws(Refusal) -> [UInt8] {
        guard let secretDigest = Digest(bytes: SHA256.hash(enrolment.secret)) else {
            throw Refusal(.invitationUnknown)
        }
        do {
            guard let invitation = try await store.invitation(secretDigest: secretDigest),
                invitation.address == enrolment.address
            else { throw Refusal(.invitationUnknown) }
            let request = try CertificateRequest(der: enrolment.request)
            guard let key = Digest(bytes: request.publicKeyDigest) else { throw Refusal(.badCertificateRequest) }
            let now = clock()
            let certificate = try authority.issueClient(
                for: request, address: invitation.address.text, notBefore: now.milliseconds / 1_000 - Self.leeway,
                days: Self.certificateDays)
            let outcome = try await store.redeem(
                secretDigest: secretDigest, key: key,
                certificate: NewCertificate(
                    serial: certificate.serial, bytes: certificate.der,
                    expires: Timestamp(milliseconds: certificate.notAfter * 1_000)), now: now)
            return try Self.certificate(outcome, issued: certificate.der)
        } catch let refusal as Refusal {
            throw refusal
        } catch let error as CryptoError {
            throw Refusal(.badCertificateRequest, ["reason": error.code.rawValue])
        } catch {
            throw Refusal(.unavailable)
        }
    }

    private static func certificate(_ outcome: RedeemOutcome, issued: [UInt8]) throws(Refusal) -> [UInt8] {
        switch outcome {
        case .issued: return issued
        case .again(let certificate): return certificate
        case .unknown: throw Refusal(.invitationUnknown)
        case .expired: throw Refusal(.invitationExpired)
        case .usedByAnotherKey: throw Refusal(.invitationUsed)
        case .revoked: throw Refusal(.revoked)
        case .serialTaken: throw Refusal(.unavailable)
        }
    }
}
