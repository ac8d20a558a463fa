import RegiopostJournal
import RegiopostModel
import Synchronization

/// A journal whose disk fails writes while a switch is on.
struct BreakingJournal: Journal, SettingStore {
    final class BreakSwitch: Sendable {
        let isOn = Mutex(false)
    }

    let inner: any Journal & SettingStore
    let breaking: BreakSwitch

    var epoch: String { inner.epoch }

    func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        if breaking.isOn.withLock({ $0 }) { throw JournalError(.ioFailed, "The disk is broken.") }
        return try await inner.append(proposals)
    }

    func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? { try await inner.receipt(of: id) }

    func page(of mailbox: Mailbox, after position: Int, limit: PageLimit) async throws(JournalError) -> MailboxPage
    {
        try await inner.page(of: mailbox, after: position, limit: limit)
    }

    func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead { try await inner.head(of: mailbox) }

    func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        try await inner.digest(in: mailbox, at: position)
    }

    func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        try await inner.changes(of: subject)
    }

    func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        try await inner.mailboxes(of: subject)
    }

    func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try await inner.subjects(citing: file)
    }

    func setting(_ name: String) async throws(JournalError) -> [UInt8]? { try await inner.setting(name) }

    func set(_ name: String, to value: [UInt8]?) async throws(JournalError) { try await inner.set(name, to: value) }

    func close() async throws(JournalError) { try await inner.close() }
}
