import RegiopostTestSupport
import Synchronization

/// A status that comes once, for whoever waits.
final class Exited: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    var isKnown: Bool { state.withLock { $0.status != nil } }

    func set(_ end: ChildProcess.End) {
        let status =
            switch end {
            case .exited(let status), .signalled(let status): status
            }
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
