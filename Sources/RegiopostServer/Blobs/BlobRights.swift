import RegiopostJournal
import RegiopostModel

/// Who may have a blob beside those who uploaded it: whoever sees, now, a change that cites it.
struct BlobRights: Sendable {
    let journal: any Journal
    let directory: DirectoryReader

    /// Why an address may have nothing now, because its mandate or its organisation has ended; `nil` where it may.
    func refusal(of address: Address) async throws(JournalError) -> Refusal? {
        try await directory.current().refusal(of: address)
    }

    /// Whether any change cites it.
    func isCited(_ digest: Digest) async throws(JournalError) -> Bool {
        try await !journal.subjects(citing: digest).isEmpty
    }

    /// Whether a change cites it that this address sees. Costs by the changes of the subjects that do.
    func isCited(_ digest: Digest, visibleTo address: Address) async throws(JournalError) -> Bool {
        let subjects = try await journal.subjects(citing: digest)
        guard !subjects.isEmpty else { return false }
        let directory = try await directory.current()
        for id in subjects {
            let subject = try SubjectCache.subject(id, of: try await journal.changes(of: id))
            guard let state = subject.state else { continue }
            if Audience.includes(address, state, in: directory) { return true }
        }
        return false
    }
}
