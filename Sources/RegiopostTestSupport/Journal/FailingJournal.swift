import RegiopostJournal
import RegiopostModel

/// A journal whose disk fails when a test says so: from then on no append succeeds, as `Journal` promises, and
/// reading goes on.
public actor FailingJournal: Journal {
    /// What is really on the disk after an append that failed: nobody can tell until the journal is opened again.
    public enum Reached: Sendable {
        case nothing
        case everything
    }

    /// Names the history of the journal behind.
    public nonisolated let epoch: String
    private let journal: any Journal
    private var next: (error: JournalError, reached: Reached)?
    private var failure: JournalError?

    /// Stands before a journal; `journal` itself is what a test opens again.
    public init(_ journal: any Journal) {
        self.journal = journal
        epoch = journal.epoch
    }

    /// Lets the next append fail.
    public func failNextAppend(_ code: JournalError.Code = .ioFailed, reached: Reached) {
        next = (JournalError(code, "The disk failed, because a test wanted it to."), reached)
    }

    /// Appends to the journal behind, or fails.
    public func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        if let failure { throw .stopped(after: failure) }
        guard let next else { return try await journal.append(proposals) }
        // Before anything else can come in between.
        failure = next.error
        if next.reached == .everything { _ = try await journal.append(proposals) }
        throw next.error
    }

    /// What the journal behind answers.
    public func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? {
        try await journal.receipt(of: id)
    }

    /// What the journal behind answers.
    public func page(
        of mailbox: Mailbox, after position: Int, limit: PageLimit
    ) async throws(JournalError) -> MailboxPage {
        try await journal.page(of: mailbox, after: position, limit: limit)
    }

    /// What the journal behind answers.
    public func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead {
        try await journal.head(of: mailbox)
    }

    /// What the journal behind answers.
    public func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        try await journal.digest(in: mailbox, at: position)
    }

    /// What the journal behind answers.
    public func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        try await journal.changes(of: subject)
    }

    /// What the journal behind answers.
    public func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        try await journal.mailboxes(of: subject)
    }

    /// What the journal behind answers.
    public func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try await journal.subjects(citing: file)
    }

    /// Closes the journal behind.
    public func close() async throws(JournalError) {
        try await journal.close()
    }
}
