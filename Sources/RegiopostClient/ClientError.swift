import RegiopostModel

/// Why something couldn't be done on this side: a stable code, and what the sentence about it mentions.
public struct ClientError: Error, Equatable, Sendable {
    /// The registry of errors. Codes are for ever.
    public enum Code: String, Sendable, CaseIterable {
        /// The profile's folder can't be read or written.
        case storeFailed = "store-failed"
        /// The disk is full.
        case diskFull = "disk-full"
        /// The profile's files contradict themselves.
        case storeCorrupt = "store-corrupt"
        /// A newer Regiopost made the profile.
        case storeNewer = "store-newer"
        /// There is no profile of that name.
        case noProfile = "no-profile"
        /// There is one already.
        case profileExists = "profile-exists"
        /// Another process enrols in the same folder at this moment.
        case enrolmentBusy = "enrolment-busy"
        /// The server can't be reached.
        case unreachable
        /// The connection ended before the work was done.
        case interrupted
        /// The server isn't the one that was pinned.
        case wrongServer = "wrong-server"
        /// The server doesn't accept this profile's certificate.
        case notAccepted = "not-accepted"
        /// What the server says can't be understood.
        case protocolBroken = "protocol-broken"
        /// The server refused a request.
        case refused
        /// The invitation can't be read.
        case badInvitation = "bad-invitation"
    }

    /// The stable code.
    public let code: Code
    /// What the sentence mentions: `path`, `host`, `reason`, …
    public let details: [String: String]

    /// Makes an error.
    public init(_ code: Code, _ details: [String: String] = [:]) {
        self.code = code
        self.details = details
    }

    /// A request that the server refused.
    public init(_ refusal: Refusal) {
        var details = refusal.details
        details["code"] = refusal.code.rawValue
        self.init(.refused, details)
    }
}
