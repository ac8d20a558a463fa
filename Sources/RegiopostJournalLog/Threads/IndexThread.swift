import Glibc
import RegiopostJournal

/// Writes the index behind the log, on a thread of its own: in few large transactions, and not long after.
final class IndexThread: Sendable {
    private struct State {
        /// How much waits to be indexed.
        var records = 0
        var bytes = 0
        /// How many times it was asked for, and done.
        var asked = 0
        var done = 0
        var isClosing = false
        var isOver = false
        /// In milliseconds of the monotonic clock; `nil` where nothing waits.
        var oldest: Int?
    }

    private let monitor = Monitor(State())
    private let sizing: LogSizing

    init(sizing: LogSizing) { self.sizing = sizing }

    /// Begins. `write` brings into the index what waits when it is called; `ended` is called after the last time.
    func start(_ write: @escaping @Sendable () -> Void, ended: @escaping @Sendable () -> Void) throws {
        try startThread("journal-index") { [monitor, sizing] in
            // On Linux that is this thread alone. A change that is waited for goes before what may come a little later.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            while true {
                let (target, isLast) = monitor.wait { state -> Wait<(Int, Bool)> in
                    guard Self.isDue(state, sizing) || state.isClosing else {
                        return .wait(
                            milliseconds: state.oldest.map { max(sizing.indexedMilliseconds - (now() - $0), 1) })
                    }
                    state.records = 0
                    state.bytes = 0
                    state.oldest = nil
                    return .go((state.asked, state.isClosing))
                }
                write()
                if isLast { ended() }
                monitor.change { state in
                    state.done = target
                    state.isOver = isLast
                }
                if isLast { return }
            }
        }
    }

    private static func isDue(_ state: State, _ sizing: LogSizing) -> Bool {
        state.asked > state.done || state.records >= sizing.indexedRecords || state.bytes >= sizing.indexedBytes
            || state.oldest.map { now() - $0 >= sizing.indexedMilliseconds } ?? false
    }

    /// Notes what was published. Waits where too much waits already, so that memory stays bounded.
    func published(records: Int, bytes: Int) {
        let (isTooMuch, wakes) = monitor.change(wakes: false) { state -> (Bool, Bool) in
            state.records += records
            state.bytes += bytes
            let isFirst = state.oldest == nil
            if isFirst { state.oldest = now() }
            let isTooMuch =
                state.records >= sizing.indexedRecords * LogSizing.patience
                || state.bytes >= sizing.indexedBytes * LogSizing.patience
            return (isTooMuch, isFirst || Self.isDue(state, sizing))
        }
        if isTooMuch { return finish() }
        if wakes { monitor.change { _ in } }
    }

    /// Returns when everything that was published is in the index, or can't be.
    func finish() {
        let target = monitor.change { state -> Int in
            state.asked += 1
            return state.asked
        }
        monitor.wait { $0.done >= target || $0.isOver ? .go(()) : .wait(milliseconds: nil) }
    }

    /// Writes what is left and ends the thread.
    func close() {
        monitor.change { $0.isClosing = true }
        monitor.wait { $0.isOver ? .go(()) : .wait(milliseconds: nil) }
    }
}

/// Milliseconds of a clock that only goes forward.
private func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}
