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
    public struct Version: Equatable, Sendable {
        /// The change that submitted it.
        public let id: ChangeID
        /// What it says.
        public let content: ResponseContent
        /// Who submitted it.
        public let author: Address
        /// When the server received it, which is what counts; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// The answering organisation.
    public let organisation: OrganisationCode
    /// The letter it answers.
    public let letter: ChangeID
    /// All versions, oldest first; never empty.
    public private(set) var versions: [Version]
    /// How far the newest version is.
    public private(set) var status: Status = .submitted

    init(letter: ChangeID, organisation: OrganisationCode, first: Version) {
        self.letter = letter
        self.organisation = organisation
        versions = [first]
    }

    /// The newest version.
    public var current: Version { versions[versions.count - 1] }

    mutating func submit(_ version: Version) {
        versions.append(version)
        status = .submitted
    }

    mutating func acknowledge(note: String?) throws(Refusal) {
        guard case .submitted = status else { throw refusal("acknowledge") }
        status = .acknowledged(note: note)
    }

    mutating func withdraw(reason: String) throws(Refusal) {
        if case .withdrawn = status { throw refusal("withdraw") }
        status = .withdrawn(reason: reason)
    }

    private func refusal(_ step: String) -> Refusal { Refusal(.illegalStep, ["state": status.name, "step": step]) }
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
