import RegiopostCrypto
import RegiopostModel
import RegiopostWire

extension SyncEngine {
    /// Gives back to a server that was restored from a backup what it had delivered here and has lost, and the files that this
    /// cites. Replica and outbox stay as they are: what comes in meanwhile is what the backup has.
    func giveBack(into report: inout SyncReport) async throws(ClientError) {
        var recovery = SyncReport.Recovery()
        var lost: [ReplicaEntry] = []
        for mailbox in [ReplicaMailbox.directory, .own] {
            let end = try await connection.end(of: mailbox)
            let entries = Self.lost(of: try await store.entries(of: mailbox), after: end)
            try await giveBack(entries, of: mailbox, &recovery)
            lost += entries
        }
        for file in Self.cited(by: lost) where connection.pieceLimit != nil {
            guard try await files.has(file) else { continue }
            // What the server doesn't take, the operator's report names.
            _ = try await upload([file])
        }
        report.recovery = recovery
        report.postponed = try await store.outbox().count { $0.state == .queued }
    }

    /// What was written here, was accepted, and is lost at a server that can't be given it back any more, is offered to it as
    /// new; the mailboxes have been read to their end, by this sync or by those that were cut off before. The rest stays here
    /// to be read, and is counted once.
    func offerLeftBehind(into report: inout SyncReport) async throws(ClientError) {
        guard try await store.leftBehind() > 0 else { return }
        var isNews = !report.resynced.isEmpty
        if let address = connection.address, try await store.offerLeftBehind(of: address) > 0 {
            isNews = true
            try await push(into: &report)
            try await pull(.own, into: &report)
        }
        if isNews { report.leftBehind = try await store.leftBehind() }
    }

    private func giveBack(
        _ entries: [ReplicaEntry], of mailbox: ReplicaMailbox, _ recovery: inout SyncReport.Recovery
    ) async throws(ClientError) {
        var rest = entries[...]
        while !rest.isEmpty {
            let (answers, failure) = await connection.giveBack(Array(rest.prefix(Self.pipelined)), of: mailbox)
            for answer in answers {
                switch answer {
                case .kept(isRepeat: false): recovery.returned += 1
                case .kept(isRepeat: true): recovery.known += 1
                case .refused: recovery.refused += 1
                case nil: continue
                }
            }
            if let failure { throw failure }
            rest = rest.dropFirst(Self.pipelined)
        }
    }

    /// What a restored server lacks of a mailbox. Its mailboxes are beginnings of what they were; where this copy is of another
    /// history, all of it may be lacking. What came without a receipt can't be given back. O(entries).
    static func lost(of entries: [ReplicaEntry], after end: MailboxEnd) -> [ReplicaEntry] {
        let isBeginning =
            end.position == 0
            || entries.contains { entry in
                entry.position == end.position && Digest(bytes: SHA256.hash(entry.line)) == end.digest
            }
        return entries.filter { $0.receipt != nil && (!isBeginning || $0.position > end.position) }
    }
}
