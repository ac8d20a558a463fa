import RegiopostModel

/// Where one profile keeps its replica and its outbox. Whatever a method says it has done is on disk when it returns.
public protocol ClientStore: Sendable {
    /// Puts a change in the outbox, behind all others, and notes which change the key stands for.
    ///
    /// - Returns: whether it was put there; not where another process has put one of the same id there already.
    @discardableResult func enqueue(_ change: Change, line: [UInt8], key: String?) async throws(ClientError) -> Bool

    /// Everything in the outbox, in the order it was put there.
    func outbox() async throws(ClientError) -> [OutboxItem]

    /// Notes that items are about to leave this machine.
    ///
    /// - Returns: those that still may; others were given up or settled meanwhile by another process.
    @discardableResult func noteTried(_ ids: [ChangeID]) async throws(ClientError) -> Set<ChangeID>

    /// Notes what became of an item. One that isn't there any more is passed over.
    func settle(_ id: ChangeID, as state: OutboxItem.State) async throws(ClientError)

    /// Takes an item out because its user gave it up.
    ///
    /// - Returns: whether it was taken out; not where it is on its way or has arrived by now.
    func giveUp(_ id: ChangeID) async throws(ClientError) -> Bool

    /// Puts new items in the place of old ones, all or none: the old ones leave, the new ones go behind all others, and
    /// keys stand for the new ones.
    ///
    /// - Returns: whether it was done; not where an old item is no longer as it was seen.
    func replace(_ old: [OutboxItem], with new: [(change: Change, line: [UInt8], key: String?)])
        async throws(ClientError) -> Bool

    /// Queues again what was accepted and hasn't come back, because the server may have lost it. If it hasn't, sending it
    /// again is harmless.
    func offerAgain() async throws(ClientError)

    /// Takes out what was refused as `id-taken` where the own mailbox has a change of that id that asks for the same: a
    /// script ran on two machines of one address.
    func settleRepeats() async throws(ClientError) -> [ChangeID]

    /// Where the copy of a mailbox ends, in the server's words; `0` for the beginning.
    func cursor(of mailbox: ReplicaMailbox) async throws(ClientError) -> String

    /// Stores lines and cursor in one transaction, and lets accepted items that came back leave the outbox.
    ///
    /// - Parameter page: lines that follow one another. A first one begins anew: what was there is set aside, and each line
    ///   of it leaves as it comes again. What doesn't, the server has lost; it stays behind what came.
    /// - Returns: whether the replica has the page now. Where another process moved the cursor and the page leaves a gap
    ///   or begins anew, nothing is stored, and the page is to be asked for again.
    func store(_ page: ReplicaPage, of mailbox: ReplicaMailbox) async throws(ClientError) -> Bool

    /// Makes what follows from stored lines and is kept beside them, as far as a sync may wait for it: whoever looks next
    /// needn't make it first.
    func catchUp() async throws(ClientError)

    /// Queues again what the address wrote itself and an earlier history left behind: the server accepted it once and has lost
    /// it, so its author offers it anew, in the order it had.
    ///
    /// - Returns: how many changes.
    func offerLeftBehind(of author: Address) async throws(ClientError) -> Int

    /// How many lines of the own mailbox an earlier history left behind that didn't come again.
    func leftBehind() async throws(ClientError) -> Int

    /// The copy of a mailbox in order. O(entries).
    func entries(of mailbox: ReplicaMailbox) async throws(ClientError) -> [ReplicaEntry]

    /// Everything there is, as it was at one moment. O(entries).
    func snapshot() async throws(ClientError) -> StoreSnapshot

    /// A part of what there is, as it was at one moment: to show something, not to write on top of it. It has no keys.
    /// Costs by the part.
    func snapshot(of part: ReplicaPart) async throws(ClientError) -> StoreSnapshot

    /// The letters, as they were at one moment: what lists show of each, and what concerns those that the outbox is about; and
    /// all subjects of some other kinds. Costs by the letters, a little each, by what is of these kinds, and by what came since
    /// the last time.
    func letters(with kinds: [String]) async throws(ClientError) -> LetterSnapshot

    /// The lines of the own mailbox that cite files which weren't all seen here, in order. Costs by these.
    func entriesLackingFiles() async throws(ClientError) -> [ReplicaEntry]

    /// Notes that all files which these changes cite were seen here.
    func noteFilesHere(_ ids: [ChangeID]) async throws(ClientError)

    /// The subjects in the own mailbox and the outbox that have what is looked for, the newest first. Costs by what
    /// fits, and by what came since the last time.
    func search(_ query: SearchQuery) async throws(ClientError) -> [SearchHit]
}
