import RegiopostJournal

/// A few threads that do what is handed to them, in the order it came.
final class WorkThreads: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var running = 0
        var isClosing = false
    }

    private let monitor = Monitor(State())

    /// Begins.
    func start(count: Int) throws {
        for _ in 0..<count {
            monitor.change { $0.running += 1 }
            do {
                try startThread("journal-read") { [monitor] in Self.run(monitor) }
            } catch {
                monitor.change { $0.running -= 1 }
                throw error
            }
        }
    }

    private static func run(_ monitor: Monitor<State>) {
        while true {
            let next = monitor.wait { state -> Wait<(@Sendable () -> Void)?> in
                if !state.work.isEmpty { return .go(state.work.removeFirst()) }
                return state.isClosing ? .go(nil) : .wait(milliseconds: nil)
            }
            guard let next else { break }
            next()
        }
        monitor.change { $0.running -= 1 }
    }

    /// Hands work over; false where no more is taken.
    func add(_ work: @escaping @Sendable () -> Void) -> Bool {
        monitor.change { state in
            guard !state.isClosing else { return false }
            state.work.append(work)
            return true
        }
    }

    /// Takes nothing more, and returns when everything is done.
    func close() {
        monitor.change { $0.isClosing = true }
        monitor.wait { $0.running == 0 ? .go(()) : .wait(milliseconds: nil) }
    }
}
