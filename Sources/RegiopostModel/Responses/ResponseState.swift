/// One organisation's response to a letter: the fold of its changes.
public struct ResponseState: Equatable, Sendable {
    /// How far it is.
    public enum Status: Equatable, Sendable {
        /// Can become acknowledged, withdrawn, or be replaced by a newer version.
        case submitted
        /// The province has read it. Can be replaced by a newer version, or withdrawn.
        case acknowledged(note: String?)
        /// Taken back. A newer version can be submitted.
        case withdrawn(reason: String)
    }

    /// One version of the response.
    public typealias Version = ResponseHistory<ResponseContent>.Version

    /// The answering organisation.
    public let organisation: OrganisationCode
    /// The letter it answers.
    public let letter: ChangeID
    /// Its versions.
    public internal(set) var history: ResponseHistory<ResponseContent>

    /// How far the newest version is.
    public var status: Status { history.status }
    /// The newest version.
    public var current: Version { history.current }

    init(letter: ChangeID, organisation: OrganisationCode, first: Version) {
        self.letter = letter
        self.organisation = organisation
        history = ResponseHistory(first: first)
    }
}

extension ResponseState.Status {
    /// The stable name for machines.
    public var name: String {
        switch self {
        case .submitted: "submitted"
        case .acknowledged: "acknowledged"
        case .withdrawn: "withdrawn"
        }
    }
}
