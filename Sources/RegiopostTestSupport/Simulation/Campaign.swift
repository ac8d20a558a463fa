import Foundation
import Synchronization

/// Many seeds, one after the other in each of several threads; each seed itself runs in one thread.
public final class Campaign: Sendable {
    private struct State {
        var next: UInt64
        var done = 0
        var steps = 0
        var changes = 0
        var counts: [String: Int] = [:]
        var failure: Simulation.Outcome?
    }

    private let state: Mutex<State>
    private let end: UInt64

    /// Makes the campaign of so many seeds.
    public init(first: UInt64, count: Int) {
        state = Mutex(State(next: first))
        end = first + UInt64(count)
    }

    /// Runs all seeds, or up to the first that fails, on threads of its own: those that all tasks share stay free.
    ///
    /// - Returns: the outcome of that one, the lowest where several threads found one.
    public func run(threads: Int = ProcessInfo.processInfo.activeProcessorCount) async -> Simulation.Outcome? {
        let group = DispatchGroup()
        for _ in 0..<threads {
            group.enter()
            let thread = Thread {
                while let seed = self.nextSeed() { self.run(seed) }
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        await withCheckedContinuation { continuation in
            group.notify(queue: .global()) { continuation.resume() }
        }
        return state.withLock { $0.failure }
    }

    private func nextSeed() -> UInt64? {
        state.withLock { state in
            guard state.next < end, state.failure == nil else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func run(_ seed: UInt64) {
        guard let outcome = try? Simulation(seed: seed).run() else { return }
        state.withLock { state in
            state.done += 1
            state.steps += outcome.steps
            state.changes += outcome.changes
            state.counts.merge(outcome.counts) { $0 + $1 }
            guard outcome.violation != nil, outcome.seed < state.failure?.seed ?? .max else { return }
            state.failure = outcome
        }
    }

    /// What was done, in a few lines.
    public var summary: String {
        state.withLock { state in
            let counts = state.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return "\(state.done) seeds, \(state.steps) steps, \(state.changes) changes; "
                + counts.joined(separator: ", ")
        }
    }
}
