import RegiopostModel

extension RefusalCode {
    /// Whether the code ends the connection: whether it stands in `* BYE`.
    public enum Ending: String, Sendable, CaseIterable {
        /// It refuses one request, and the connection goes on.
        case never
        /// It refuses a request, or ends the connection.
        case sometimes
        /// It says only why the connection ends.
        case always
    }

    /// Whether it ends the connection. `Protocol/vectors/errors.json` has the same.
    public var ending: Ending {
        switch self {
        case .badByte, .idle, .tooManyFailures, .tooManyConnections, .certificateExpired: .always
        case .badRequest, .unknownVerb, .lineTooLong, .chunkTooLong, .tooManyRequests, .resync, .unavailable,
            .stopping, .revoked, .mandateNotStarted, .mandateEnded, .organisationAbolished:
            .sometimes
        default: .never
        }
    }
}
