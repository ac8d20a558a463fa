import RegiopostModel

/// What a sync did.
public struct SyncReport: Equatable, Sendable {
    /// The changes that the server took, in order.
    public var sent: [Change] = []
    /// The changes that it refused for good; they stay in the outbox until their user decides.
    public var refused: [Change] = []
    /// How many it asked to send again later.
    public var postponed = 0
    /// What came into the own mailbox, one's own changes among it.
    public var received: [ReplicaEntry] = []
    /// Mailboxes that had to be read from the beginning, because the server was restored from a backup.
    public var resynced: [ReplicaMailbox] = []

    /// Nothing done yet.
    public init() {}
}
