import RegiopostWire
import Synchronization

/// The answers to one connection's changes that are certain and not on its event loop yet. Those of one batch go there
/// together and leave in one write.
final class GatheredAnswers: Sendable {
    /// What became of one change.
    struct Answered: Sendable {
        let tag: RequestTag
        /// How many bytes the change has.
        let size: Int
        let answer: Submission.Answer
    }

    private let waiting = Mutex<[Answered]>([])
    private let departures: Departures
    private let leave: @Sendable () -> Void

    /// - Parameter leave: has the event loop `take` what waits.
    init(_ departures: Departures, leave: @escaping @Sendable () -> Void) {
        self.departures = departures
        self.leave = leave
    }

    /// Adds an answer. It leaves with the batch.
    func add(_ answered: Answered) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(answered)
            return waiting.count == 1
        }
        if isFirst { departures.add(leave) }
    }

    /// All that wait, in the order in which they became certain.
    func take() -> [Answered] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

/// The connections that have answers waiting for the end of the batch.
final class Departures: Sendable {
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    func add(_ leave: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(leave) } }

    /// Sends everything off.
    func leave() {
        let leaving = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for leave in leaving { leave() }
    }
}
