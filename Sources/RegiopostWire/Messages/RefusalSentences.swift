import RegiopostModel

extension RefusalCode {
    /// What the code means, in one English sentence without a full stop: the text of a `NO` or `* BYE`, and the
    /// registry's entry in the specification.
    public var sentence: String {
        switch self {
        case .badJSON: "The change is not I-JSON"
        case .badField: "A field has a value it can't have"
        case .missingField: "A field is missing"
        case .unknownType: "The server doesn't know this type of change"
        case .unknownVersion: "The server doesn't know this version of the envelope"
        case .subjectMismatch: "The subject is not the one this change must be about"
        case .authorMismatch: "The author is not the address of the certificate"
        case .notAllowed: "This address may not do that"
        case .notAddressed: "The letter is not addressed to this organisation"
        case .notInvited: "This organisation is not invited"
        case .conflict: "Another change came first"
        case .predecessorMissing: "The change builds on one the server doesn't have"
        case .needsMissing: "A change that this one needs is not there"
        case .idTaken: "The id belongs to a change with other bytes"
        case .subjectUnknown: "There is no such subject"
        case .illegalStep: "The subject's state doesn't allow that"
        case .letterUnknown: "There is no such letter"
        case .letterWithdrawn: "The letter was withdrawn"
        case .dossierMissing: "The dossier is missing"
        case .dossierMismatch: "The dossier is not the letter's"
        case .bsnFound: "A text seems to hold a citizen service number (BSN)"
        case .slotUnknown: "That slot was not proposed"
        case .unknownOrganisation: "The directory has no such organisation"
        case .unknownRegion: "The directory has no such region"
        case .badRequest: "The request can't be read"
        case .unknownVerb: "There is no such verb here"
        case .lineTooLong: "The line is longer than the limit"
        case .badByte: "A line holds a carriage return or a NUL"
        case .tooManyRequests: "Too many requests are under way"
        case .resync: "The cursor is not of this server's history; start again from 0"
        case .mailboxUnknown: "There is no such mailbox"
        case .mailboxBusy: "The mailbox is being read or watched already"
        case .unavailable: "The server can't do that now"
        case .stopping: "The server is stopping"
        case .idle: "Nothing was heard for too long"
        case .tooManyFailures: "Too many attempts failed"
        case .invitationUnknown: "There is no such invitation"
        case .invitationExpired: "The invitation has expired"
        case .invitationUsed: "The invitation was used with another key"
        case .badCertificateRequest: "The certificate request can't be used"
        case .revoked: "The certificate was revoked"
        }
    }
}
