import RegiopostJournal
import RegiopostModel

/// A journal that stands before another one: what it doesn't do in a way of its own, the one behind does.
public protocol ForwardingJournal: Journal {
    /// The journal that answers.
    var behind: any Journal { get async }
}

extension ForwardingJournal {
    /// What the journal behind answers.
    public func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? {
        try await behind.receipt(of: id)
    }

    /// What the journal behind answers.
    public func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) async throws(JournalError) -> MailboxPage {
        try await behind.page(of: mailbox, after: position, limit: limit)
    }

    /// What the journal behind answers.
    public func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead {
        try await behind.head(of: mailbox)
    }

    /// What the journal behind answers.
    public func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        try await behind.digest(in: mailbox, at: position)
    }

    /// What the journal behind answers.
    public func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        try await behind.changes(of: subject)
    }

    /// What the journal behind answers.
    public func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        try await behind.mailboxes(of: subject)
    }

    /// What the journal behind answers.
    public func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try await behind.subjects(citing: file)
    }

    /// Closes the journal behind.
    public func close() async throws(JournalError) { try await behind.close() }
}
