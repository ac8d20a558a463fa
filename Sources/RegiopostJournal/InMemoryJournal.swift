import RegiopostModel

/// A journal that ends with the process: for tests and trying out.
public actor InMemoryJournal: Journal {
    private struct Record {
        let proposal: Proposal
        let receipt: Receipt
        /// 1, 2, 3 … in its subject.
        let number: Int
    }

    private struct Subject {
        /// Indices into `records`, in order.
        var changes: [Int] = []
        /// How many of `changes` each mailbox holds, of all that ever were in the audience.
        var held: [Mailbox: Int] = [:]
        var audience: Set<Mailbox> = []
    }

    /// Names this history.
    public nonisolated let epoch: String
    private var records: [Record] = []
    private var indexByID: [ChangeID: Int] = [:]
    private var subjects: [SubjectID: Subject] = [:]
    private var deliveries: [Mailbox: [Int]] = [:]
    private var citations: [Digest: Set<SubjectID>] = [:]
    private var settings: [String: [UInt8]] = [:]
    private var isClosed = false

    /// Makes an empty journal.
    public init(epoch: String) {
        self.epoch = epoch
    }

    /// Writes what fits, in the order given, and answers each proposal.
    public func append(_ proposals: [Proposal]) throws(JournalError) -> [AppendOutcome] {
        try checkOpen()
        return proposals.map { append($0) }
    }

    private func append(_ proposal: Proposal) -> AppendOutcome {
        if let index = indexByID[proposal.id] {
            let first = records[index]
            return first.receipt.digest == proposal.digest
                ? .already(first.receipt)
                : .idTaken(first.receipt, sameAuthor: first.proposal.author == proposal.author)
        }
        var subject = subjects[proposal.subject] ?? Subject()
        let head = subject.changes.last.map { records[$0].proposal.id }
        guard head == proposal.expectedHead else { return .headMoved(current: head) }
        for (other, expected) in proposal.otherHeads {
            let current = subjects[other]?.changes.last.map { records[$0].proposal.id }
            guard current == expected else { return .headMoved(current: current) }
        }
        let directoryHead = deliveries[.directory]?.count ?? 0
        guard directoryHead == proposal.expectedDirectoryHead else {
            return .directoryMoved(current: directoryHead)
        }

        subject.changes.append(records.count)
        subject.audience = proposal.mailboxes
        for mailbox in proposal.mailboxes {
            deliveries[mailbox, default: []] += subject.changes[(subject.held[mailbox] ?? 0)...]
            subject.held[mailbox] = subject.changes.count
        }
        subjects[proposal.subject] = subject
        for file in proposal.cites { citations[file, default: []].insert(proposal.subject) }

        let isAuthorThere = proposal.mailboxes.contains(proposal.author)
        let receipt = Receipt(
            id: proposal.id, digest: proposal.digest,
            position: isAuthorThere ? deliveries[proposal.author]?.count ?? 0 : 0, receivedAt: proposal.receivedAt)
        indexByID[proposal.id] = records.count
        records.append(Record(proposal: proposal, receipt: receipt, number: subject.changes.count))
        for fill in proposal.fills { self.fill(fill.to, from: fill.from) }
        return .appended(receipt)
    }

    private func fill(_ mailbox: Mailbox, from other: Mailbox) {
        guard mailbox != other else { return }
        var touched: Set<SubjectID> = []
        for index in deliveries[other] ?? [] {
            let id = records[index].proposal.subject
            touched.insert(id)
            if records[index].number > subjects[id]?.held[mailbox] ?? 0 {
                deliveries[mailbox, default: []].append(index)
            }
        }
        for id in touched {
            guard var subject = subjects[id] else { continue }
            subject.held[mailbox] = max(subject.held[mailbox] ?? 0, subject.held[other] ?? 0)
            if subject.audience.contains(other) { subject.audience.insert(mailbox) }
            subjects[id] = subject
        }
    }

    /// The receipt given to that change, or `nil`.
    public func receipt(of id: ChangeID) throws(JournalError) -> StoredReceipt? {
        try checkOpen()
        guard let index = indexByID[id] else { return nil }
        let record = records[index]
        return StoredReceipt(
            receipt: record.receipt, author: record.proposal.author, subject: record.proposal.subject)
    }

    /// The mailbox's entries after a position, as many as the limit allows.
    public func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) throws(JournalError) -> MailboxPage {
        try checkOpen()
        let delivered = deliveries[mailbox] ?? []
        var entries: [MailboxEntry] = []
        var bytes = 0
        for offset in delivered.indices.dropFirst(max(position, 0)).prefix(limit.records) {
            let proposal = records[delivered[offset]].proposal
            bytes += proposal.line.count
            guard entries.isEmpty || bytes <= limit.bytes else { break }
            entries.append(
                MailboxEntry(
                    position: offset + 1, line: proposal.line, digest: proposal.digest,
                    receivedAt: proposal.receivedAt, number: delivered[offset] + 1))
        }
        return MailboxPage(entries: entries, head: delivered.count)
    }

    /// Where the mailbox ends.
    public func head(of mailbox: Mailbox) throws(JournalError) -> MailboxHead {
        try checkOpen()
        guard let delivered = deliveries[mailbox], let last = delivered.last else { return .empty }
        return MailboxHead(position: delivered.count, digest: records[last].proposal.digest)
    }

    /// The digest of the change at a position; `nil` where there is none.
    public func digest(in mailbox: Mailbox, at position: Int) throws(JournalError) -> Digest? {
        try checkOpen()
        guard let delivered = deliveries[mailbox], position >= 1, position <= delivered.count else { return nil }
        return records[delivered[position - 1]].proposal.digest
    }

    /// All changes of a subject in order.
    public func changes(of subject: SubjectID) throws(JournalError) -> [StoredChange] {
        try checkOpen()
        return (subjects[subject]?.changes ?? []).map { index in
            let proposal = records[index].proposal
            return StoredChange(
                id: proposal.id, line: proposal.line, digest: proposal.digest, author: proposal.author,
                receivedAt: proposal.receivedAt)
        }
    }

    /// The subject's audience since its last change.
    public func mailboxes(of subject: SubjectID) throws(JournalError) -> Set<Mailbox> {
        try checkOpen()
        return subjects[subject]?.audience ?? []
    }

    /// The subjects with a change that cites a file of that digest, by name.
    public func subjects(citing file: Digest) throws(JournalError) -> [SubjectID] {
        try checkOpen()
        return (citations[file] ?? []).sorted { $0.text < $1.text }
    }

    /// Refuses everything from here on.
    public func close() {
        isClosed = true
    }

    private func checkOpen() throws(JournalError) {
        if isClosed { throw .closed }
    }
}

extension InMemoryJournal: SettingStore {
    /// The value of that name, or `nil`.
    public func setting(_ name: String) throws(JournalError) -> [UInt8]? {
        try checkOpen()
        return settings[name]
    }

    /// Keeps a value, or with `nil` forgets it.
    public func set(_ name: String, to value: [UInt8]?) throws(JournalError) {
        try checkOpen()
        settings[name] = value
    }
}
