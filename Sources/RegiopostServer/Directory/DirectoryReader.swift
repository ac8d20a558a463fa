import RegiopostJournal
import RegiopostModel
import Synchronization

/// The directory as it is committed, kept folded and read on when it has grown.
final class DirectoryReader: Sendable {
    private struct State {
        var directory = Directory()
        var isStale = true
    }

    private let journal: any Journal
    private let state = Mutex(State())

    init(journal: any Journal) { self.journal = journal }

    /// The directory's mailbox has grown.
    func grew() { state.withLock { $0.isStale = true } }

    /// The directory now. Costs by the changes since the last time.
    func current() async throws(JournalError) -> Directory {
        let (known, isStale) = state.withLock { state in
            defer { state.isStale = false }
            return (state.directory, state.isStale)
        }
        guard isStale else { return known }
        do throws(JournalError) {
            let directory = try await SubjectCache.directory(of: journal, after: known)
            return state.withLock { state in
                // Somebody may have read farther meanwhile.
                if directory.position > state.directory.position { state.directory = directory }
                return state.directory
            }
        } catch {
            grew()
            throw error
        }
    }
}
