import RegiopostModel

/// What a profile's store held at one moment.
public struct StoreSnapshot: Sendable {
    /// The copy of the directory.
    public let directory: [ReplicaEntry]
    /// The copy of the own mailbox.
    public let own: [ReplicaEntry]
    /// The outbox, in order.
    public let outbox: [OutboxItem]
    /// Which change a script's key stands for, as far as this machine knows.
    public let keys: [String: ChangeID]

    /// Makes a snapshot.
    public init(
        directory: [ReplicaEntry], own: [ReplicaEntry], outbox: [OutboxItem], keys: [String: ChangeID] = [:]
    ) {
        self.directory = directory
        self.own = own
        self.outbox = outbox
        self.keys = keys
    }
}
