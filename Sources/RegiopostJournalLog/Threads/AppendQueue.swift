import RegiopostJournal

/// The calls that wait to be appended.
struct AppendCall: Sendable {
    let proposals: [Proposal]
    let answer: @Sendable (Result<[AppendOutcome], JournalError>) -> Void
}

/// Hands calls to the one thread that appends. What came in while it was writing is written together.
final class AppendQueue: Sendable {
    private struct State {
        var calls: [AppendCall] = []
        var isClosing = false
        var isOver = false
    }

    private let monitor = Monitor(State())

    /// Begins; `append` gets all calls that wait, and `ended` is called when no more come.
    func start(
        _ append: @escaping @Sendable ([AppendCall]) -> Void, ended: @escaping @Sendable () -> Void
    ) throws {
        try startThread("journal-append") { [monitor] in
            while true {
                let calls = monitor.wait { state -> Wait<[AppendCall]> in
                    if state.calls.isEmpty, !state.isClosing { return .wait(milliseconds: nil) }
                    defer { state.calls = [] }
                    return .go(state.calls)
                }
                if calls.isEmpty { break }
                append(calls)
            }
            ended()
            monitor.change { $0.isOver = true }
        }
    }

    /// Puts a call behind all others; false where the queue was closed.
    func add(_ call: AppendCall) -> Bool {
        monitor.change { state in
            guard !state.isClosing else { return false }
            state.calls.append(call)
            return true
        }
    }

    /// Takes nothing more, and returns when everything has its answer.
    func close() {
        monitor.change { $0.isClosing = true }
        monitor.wait { $0.isOver ? .go(()) : .wait(milliseconds: nil) }
    }
}
