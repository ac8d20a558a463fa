import RegiopostModel
import RegiopostWire
import Synchronization

/// The connections that stand, so that stopping and revoking reach them at once.
final class Connections: Sendable {
    /// What can be done to a connection, from any thread.
    struct Entry: Sendable {
        let address: Address?
        let serial: String?
        let stop: @Sendable () -> Void
        let revoke: @Sendable () -> Void
    }

    /// Names one connection.
    struct Token: Hashable, Sendable { let number: Int }

    private struct State {
        var last = 0
        var entries: [Int: Entry] = [:]
        /// What was revoked since the start: a connection may have been let in just before, and come only now.
        var revoked: Set<String> = []
        var isStopping = false
        /// All that are open, whoever they are.
        var open = 0
        /// Those of them that nobody knows.
        var strangers = 0
    }

    private let state = Mutex(State())
    private let limits: Limits

    init(limits: Limits) { self.limits = limits }

    /// A stranger comes; `false` where there is no room for one.
    func enter() -> Bool {
        state.withLock { state in
            guard state.open < limits.connections, state.strangers < limits.strangers else { return false }
            state.open += 1
            state.strangers += 1
            return true
        }
    }

    /// A stranger has shown who it is.
    func becameKnown() { state.withLock { $0.strangers -= 1 } }

    /// A connection that entered is gone.
    func leave(asStranger: Bool) {
        state.withLock { state in
            state.open -= 1
            if asStranger { state.strangers -= 1 }
        }
    }

    func add(_ entry: Entry) -> Token {
        let (token, isStopping, isRevoked) = state.withLock { state in
            state.last += 1
            state.entries[state.last] = entry
            let isRevoked = entry.serial.map(state.revoked.contains) ?? false
            return (Token(number: state.last), state.isStopping, isRevoked)
        }
        if isRevoked { entry.revoke() } else if isStopping { entry.stop() }
        return token
    }

    func remove(_ token: Token) { state.withLock { $0.entries[token.number] = nil } }

    /// Ends all that stand and all that come.
    func stop() {
        let entries = state.withLock { state in
            state.isStopping = true
            return Array(state.entries.values)
        }
        for entry in entries { entry.stop() }
    }

    /// Ends those that use one of these certificates.
    func revoke(_ serials: Set<String>) {
        let entries = state.withLock { state in
            state.revoked.formUnion(serials)
            return state.entries.values.filter { entry in entry.serial.map(serials.contains) ?? false }
        }
        for entry in entries { entry.revoke() }
    }

    var count: Int { state.withLock { $0.entries.count } }
}
