import RegiopostJournal

/// The calls that wait to be appended.
struct AppendCall: Sendable {
    let proposals: [Proposal]
    let answer: @Sendable (Result<[AppendOutcome], JournalError>) -> Void
}

/// Has one thread append at a time: whoever brings a call while nobody writes. It then also writes what others brought
/// meanwhile, together. A lone call is not handed from thread to thread: that would take longer than the disk does.
final class AppendQueue: Sendable {
    private struct State {
        var calls: [AppendCall] = []
        var isWriting = false
        var isClosing = false
        var append: @Sendable ([AppendCall]) -> Void = { _ in }
        var ended: @Sendable () -> Void = {}
    }

    private enum Turn {
        /// Nobody writes: the caller does.
        case own(@Sendable ([AppendCall]) -> Void)
        /// Whoever writes will take it along.
        case others
        case closed
    }

    private let monitor = Monitor(State())

    /// Begins; `append` gets the calls, on the thread of one who brought one, and `ended` is called when no more come.
    func start(_ append: @escaping @Sendable ([AppendCall]) -> Void, ended: @escaping @Sendable () -> Void) {
        monitor.change(wakes: false) { state in
            state.append = append
            state.ended = ended
        }
    }

    /// Writes a call, or leaves it to who is writing; false where the queue was closed. Waits for the disk where it writes.
    func add(_ call: AppendCall) -> Bool {
        let turn = monitor.change(wakes: false) { state -> Turn in
            guard !state.isClosing else { return .closed }
            guard !state.isWriting else {
                state.calls.append(call)
                return .others
            }
            state.isWriting = true
            return .own(state.append)
        }
        switch turn {
        case .closed: return false
        case .others: return true
        case .own(let append):
            var calls = [call]
            while !calls.isEmpty {
                append(calls)
                calls = next()
            }
            return true
        }
    }

    /// What came in while the last was written; where nothing did, the turn is over.
    private func next() -> [AppendCall] {
        let (calls, isClosing) = monitor.change(wakes: false) { state in
            defer { state.calls = [] }
            state.isWriting = !state.calls.isEmpty
            return (state.calls, state.isClosing)
        }
        if isClosing, calls.isEmpty { monitor.change { _ in } }
        return calls
    }

    /// Takes nothing more, and returns when everything has its answer.
    func close() {
        let ended = monitor.wait { state -> Wait<@Sendable () -> Void> in
            state.isClosing = true
            guard !state.isWriting else { return .wait(milliseconds: nil) }
            defer { state.ended = {} }
            return .go(state.ended)
        }
        ended()
    }
}
