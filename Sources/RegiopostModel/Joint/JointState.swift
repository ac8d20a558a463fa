/// A response of several organisations together: the fold of its changes.
public struct JointState: Equatable, Sendable {
    /// One version of it.
    public struct Version: Equatable, Sendable {
        /// The change that submitted it.
        public let id: ChangeID
        /// What it says.
        public let content: JointContent
        /// Who submitted it.
        public let author: Address
        /// When the server received it, which is what counts; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// All versions, oldest first; never empty.
    public private(set) var versions: [Version]
    /// How far the newest version is: the same steps as for one organisation's response.
    public private(set) var status = ResponseState.Status.submitted

    init(first: Version) { versions = [first] }

    /// The newest version.
    public var current: Version { versions[versions.count - 1] }

    /// Whether it counts as that organisation's answer: it signed, and nobody took the response back.
    public func answers(for organisation: OrganisationCode) -> Bool {
        if case .withdrawn = status { return false }
        return current.content.standing.isSigned(by: organisation)
    }

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
