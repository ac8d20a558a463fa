import RegiopostModel

/// Brings a profile up to date: sends the outbox, then fetches what is new. Cut off anywhere, it starts again where it
/// was: nothing is lost, and nothing is there twice.
public struct SyncEngine: Sendable {
    /// How many changes are under way to the server at once.
    static let pipelined = 64

    let store: any ClientStore
    let connection: any ServerConnection
    let files: FileFolder
    /// How many bytes of files one sync fetches by itself.
    let fetchLimit: Int

    /// How many bytes of files one sync fetches by itself, unless its user says otherwise: 200 MiB.
    public static let standardFetchLimit = 209_715_200

    /// Makes an engine over a store, the folder of its files and an open connection.
    public init(
        store: any ClientStore, connection: any ServerConnection, files: FileFolder,
        fetchLimit: Int = standardFetchLimit
    ) {
        self.store = store
        self.connection = connection
        self.files = files
        self.fetchLimit = fetchLimit
    }

    /// Sends what is queued and fetches both mailboxes to their end.
    public func sync() async throws(ClientError) -> SyncReport {
        var report = SyncReport()
        if let limit = connection.fileLimit { try await files.noteLimit(limit) }
        if connection.isRecovering {
            try await giveBack(into: &report)
            for mailbox in [ReplicaMailbox.directory, .own] { try await pull(mailbox, into: &report, anew: false) }
            return report
        }
        try await push(into: &report)
        let accepted = try await accepted()
        for mailbox in [ReplicaMailbox.directory, .own] { try await pull(mailbox, into: &report) }
        if try await offerAgain(whatIsLostOf: accepted) {
            try await push(into: &report)
            try await pull(.own, into: &report)
        }
        try await settleRepeats(in: &report)
        try await offerLeftBehind(into: &report)
        try await fetchFiles(of: try await store.entriesLackingFiles(), into: &report)
        // A first sync brings more than one wants to wait for twice: then whoever looks first makes it.
        if report.received.count <= Self.fewChanges { try await store.catchUp() }
        return report
    }

    /// So many changes are taken in, for searches and lists, by the sync that brings them.
    static let fewChanges = 1_000

    /// Syncs, then stores what comes in and sends what other commands queue, until the connection ends.
    ///
    /// - Parameters:
    ///   - pause: waits until the outbox is to be looked at again.
    ///   - onReport: told after the first sync, and after everything that came in or went out.
    public func watch(
        pause: @escaping @Sendable () async throws -> Void, onReport: @escaping @Sendable (SyncReport) async -> Void
    ) async throws(ClientError) {
        let report = try await sync()
        await onReport(report)
        // There is nothing to wait for until its operator has ended that.
        if report.recovery != nil { throw ClientError(Refusal(.recovering)) }
        for mailbox in [ReplicaMailbox.directory, .own] { try await startWatching(mailbox) }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await receive(onReport) }
                group.addTask { try await sendAgain(after: pause, onReport) }
                // Whichever ends first ends the other.
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.interrupted, ["reason": String(describing: error)])
        }
    }

    private func receive(_ onReport: @Sendable (SyncReport) async -> Void) async throws {
        for try await arrival in connection.arrivals {
            var report = SyncReport()
            let page = ReplicaPage(
                entries: arrival.entries, replaces: nil, cursor: arrival.cursor, isFirst: false, isLast: true)
            guard try await take(page, of: arrival.mailbox, into: &report) else { throw Self.overtaken }
            try await settleRepeats(in: &report)
            try await fetchFiles(of: arrival.entries, into: &report)
            await onReport(report)
            try await store.catchUp()
        }
    }

    private func sendAgain(
        after pause: @Sendable () async throws -> Void, _ onReport: @Sendable (SyncReport) async -> Void
    ) async throws {
        while true {
            try await pause()
            var report = SyncReport()
            try await push(into: &report)
            // Nothing was answered: there is nothing to settle, and no write to disturb other commands with.
            if report == SyncReport() { continue }
            try await settleRepeats(in: &report)
            if report != SyncReport() { await onReport(report) }
        }
    }

    /// Sends what is queued, in order, and nothing that builds on a refused change.
    func push(into report: inout SyncReport) async throws(ClientError) {
        var tried: Set<ChangeID> = []
        var postponed: Set<ChangeID> = []
        while true {
            let items = try await store.outbox()
            let held = OutboxItem.held(in: items)
            for item in items where item.buildsOn.contains(where: postponed.contains) {
                postponed.insert(item.change.id)
            }
            let passedOver = held.union(tried).union(postponed)
            var batch = Self.independent(
                items.filter { $0.state == .queued && !passedOver.contains($0.change.id) })
            guard !batch.isEmpty else { return }
            tried.formUnion(batch.map(\.change.id))
            // What a change cites is there before it.
            for item in batch where !item.change.body.files.isEmpty {
                guard case .refused(let refusal, let retry) = try await upload(item.change.body.files) else {
                    continue
                }
                if retry == .later { postponed.insert(item.change.id) }
                try await settle(item, .refused(refusal, retry), into: &report)
                batch.removeAll { $0.change.id == item.change.id }
            }
            let noted = try await store.noteTried(batch.filter { !$0.isTried }.map(\.change.id))
            // What its user gave up a moment ago stays here.
            batch.removeAll { !$0.isTried && !noted.contains($0.change.id) }
            let (answers, failure) = await connection.push(batch.map(\.line))
            for (item, answer) in zip(batch, answers) {
                guard let answer else { continue }
                if case .refused(_, .later) = answer { postponed.insert(item.change.id) }
                try await settle(item, answer, into: &report)
            }
            if let failure { throw failure }
        }
    }

    /// As many items from the front as may be under way together: none of them builds on another, because what becomes
    /// of that one decides whether it is sent at all.
    private static func independent(_ items: [OutboxItem]) -> [OutboxItem] {
        var batch: [OutboxItem] = []
        var ids: Set<ChangeID> = []
        for item in items.prefix(pipelined) {
            guard !item.buildsOn.contains(where: ids.contains) else { break }
            batch.append(item)
            ids.insert(item.change.id)
        }
        return batch
    }

    private func settle(
        _ item: OutboxItem, _ answer: PushAnswer, into report: inout SyncReport
    ) async throws(ClientError) {
        let id = item.change.id
        switch answer {
        case .accepted(let position, let receivedAt):
            try await store.settle(id, as: .accepted(position: position, receivedAt: receivedAt))
            report.sent.append(SyncReport.Sent(change: item.change, position: position, receivedAt: receivedAt))
        case .refused(_, .later): report.postponed += 1
        case .refused(let refusal, _):
            try await store.settle(id, as: .refused(refusal))
            report.refused.append(item.change)
        }
    }

    /// Reads a mailbox to its end: asks for a page, and where there are more for all of them.
    ///
    /// - Parameter anew: whether to begin again where the server has another history; else what is here stays as it is.
    func pull(
        _ mailbox: ReplicaMailbox, into report: inout SyncReport, anew: Bool = true
    ) async throws(ClientError) {
        var cursor = try await store.cursor(of: mailbox)
        var beginsAnew = false
        while true {
            let asked = beginsAnew ? "0" : cursor
            switch try await connection.pull(mailbox, after: asked) {
            case .page(let entries, let next, let more):
                let page = ReplicaPage(
                    entries: entries, replaces: cursor, cursor: next, isFirst: asked == "0", isLast: !more)
                beginsAnew = false
                guard try await take(page, of: mailbox, into: &report) else {
                    // Another process of the same user synced in between: go on where it came to.
                    cursor = try await store.cursor(of: mailbox)
                    continue
                }
                guard more, try await !readOn(mailbox, after: next, into: &report) else { return }
                cursor = try await store.cursor(of: mailbox)
            case .resync where !anew: return
            case .resync:
                guard asked != "0" else {
                    throw ClientError(.protocolBroken, ["reason": "resync from the beginning"])
                }
                report.resynced.append(mailbox)
                beginsAnew = true
            }
        }
    }

    /// Keeps the pages after a cursor while the next ones come.
    ///
    /// - Returns: whether that came to its end; else another process of the same user synced in between.
    private func readOn(
        _ mailbox: ReplicaMailbox, after start: String, into report: inout SyncReport
    ) async throws(ClientError) -> Bool {
        var cursor = start
        var isFollowed = true
        try await connection.read(mailbox, after: start) { (page) async throws(ClientError) -> Bool in
            let next = ReplicaPage(
                entries: page.entries, replaces: cursor, cursor: page.cursor, isFirst: false, isLast: page.isLast)
            cursor = page.cursor
            isFollowed = try await take(next, of: mailbox, into: &report)
            return isFollowed
        }
        return isFollowed
    }

    /// What the server has accepted and should hand back.
    private func accepted() async throws(ClientError) -> Set<ChangeID> {
        Set(
            try await store.outbox().compactMap { item in
                // One that isn't in its author's own mailbox has no position there.
                if case .accepted(let position, _) = item.state, position > 0 { item.change.id } else { nil }
            })
    }

    /// Queues again what was accepted before the own mailbox was read to its end and didn't come with it: a restore from
    /// backup has lost it. A cursor doesn't always tell, as the one of a mailbox never read fits every history.
    ///
    /// - Returns: whether there was any.
    private func offerAgain(whatIsLostOf accepted: Set<ChangeID>) async throws(ClientError) -> Bool {
        guard !accepted.isEmpty, !accepted.isDisjoint(with: try await self.accepted()) else { return false }
        try await store.offerAgain()
        return true
    }

    /// What was refused only because another machine had asked for the same first is done, not refused.
    private func settleRepeats(in report: inout SyncReport) async throws(ClientError) {
        let settled = Set(try await store.settleRepeats())
        report.refused.removeAll { settled.contains($0.id) }
    }

    private func startWatching(_ mailbox: ReplicaMailbox) async throws(ClientError) {
        let cursor = try await store.cursor(of: mailbox)
        guard case .page(let entries, let next, _) = try await connection.watch(mailbox, after: cursor) else {
            throw ClientError(.interrupted, ["reason": "resync"])
        }
        var report = SyncReport()
        let page = ReplicaPage(
            entries: entries, replaces: cursor, cursor: next, isFirst: cursor == "0", isLast: true)
        guard try await take(page, of: mailbox, into: &report) else { throw Self.overtaken }
    }

    /// Another process began the replica anew while this one watched.
    private static let overtaken = ClientError(.interrupted, ["reason": "another sync began anew"])

    /// Stores a page and says so to the server.
    ///
    /// - Returns: `false` where the page doesn't follow what is stored, and nothing of it was.
    private func take(
        _ page: ReplicaPage, of mailbox: ReplicaMailbox, into report: inout SyncReport
    ) async throws(ClientError) -> Bool {
        guard try await store.store(page, of: mailbox) else { return false }
        guard mailbox == .own else { return true }
        report.received += page.entries
        if page.isLast, !page.entries.isEmpty { try await connection.stored(mailbox, upTo: page.cursor) }
        return true
    }
}
