/// The registry of refusals. Codes are for ever: one may be added, none changes its meaning.
public enum RefusalCode: String, Sendable, CaseIterable {
    // The form of a change
    case badJSON = "bad-json"
    case badField = "bad-field"
    case missingField = "missing-field"
    case unknownType = "unknown-type"
    case unknownVersion = "unknown-version"
    case subjectMismatch = "subject-mismatch"
    // Who
    case authorMismatch = "author-mismatch"
    case notAllowed = "not-allowed"
    case notAddressed = "not-addressed"
    case notInvited = "not-invited"
    case notCleared = "not-cleared"
    case mandateNotStarted = "mandate-not-started"
    case mandateEnded = "mandate-ended"
    case organisationAbolished = "organisation-abolished"
    // The state of what it is about
    case conflict
    case predecessorMissing = "predecessor-missing"
    case needsMissing = "needs-missing"
    case idTaken = "id-taken"
    case subjectUnknown = "subject-unknown"
    case illegalStep = "illegal-step"
    case letterUnknown = "letter-unknown"
    case letterWithdrawn = "letter-withdrawn"
    case dossierMissing = "dossier-missing"
    case dossierMismatch = "dossier-mismatch"
    case bsnFound = "bsn-found"
    case notAdopted = "not-adopted"
    case textChanged = "text-changed"
    case signatureMissing = "signature-missing"
    case signaturesChanged = "signatures-changed"
    case slotUnknown = "slot-unknown"
    case unknownOrganisation = "unknown-organisation"
    case unknownRegion = "unknown-region"
    // Files
    case blobMissing = "blob-missing"
    case blobUnknown = "blob-unknown"
    case blobMismatch = "blob-mismatch"
    case blobTooLarge = "blob-too-large"
    case blobOffset = "blob-offset"
    case chunkTooLong = "chunk-too-long"
    case uploadsFull = "uploads-full"
    // The conversation
    case badRequest = "bad-request"
    case unknownVerb = "unknown-verb"
    case lineTooLong = "line-too-long"
    case badByte = "bad-byte"
    case tooManyRequests = "too-many-requests"
    case resync
    case mailboxUnknown = "mailbox-unknown"
    case mailboxBusy = "mailbox-busy"
    case unavailable
    case stopping
    case idle
    case tooManyFailures = "too-many-failures"
    case tooManyConnections = "too-many-connections"
    // Recovery
    case recovering
    case notRecovering = "not-recovering"
    case receiptInvalid = "receipt-invalid"
    // Enrolment
    case invitationUnknown = "invitation-unknown"
    case invitationExpired = "invitation-expired"
    case invitationUsed = "invitation-used"
    case badCertificateRequest = "bad-certificate-request"
    case revoked
    case certificateExpired = "certificate-expired"

    /// When trying again can help.
    public var retry: Retry {
        switch self {
        case .conflict, .predecessorMissing, .needsMissing, .subjectUnknown, .letterUnknown, .textChanged,
            .signaturesChanged, .resync, .notRecovering:
            .afterSync
        case .blobMissing, .uploadsFull, .mandateNotStarted, .unavailable, .stopping, .idle, .tooManyRequests,
            .mailboxBusy,
            .tooManyFailures, .tooManyConnections, .recovering:
            .later
        default: .never
        }
    }
}
