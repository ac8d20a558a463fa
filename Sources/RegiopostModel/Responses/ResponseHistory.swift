/// What a version of an answer says.
public protocol VersionedAnswer: Equatable, Sendable {
    /// The draft that it was sent from, if it was.
    var sentFrom: ChangeID? { get }
}

/// The versions of an answer and how far the newest is: the same steps for one organisation's response and for a joint
/// one.
public struct ResponseHistory<Content: VersionedAnswer>: Equatable, Sendable {
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

    /// What is kept of a version that a newer one replaced. What it said stands in its change: who judges the next version
    /// doesn't hold the texts of all before it.
    public struct Replaced: Equatable, Sendable {
        /// The change that submitted it.
        public let id: ChangeID
        /// The draft that it was sent from, if it was.
        public let draft: ChangeID?
    }

    /// The newest version.
    public private(set) var current: Version
    /// The versions that newer ones replaced, oldest first.
    public private(set) var replaced = Trail<Replaced>()
    /// The change that submitted the first version.
    public let firstID: ChangeID
    /// When the server received the first version; `nil` while it is still in an outbox.
    public let firstReceivedAt: Timestamp?
    /// How far the newest version is.
    public private(set) var status = ResponseState.Status.submitted

    init(first: Version) {
        current = first
        firstID = first.id
        firstReceivedAt = first.receivedAt
    }

    /// How many versions there are, the newest among them.
    public var count: Int { replaced.count + 1 }

    /// The changes that submitted the versions, oldest first. O(versions).
    public var ids: [ChangeID] { replaced.elements.map(\.id) + [current.id] }

    /// The drafts that versions were sent from, oldest first. O(versions).
    public var drafts: [ChangeID] {
        replaced.elements.compactMap(\.draft) + (current.content.sentFrom.map { [$0] } ?? [])
    }

    mutating func submit(_ version: Version) {
        replaced.append(Replaced(id: current.id, draft: current.content.sentFrom))
        current = version
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
