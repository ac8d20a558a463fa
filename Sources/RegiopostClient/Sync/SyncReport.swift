import RegiopostModel

/// What a sync did.
public struct SyncReport: Equatable, Sendable {
    /// A change that the server took, and its receipt.
    public struct Sent: Equatable, Sendable {
        /// The change.
        public let change: Change
        /// Its place in the own mailbox.
        public let position: Int
        /// When the server received it, the first time where it was sent twice.
        public let receivedAt: Timestamp
    }

    /// The changes that the server took, in order.
    public var sent: [Sent] = []
    /// The changes that it refused for good; they stay in the outbox until their user decides.
    public var refused: [Change] = []
    /// How many it asked to send again later.
    public var postponed = 0
    /// What came into the own mailbox, one's own changes among it.
    public var received: [ReplicaEntry] = []
    /// Mailboxes that had to be read from the beginning, because the server was restored from a backup.
    public var resynced: [ReplicaMailbox] = []

    /// The files that were fetched.
    public var fetched: [FileReference] = []
    /// The files that were left at the server, because they are more than a sync fetches by itself.
    public var left: [FileReference] = []
    /// The files that the server didn't give, or gave wrong.
    public var notGiven: [FileReference] = []

    /// What was given back to a server that was restored from a backup.
    public struct Recovery: Equatable, Sendable {
        /// How many changes it had lost and has again.
        public var returned = 0
        /// How many it had, or had got back, before.
        public var known = 0
        /// How many it didn't take.
        public var refused = 0
    }

    /// What was given back, where the server recovers and takes nothing new; `nil` otherwise.
    public var recovery: Recovery?
    /// How many changes that were delivered here the server no longer has, where a mailbox was read from the beginning.
    public var leftBehind = 0

    /// Nothing done yet.
    public init() {}
}
