import RegiopostJournal
import Synchronization

/// Why nothing is written any more, once that is so. The log and what is kept beside it share one.
final class FirstFailure: Sendable {
    private let state = Mutex<JournalError?>(nil)

    var value: JournalError? { state.withLock { $0 } }

    /// Notes a failure; the first one stays.
    func set(_ error: JournalError) { state.withLock { $0 = $0 ?? error } }
}
