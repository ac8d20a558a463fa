import RegiopostModel

/// Where one profile keeps its replica and its outbox. Whatever a method says it has done is on disk when it returns.
public protocol ClientStore: Sendable {
    /// Puts a change in the outbox, behind all others.
    func enqueue(_ change: Change, line: [UInt8], key: String?) async throws(ClientError)

    /// Everything in the outbox, in the order it was put there.
    func outbox() async throws(ClientError) -> [OutboxItem]

    /// Notes that items are about to leave this machine.
    func noteTried(_ ids: [ChangeID]) async throws(ClientError)

    /// Notes what became of an item. One that isn't there any more is passed over.
    func settle(_ id: ChangeID, as state: OutboxItem.State) async throws(ClientError)

    /// Takes an item out because its user gave it up.
    func remove(_ id: ChangeID) async throws(ClientError)

    /// Puts new items in the place of old ones, all or none: the old ones leave, the new ones go behind all others.
    func replace(_ old: [ChangeID], with new: [(change: Change, line: [UInt8], key: String?)])
        async throws(ClientError)

    /// Where the copy of a mailbox ends, in the server's words; `0` for the beginning.
    func cursor(of mailbox: ReplicaMailbox) async throws(ClientError) -> String

    /// Stores lines and cursor in one transaction, and lets accepted items that came back leave the outbox.
    ///
    /// - Parameter page: lines that follow one another; what an earlier history left behind the last page is dropped.
    /// - Returns: whether the replica has the page now. Where another process moved the cursor and the page leaves a gap
    ///   or begins anew, nothing is stored, and the page is to be asked for again.
    func store(_ page: ReplicaPage, of mailbox: ReplicaMailbox) async throws(ClientError) -> Bool

    /// The copy of a mailbox in order. O(entries).
    func entries(of mailbox: ReplicaMailbox) async throws(ClientError) -> [ReplicaEntry]
}
