import RegiopostJournal
import RegiopostModel

/// A journal whose disk fails when a test says so: from then on no append succeeds, as `Journal` promises, and
/// reading goes on.
public actor FailingJournal: ForwardingJournal {
    /// What is really on the disk after an append that failed: nobody can tell until the journal is opened again.
    public enum Reached: Sendable {
        case nothing
        case everything
    }

    /// Names the history of the journal behind.
    public nonisolated let epoch: String
    /// What really keeps the changes.
    public let behind: any Journal
    private var next: (error: JournalError, reached: Reached)?
    private var failure: JournalError?

    /// Stands before a journal; `journal` itself is what a test opens again.
    public init(_ journal: any Journal) {
        behind = journal
        epoch = journal.epoch
    }

    /// Lets the next append fail.
    public func failNextAppend(_ code: JournalError.Code = .ioFailed, reached: Reached) {
        next = (JournalError(code, "The disk failed, because a test wanted it to."), reached)
    }

    /// Appends to the journal behind, or fails.
    public func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        if let failure { throw .stopped(after: failure) }
        guard let next else { return try await behind.append(proposals) }
        // Before anything else can come in between.
        failure = next.error
        if next.reached == .everything { _ = try await behind.append(proposals) }
        throw next.error
    }
}
