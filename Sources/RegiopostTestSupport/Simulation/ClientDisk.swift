import RegiopostClient
import RegiopostModel

/// What one profile has on its disk: replica, outbox and keys, as `SQLiteClientStore` keeps them. Only the simulation's one
/// thread touches it.
final class ClientDisk {
    var replica: [ReplicaMailbox: [ReplicaEntry]] = [:]
    var cursors: [ReplicaMailbox: String] = [:]
    var outbox: [OutboxItem] = []
    var keys: [String: ChangeID] = [:]
    /// What the next write meets.
    var nextFault: ClientError.Code?
    private var changes: [[UInt8]: Change] = [:]

    /// The change that a line says, read once.
    func change(_ line: [UInt8]) -> Change? {
        if let known = changes[line] { return known }
        let change = try? Change(line: line)
        changes[line] = change
        return change
    }

    /// From this position on stand lines that an earlier history left behind, in the order they had.
    static let leftBehind = 1 << 40

    func entries(_ mailbox: ReplicaMailbox) -> [ReplicaEntry] { replica[mailbox] ?? [] }

    /// What the server's present history has brought.
    func current(_ mailbox: ReplicaMailbox) -> [ReplicaEntry] {
        entries(mailbox).filter { $0.position < Self.leftBehind }
    }

    /// What an earlier one left behind.
    func leftBehind(_ mailbox: ReplicaMailbox) -> [ReplicaEntry] {
        entries(mailbox).filter { $0.position > Self.leftBehind }
    }

    func insert(_ change: Change, _ line: [UInt8], _ key: String?) -> Bool {
        guard !outbox.contains(where: { $0.change.id == change.id }) else { return false }
        outbox.append(OutboxItem(change: change, line: line, key: key, state: .queued))
        if let key { keys[key] = change.id }
        return true
    }

    func update(_ id: ChangeID, _ body: (OutboxItem) -> (OutboxItem.State, isTried: Bool)?) -> Bool {
        guard let index = outbox.firstIndex(where: { $0.change.id == id }),
            let (state, isTried) = body(outbox[index])
        else { return false }
        let old = outbox[index]
        outbox[index] = OutboxItem(change: old.change, line: old.line, key: old.key, state: state, isTried: isTried)
        return true
    }

    func hasInReplica(_ id: ChangeID) -> Bool {
        ReplicaMailbox.allCases.contains { entries($0).contains { change($0.line)?.id == id } }
    }

    func store(_ page: ReplicaPage, _ mailbox: ReplicaMailbox) -> Bool {
        if page.replaces == cursors[mailbox] ?? "0" {
            if page.isFirst { setAside(mailbox) }
            insert(page.entries, mailbox)
            cursors[mailbox] = page.cursor
            return true
        }
        let end = current(mailbox).last?.position ?? 0
        let new = page.entries.filter { $0.position > end }
        guard let first = new.first else { return !page.isFirst }
        guard first.position == end + 1, !page.isFirst else { return false }
        insert(new, mailbox)
        cursors[mailbox] = page.cursor
        return true
    }

    /// The mailbox is read anew: what doesn't come again stays behind.
    private func setAside(_ mailbox: ReplicaMailbox) {
        let last = leftBehind(mailbox).last?.position ?? Self.leftBehind
        replica[mailbox] =
            leftBehind(mailbox)
            + current(mailbox).map { entry in
                ReplicaEntry(
                    position: last + entry.position, receivedAt: entry.receivedAt, line: entry.line,
                    receipt: entry.receipt)
            }
    }

    /// Queues again what an address wrote and an earlier history left behind.
    func offerLeftBehind(of author: Address) -> Int {
        var count = 0
        for entry in leftBehind(.own) {
            guard let change = change(entry.line), change.author == author, insert(change, entry.line, nil) else {
                continue
            }
            _ = update(change.id) { _ in (.queued, true) }
            replica[.own]?.removeAll { $0.position == entry.position }
            count += 1
        }
        return count
    }

    private func insert(_ entries: [ReplicaEntry], _ mailbox: ReplicaMailbox) {
        var stored = self.entries(mailbox)
        for entry in entries {
            if let index = stored.firstIndex(where: { $0.position >= entry.position }) {
                if stored[index].position == entry.position {
                    stored[index] = entry
                } else {
                    stored.insert(entry, at: index)
                }
            } else {
                stored.append(entry)
            }
            stored.removeAll { $0.position > Self.leftBehind && $0.line == entry.line }
            outbox.removeAll { item in
                if case .refused = item.state { return false }
                return item.line == entry.line
            }
        }
        replica[mailbox] = stored
    }
}

/// A client's store: its disk as one process sees it. Each method is one transaction, and may be the last thing that the
/// process does, before it or after it.
final class SimulatedStore: ClientStore, @unchecked Sendable {
    private let disk: ClientDisk
    private let stepper: Stepper
    private let process: SimulatedProcess
    private let witness: Witness
    private let profile: String
    private let history: Int

    init(_ disk: ClientDisk, stepper: Stepper, process: SimulatedProcess, witness: Witness, profile: String) {
        self.disk = disk
        self.stepper = stepper
        self.process = process
        self.witness = witness
        self.profile = profile
        history = witness.history
    }

    private func read<Value>(_ body: (ClientDisk) -> Value) async throws(ClientError) -> Value {
        await wait()
        try checkAlive()
        return body(disk)
    }

    private func write<Value>(_ body: (ClientDisk) -> Value) async throws(ClientError) -> Value {
        await wait()
        try checkAlive()
        if let fault = disk.nextFault {
            disk.nextFault = nil
            throw ClientError(fault)
        }
        let before = disk.outbox
        let value = body(disk)
        witness.outboxChanged(profile, from: before, to: disk)
        await stepper.pause()
        try checkAlive()
        return value
    }

    private func wait() async {
        await stepper.pause()
        if process.pausedUntil > stepper.now { await stepper.sleep(process.pausedUntil - stepper.now) }
    }

    private func checkAlive() throws(ClientError) { if process.isDead { throw ClientError(.storeFailed) } }

    func enqueue(_ change: Change, line: [UInt8], key: String?) async throws(ClientError) -> Bool {
        try await write { disk in disk.insert(change, line, key) }
    }

    func outbox() async throws(ClientError) -> [OutboxItem] { try await read { $0.outbox } }

    func noteTried(_ ids: [ChangeID]) async throws(ClientError) -> Set<ChangeID> {
        guard !ids.isEmpty else { return [] }
        return try await write { disk in
            Set(ids.filter { id in disk.update(id) { $0.state == .queued ? (.queued, true) : nil } })
        }
    }

    func settle(_ id: ChangeID, as state: OutboxItem.State) async throws(ClientError) {
        try await write { disk in
            _ = disk.update(id) { item in
                if case .queued = state {
                    if case .refused = item.state { return (state, item.isTried) }
                    return nil
                }
                return (state, item.isTried)
            }
            if case .accepted = state, disk.hasInReplica(id) { disk.outbox.removeAll { $0.change.id == id } }
        }
    }

    func giveUp(_ id: ChangeID) async throws(ClientError) -> Bool {
        try await write { disk in
            guard let item = disk.outbox.first(where: { $0.change.id == id }) else { return false }
            switch item.state {
            case .refused: break
            case .queued where !item.isTried: break
            default: return false
            }
            witness.gaveUp([item])
            disk.outbox.removeAll { $0.change.id == id }
            return true
        }
    }

    func replace(
        _ old: [OutboxItem], with new: [(change: Change, line: [UInt8], key: String?)]
    ) async throws(ClientError) -> Bool {
        try await write { disk in
            let before = (disk.outbox, disk.keys)
            for item in old {
                guard
                    let index = disk.outbox.firstIndex(where: {
                        $0.change.id == item.change.id && $0.state == item.state && $0.isTried == item.isTried
                    })
                else {
                    (disk.outbox, disk.keys) = before
                    return false
                }
                disk.outbox.remove(at: index)
            }
            for item in new where !disk.insert(item.change, item.line, item.key) {
                (disk.outbox, disk.keys) = before
                return false
            }
            witness.gaveUp(old)
            return true
        }
    }

    func offerAgain() async throws(ClientError) {
        try await write { disk in
            for item in disk.outbox {
                if case .accepted = item.state { _ = disk.update(item.change.id) { (.queued, $0.isTried) } }
            }
        }
    }

    func settleRepeats() async throws(ClientError) -> [ChangeID] {
        try await write { disk in
            var settled: [ChangeID] = []
            let known = disk.entries(.own).compactMap { disk.change($0.line) }
            for item in disk.outbox {
                guard case .refused(let refusal) = item.state, refusal.code == .idTaken,
                    known.contains(where: { $0.id == item.change.id && item.change.asks(theSameAs: $0) })
                else { continue }
                settled.append(item.change.id)
            }
            disk.outbox.removeAll { settled.contains($0.change.id) }
            return settled
        }
    }

    func cursor(of mailbox: ReplicaMailbox) async throws(ClientError) -> String {
        try await read { $0.cursors[mailbox] ?? "0" }
    }

    func store(_ page: ReplicaPage, of mailbox: ReplicaMailbox) async throws(ClientError) -> Bool {
        try await write { disk in
            let isStored = disk.store(page, mailbox)
            // What came of a history that was lost meanwhile says nothing about this one.
            if isStored, history == witness.history { witness.stored(page, mailbox, profile, disk) }
            return isStored
        }
    }

    /// Nothing is kept beside the lines here.
    func catchUp() async throws(ClientError) {}

    func leftBehind() async throws(ClientError) -> Int { try await read { $0.leftBehind(.own).count } }

    func offerLeftBehind(of author: Address) async throws(ClientError) -> Int {
        try await write { $0.offerLeftBehind(of: author) }
    }

    func entries(of mailbox: ReplicaMailbox) async throws(ClientError) -> [ReplicaEntry] {
        try await read { $0.entries(mailbox) }
    }

    func snapshot() async throws(ClientError) -> StoreSnapshot {
        try await read { disk in
            StoreSnapshot(
                directory: disk.entries(.directory), own: disk.entries(.own), outbox: disk.outbox, keys: disk.keys)
        }
    }

    func snapshot(of part: ReplicaPart) async throws(ClientError) -> StoreSnapshot {
        try await read { disk in
            let own = disk.entries(.own).filter { entry in
                disk.change(entry.line).map { part.includes($0.subject, outbox: disk.outbox) } ?? false
            }
            return StoreSnapshot(directory: disk.entries(.directory), own: own, outbox: disk.outbox)
        }
    }

    /// All letters whole, as if the outbox were about each.
    func letters(with kinds: [String]) async throws(ClientError) -> LetterSnapshot {
        try await read { disk in
            LetterSnapshot(
                directory: disk.entries(.directory), outbox: disk.outbox, own: disk.entries(.own), others: [])
        }
    }

    /// Files aren't simulated: nothing is said to be here.
    func entriesLackingFiles() async throws(ClientError) -> [ReplicaEntry] {
        try await read { disk in disk.entries(.own).filter { disk.change($0.line)?.body.files.isEmpty == false } }
    }

    func noteFilesHere(_ ids: [ChangeID]) async throws(ClientError) {}

    func search(_ query: SearchQuery) async throws(ClientError) -> [SearchHit] { [] }
}
