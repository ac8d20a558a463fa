import RegiopostJournal
import RegiopostModel

extension SQLiteJournal {
    /// The receipt given to that change, or `nil`. O(log n).
    public func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? {
        try await store.read { database in
            try SQLStatement(.receiptByID, in: database).first(id) { try $0.storedReceipt(of: id) }
        }
    }

    /// The mailbox's entries after a position, as many as the limit allows.
    public func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) async throws(JournalError) -> MailboxPage {
        let name = mailbox.text
        return try await store.read { database in
            let head = try SQLStatement(.mailboxHead, in: database).first(name) { $0.integer(1) } ?? 0
            var room = limit.bytes
            var isFirst = true
            let entries = try SQLStatement(.page, in: database).rows(name, max(position, 0), limit.records) { row in
                room -= row.byteCount(1)
                guard isFirst || room >= 0 else { return MailboxEntry?.none }
                isFirst = false
                return MailboxEntry(
                    position: row.integer(0), line: row.bytes(1), digest: try row.digest(2),
                    receivedAt: row.timestamp(3))
            }
            return MailboxPage(entries: entries, head: head)
        }
    }

    /// Where the mailbox ends. O(log n).
    public func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead {
        let name = mailbox.text
        return try await store.read { database in
            try SQLStatement(.headDigest, in: database).first(name) {
                MailboxHead(position: $0.integer(0), digest: try $0.digest(1))
            } ?? .empty
        }
    }

    /// The digest of the change at a position; `nil` where there is none. O(log n).
    public func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        let name = mailbox.text
        return try await store.read { database in
            try SQLStatement(.digestAt, in: database).first(name, position) { try $0.digest(0) }
        }
    }

    /// All changes of a subject in order. Costs by their number.
    public func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        let name = subject.text
        return try await store.read { database in
            try SQLStatement(.changesOfSubject, in: database).rows(name) { row in
                StoredChange(
                    id: try row.changeID(0), line: row.bytes(1), digest: try row.digest(2),
                    author: try row.mailbox(3), receivedAt: row.timestamp(4))
            }
        }
    }

    /// The subject's audience since its last change.
    public func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        let name = subject.text
        return try await store.read { database in
            Set(try SQLStatement(.audienceOfSubject, in: database).rows(name) { try $0.mailbox(0) })
        }
    }

    /// The subjects with a change that cites a file of that digest, by name.
    public func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try await store.read { database in
            try SQLStatement(.subjectsCiting, in: database).rows(file) { try $0.subject(0) }
        }
    }
}

extension SQLiteJournal: SettingStore {
    /// The value of that name, or `nil`.
    public func setting(_ name: String) async throws(JournalError) -> [UInt8]? {
        try await store.read { try SQLStatement(.setting, in: $0).first(name) { $0.bytes(0) } }
    }

    /// Keeps a value, or with `nil` forgets it.
    public func set(_ name: String, to value: [UInt8]?) async throws(JournalError) {
        _ = try await store.write { database in
            if let value {
                try SQLStatement(.keepSetting, in: database).run(name, value)
            } else {
                try SQLStatement(.forgetSetting, in: database).run(name)
            }
        }
    }
}
