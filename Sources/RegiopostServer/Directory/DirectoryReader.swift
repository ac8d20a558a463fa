import RegiopostJournal
import RegiopostModel
import Synchronization

/// The directory as it is committed, kept folded and read on when it has grown.
final class DirectoryReader: Sendable {
    private struct State {
        var directory = Directory()
        /// How many times it was told to have grown, and how many of these what is kept has.
        var grown = 1
        var read = 0
    }

    private let journal: any Journal
    private let state = Mutex(State())

    init(journal: any Journal) { self.journal = journal }

    /// The directory's mailbox has grown.
    func grew() { state.withLock { $0.grown += 1 } }

    /// The directory now, where nothing has to be read for that.
    var atHand: Directory? { state.withLock { $0.read < $0.grown ? nil : $0.directory } }

    /// The directory now. Costs by the changes since the last time. Who comes while it is being read reads for itself: rights
    /// are never judged by what was there before.
    func current() async throws(JournalError) -> Directory {
        let known = state.withLock { $0 }
        guard known.read < known.grown else { return known.directory }
        let directory = try await SubjectCache.directory(of: journal, after: known.directory)
        return state.withLock { state in
            state.read = max(state.read, known.grown)
            // Somebody may have read farther meanwhile.
            if directory.position > state.directory.position { state.directory = directory }
            return state.directory
        }
    }
}
