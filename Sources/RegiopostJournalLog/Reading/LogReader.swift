import RegiopostJournal
import RegiopostModel

/// Answers what is in the journal: from memory what is new, the rest from index and log.
final class LogReader: Sendable {
    /// The connections to the index: those that nobody uses, and how many are in use. There are never more than
    /// threads that read at once.
    private struct Connections {
        var free: [IndexConnection] = []
        var used = 0
        var isClosed = false
    }

    private let overlay: SharedOverlay
    private let segments: SegmentFiles
    private let index: IndexFile
    private let connections = Monitor(Connections())

    init(_ overlay: SharedOverlay, _ segments: SegmentFiles, _ index: IndexFile) {
        self.overlay = overlay
        self.segments = segments
        self.index = index
    }

    /// Waits for those who read, and gives all connections back.
    func close() {
        connections.change { $0.isClosed = true }
        let free = connections.wait { state -> Wait<[IndexConnection]> in
            guard state.used == 0 else { return .wait(milliseconds: nil) }
            defer { state.free = [] }
            return .go(state.free)
        }
        for connection in free { connection.close() }
    }

    /// Reads the index as it is now.
    private func read<Value>(
        _ body: (IndexConnection) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        let (isClosed, known) = connections.change(wakes: false) { state -> (Bool, IndexConnection?) in
            guard !state.isClosed else { return (true, nil) }
            state.used += 1
            return (false, state.free.popLast())
        }
        if isClosed { throw .closed }
        var connection = known
        do throws(JournalError) {
            let opened = if let known { known } else { try index.reader() }
            connection = opened
            try opened.run(.begin)
            let value = try body(opened)
            try opened.run(.commit)
            giveBack(opened)
            return value
        } catch {
            // It may be in the middle of something.
            connection?.close()
            giveBack(nil)
            throw error
        }
    }

    private func giveBack(_ connection: IndexConnection?) {
        connections.change { state in
            state.used -= 1
            if let connection { state.free.append(connection) }
        }
    }

    // MARK: Changes

    func receipt(of id: ChangeID) throws(JournalError) -> StoredReceipt? {
        let known = overlay.withLock { overlay in
            overlay.sequence(of: id).flatMap { overlay.record($0) }.map { RecordSource($0) }
        }
        var source = known
        if source == nil {
            source = try read { (index) throws(JournalError) in
                guard let sequence = try index.sequence(of: id) else { return nil }
                return .log(try index.place(of: sequence))
            }
        }
        guard let source else { return nil }
        let head = try segments.head(source)
        guard let subject = SubjectID(head.subject) else { throw SegmentFiles.noRecord(source.stored.place) }
        return StoredReceipt(receipt: head.receipt, author: head.author, subject: subject)
    }

    func changes(of subject: SubjectID) throws(JournalError) -> [StoredChange] {
        let name = subject.text
        // From the last change back to the first: first those in memory, then those in the index.
        var (sources, next) = overlay.withLock { overlay -> ([RecordSource], Int?) in
            guard var sequence = overlay.subject(name)?.last else { return ([], nil) }
            var sources: [RecordSource] = []
            while sequence > 0, let record = overlay.record(sequence) {
                sources.append(RecordSource(record))
                sequence = record.stored.previous
            }
            return (sources, sequence)
        }
        if next != 0 {
            let older = try read { (index) throws(JournalError) in
                var sources: [RecordSource] = []
                var sequence = next ?? 0
                if next == nil, let state = try index.subject(name) { sequence = state.last }
                while sequence > 0 {
                    let stored = try index.place(of: sequence)
                    sources.append(.log(stored))
                    sequence = stored.previous
                }
                return sources
            }
            sources += older
            next = 0
        }
        var changes: [StoredChange] = []
        changes.reserveCapacity(sources.count)
        for source in sources.reversed() {
            let (head, text) = try segments.whole(source)
            changes.append(
                StoredChange(
                    id: head.id, line: text, digest: head.digest, author: head.author, receivedAt: head.receivedAt))
        }
        return changes
    }

    func mailboxes(of subject: SubjectID) throws(JournalError) -> Set<Mailbox> {
        let name = subject.text
        let (known, names) = overlay.withLock { overlay -> (SubjectState?, [Int: Mailbox]) in
            guard let state = overlay.subject(name) else { return (nil, [:]) }
            var names: [Int: Mailbox] = [:]
            for standing in state.standings where standing.isInAudience {
                names[standing.mailbox] = overlay.mailbox(key: standing.mailbox)
            }
            return (state, names)
        }
        return try read { (index) throws(JournalError) in
            let state = if let known { known } else { try index.subject(name) }
            guard let state else { return [] }
            var mailboxes: Set<Mailbox> = []
            for standing in state.standings where standing.isInAudience {
                if let name = names[standing.mailbox] {
                    mailboxes.insert(name)
                } else {
                    mailboxes.insert(try index.mailbox(key: standing.mailbox).mailbox)
                }
            }
            return mailboxes
        }
    }

    /// In the order of their names.
    func subjects(citing file: Digest) throws(JournalError) -> [SubjectID] {
        var names = overlay.withLock { overlay in
            (overlay.pending.citations[file] ?? []).union(overlay.flushing?.citations[file] ?? [])
        }
        names.formUnion(try read { (index) throws(JournalError) in try index.subjects(citing: file) })
        var subjects: [SubjectID] = []
        for name in names.sorted() {
            guard let subject = SubjectID(name) else { throw IndexConnection.strange() }
            subjects.append(subject)
        }
        return subjects
    }

    // MARK: Mailboxes

    /// Where a mailbox ends, without the digest; `nil` where there is no such mailbox.
    private func end(of mailbox: Mailbox) throws(JournalError) -> Overlay.Head? {
        let (known, published) = overlay.withLock { ($0.head(of: mailbox), $0.published) }
        if let known { return known }
        guard let found = try read({ (index) throws(JournalError) in try index.mailbox(mailbox) }) else {
            return nil
        }
        let head = Overlay.Head(key: found.key, position: found.head, digest: nil)
        // Where something was published in between, this may be old already.
        overlay.withLock { if $0.published == published { $0.remember(head, of: mailbox) } }
        return head
    }

    func head(of mailbox: Mailbox) throws(JournalError) -> MailboxHead {
        guard let end = try end(of: mailbox), end.position > 0 else { return .empty }
        return MailboxHead(position: end.position, digest: try digest(of: end, mailbox))
    }

    /// The digest of a mailbox's last change, which is remembered for as long as that is the last.
    private func digest(of end: Overlay.Head, _ mailbox: Mailbox) throws(JournalError) -> Digest? {
        if let known = end.digest { return known }
        let digest = try digest(end.key, at: end.position)
        let head = Overlay.Head(key: end.key, position: end.position, digest: digest)
        overlay.withLock { if $0.head(of: mailbox)?.position == end.position { $0.remember(head, of: mailbox) } }
        return digest
    }

    func digest(in mailbox: Mailbox, at position: Int) throws(JournalError) -> Digest? {
        guard let end = try end(of: mailbox), position > 0, position <= end.position else { return nil }
        guard position == end.position else { return try digest(end.key, at: position) }
        // Who presents the last cursor comes again with it: then it is at hand.
        return try digest(of: end, mailbox)
    }

    private func digest(_ key: Int, at position: Int) throws(JournalError) -> Digest? {
        let (known, sequence) = overlay.withLock { overlay -> (RecordSource?, Int?) in
            let sequence = overlay.delivered(to: key, at: position)
            return (sequence.flatMap { overlay.record($0) }.map { RecordSource($0) }, sequence)
        }
        if let known { return try segments.head(known).digest }
        let stored = try read { (index) throws(JournalError) -> StoredPlace? in
            let found = if let sequence { sequence } else { try index.delivered(to: key, at: position) }
            guard let sequence = found else { return nil }
            return try index.place(of: sequence)
        }
        return try stored.map { (stored) throws(JournalError) in try segments.head(at: stored).digest }
    }

    // MARK: Pages

    /// A page that is empty or lies wholly in memory; `nil` where it has to be read.
    func quickPage(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) throws(JournalError) -> MailboxPage? {
        guard let end = try end(of: mailbox) else { return MailboxPage(entries: [], head: 0) }
        return try quickPage(end, after: max(position, 0), limit: limit)
    }

    /// As `quickPage`, but `nil` too where it would have to be read where the mailbox ends.
    func pageAtHand(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) throws(JournalError) -> MailboxPage? {
        guard let end = overlay.withLock({ $0.head(of: mailbox) }) else { return nil }
        return try quickPage(end, after: max(position, 0), limit: limit)
    }

    /// Where a mailbox ends, if that is known without reading.
    func headAtHand(of mailbox: Mailbox) -> MailboxHead? {
        guard let end = overlay.withLock({ $0.head(of: mailbox) }), let digest = end.digest else { return nil }
        return MailboxHead(position: end.position, digest: digest)
    }

    private func quickPage(
        _ end: Overlay.Head, after: Int, limit: PageLimit
    ) throws(JournalError) -> MailboxPage? {
        guard after < end.position else { return MailboxPage(entries: [], head: end.position) }
        let sources = overlay.withLock { overlay -> [RecordSource]? in
            guard let found = overlay.deliveries(to: end.key, after: after, limit: limit.records),
                found.first == after + 1
            else { return nil }
            var sources: [RecordSource] = []
            var room = limit.bytes
            for sequence in found.sequences {
                guard let record = overlay.record(sequence), record.group != nil else { return nil }
                room -= record.stored.textBytes
                guard sources.isEmpty || room >= 0 else { break }
                sources.append(RecordSource(record))
            }
            return sources
        }
        guard let sources else { return nil }
        return try page(sources, after: after, head: end.position)
    }

    /// Any page. Costs by its entries.
    func page(of mailbox: Mailbox, after position: Int, limit: PageLimit) throws(JournalError) -> MailboxPage {
        let after = max(position, 0)
        guard let end = try end(of: mailbox) else { return MailboxPage(entries: [], head: 0) }
        guard after < end.position else { return MailboxPage(entries: [], head: end.position) }
        // What is only in memory now may be in the index as well by the time that is read.
        let newer = overlay.withLock {
            overlay -> (first: Int, entries: [(sequence: Int, source: RecordSource?)])? in
            guard let found = overlay.deliveries(to: end.key, after: after, limit: limit.records) else {
                return nil
            }
            return (found.first, found.sequences.map { ($0, overlay.record($0).map { RecordSource($0) }) })
        }
        var room = limit.bytes
        var sources: [RecordSource] = []
        func take(_ source: RecordSource) -> Bool {
            room -= source.stored.textBytes
            guard sources.isEmpty || room >= 0 else { return false }
            sources.append(source)
            return sources.count < limit.records
        }
        try read { (index) throws(JournalError) in
            var isFull = false
            var walk = try PlaceWalk(index)
            try index.deliveries(to: end.key, after: after) { (sequence) throws(JournalError) in
                isFull = !take(.log(try walk.place(of: sequence)))
                return !isFull
            }
            guard let newer else { return }
            for entry in newer.entries.dropFirst(max(after + sources.count + 1 - newer.first, 0)) where !isFull {
                if let source = entry.source {
                    isFull = !take(source)
                } else {
                    isFull = !take(.log(try walk.place(of: entry.sequence)))
                }
            }
        }
        return try page(sources, after: after, head: max(end.position, after + sources.count))
    }

    private func page(
        _ sources: [RecordSource], after: Int, head: Int
    ) throws(JournalError) -> MailboxPage {
        MailboxPage(entries: try segments.entries(sources, from: after + 1), head: head)
    }
}
