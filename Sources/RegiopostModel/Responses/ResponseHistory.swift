/// The versions of an answer and how far the newest is: the same steps for one organisation's response and for a joint
/// one.
public struct ResponseHistory<Content: Equatable & Sendable>: Equatable, Sendable {
    /// One version of the answer.
    public struct Version: Equatable, Sendable {
        /// The change that submitted it.
        public let id: ChangeID
        /// What it says.
        public let content: Content
        /// Who submitted it.
        public let author: Address
        /// When the server received it, which is what counts; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?

        init(_ content: Content, by change: Change, receivedAt: Timestamp?) {
            id = change.id
            self.content = content
            author = change.author
            self.receivedAt = receivedAt
        }
    }

    /// All versions, oldest first; never empty.
    public private(set) var versions: [Version]
    /// How far the newest version is.
    public private(set) var status = ResponseState.Status.submitted

    init(first: Version) { versions = [first] }

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
