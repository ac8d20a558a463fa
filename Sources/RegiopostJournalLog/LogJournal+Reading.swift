import RegiopostJournal
import RegiopostModel

extension LogJournal {
    /// The receipt given to that change, or `nil`. O(log n).
    public func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? {
        try checkOpen()
        return try engine.reader.receipt(of: id)
    }

    /// The mailbox's entries after a position, as many as the limit allows.
    public func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) async throws(JournalError) -> MailboxPage {
        try checkOpen()
        let reader = engine.reader
        if let page = try reader.quickPage(of: mailbox, after: position, limit: limit) { return page }
        // Long reads don't hold up the threads that everything else runs on.
        return try await engine.reading { () throws(JournalError) in
            try reader.page(of: mailbox, after: position, limit: limit)
        }
    }

    /// A page that is in memory: what was appended so shortly ago that it isn't indexed yet, or nothing.
    public func pageAtHand(of mailbox: Mailbox, after position: Int, limit: PageLimit) -> MailboxPage? {
        guard isOpen else { return nil }
        return try? engine.reader.pageAtHand(of: mailbox, after: position, limit: limit)
    }

    /// Where a mailbox ends whose end was asked for since it last grew.
    public func headAtHand(of mailbox: Mailbox) -> MailboxHead? {
        isOpen ? engine.reader.headAtHand(of: mailbox) : nil
    }

    /// Where the mailbox ends. O(log n), and O(1) for one that was asked for or grew before.
    public func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead {
        try checkOpen()
        return try engine.reader.head(of: mailbox)
    }

    /// The digest of the change at a position; `nil` where there is none. O(log n).
    public func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        try checkOpen()
        return try engine.reader.digest(in: mailbox, at: position)
    }

    /// All changes of a subject in order. Costs by their number.
    public func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        try checkOpen()
        return try engine.reader.changes(of: subject)
    }

    /// The subject's audience since its last change.
    public func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        try checkOpen()
        return try engine.reader.mailboxes(of: subject)
    }

    /// The subjects with a change that cites a file of that digest, by name.
    public func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try checkOpen()
        return try engine.reader.subjects(citing: file)
    }
}

extension LogJournal: SettingStore {
    /// The value of that name, or `nil`.
    public func setting(_ name: String) async throws(JournalError) -> [UInt8]? {
        try await register.read { try SQLStatement(.setting, in: $0).first(name) { $0.bytes(0) } }
    }

    /// Keeps a value, or with `nil` forgets it.
    public func set(_ name: String, to value: [UInt8]?) async throws(JournalError) {
        _ = try await register.write { database in
            if let value {
                try SQLStatement(.keepSetting, in: database).run(name, value)
            } else {
                try SQLStatement(.forgetSetting, in: database).run(name)
            }
        }
    }
}
