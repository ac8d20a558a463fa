import RegiopostModel
import RegiopostWire
import Synchronization

/// The connections that stand, so that stopping, revoking and a certificate's end reach them, and that nobody takes all the room.
///
/// Where there is no room for another stranger, the oldest one goes: a client that knows what it wants is known within a
/// moment, so whoever opens connections and leaves them standing locks out only itself. Where a certificate has as many
/// connections as it may, its oldest one goes too: most often that is one whose network is gone, and nobody has noticed.
final class Connections: Sendable {
    /// What can be done to a connection, from any thread.
    struct Entry: Sendable {
        let address: Address?
        let serial: String?
        /// When the certificate expires.
        let expires: Timestamp?
        let stop: @Sendable () -> Void
        /// Ends it with this code, at once.
        let turnOut: @Sendable (RefusalCode) -> Void
        /// Makes room for another connection with the same certificate.
        let giveWay: @Sendable () -> Void
    }

    /// Names one connection.
    struct Token: Hashable, Sendable { let number: Int }

    private struct State {
        var last = 0
        var entries: [Int: Entry] = [:]
        /// The connections of each certificate that weren't told to give way, the oldest first.
        var bySerial: [String: [Int]] = [:]
        /// What was revoked since the start: a connection may have been let in just before, and come only now.
        var revoked: Set<String> = []
        var isStopping = false
        /// All that are open, whoever they are.
        var open: Set<Int> = []
        /// Those of them that nobody knows, and how they are closed.
        var strangers: [Int: @Sendable () -> Void] = [:]
        /// No stranger has a smaller number.
        var oldestStranger = 1

        /// Takes the oldest stranger out; how it is closed.
        mutating func dropOldestStranger() -> (@Sendable () -> Void)? {
            guard !strangers.isEmpty else { return nil }
            while strangers[oldestStranger] == nil { oldestStranger += 1 }
            open.remove(oldestStranger)
            return strangers.removeValue(forKey: oldestStranger)
        }
    }

    private let state = Mutex(State())
    private let limits: Limits

    init(limits: Limits) { self.limits = limits }

    /// A stranger comes; where there is no room for it the oldest one is closed, and `nil` is answered where there is none.
    ///
    /// - Parameter close: closes the connection; called from any thread.
    func enter(close: @escaping @Sendable () -> Void) -> Token? {
        let (token, closeOldest) = state.withLock { state -> (Token?, (@Sendable () -> Void)?) in
            var oldest: (@Sendable () -> Void)?
            if state.open.count >= limits.connections || state.strangers.count >= limits.strangers {
                oldest = state.dropOldestStranger()
                if oldest == nil { return (nil, nil) }
            }
            state.last += 1
            state.open.insert(state.last)
            state.strangers[state.last] = close
            return (Token(number: state.last), oldest)
        }
        closeOldest?()
        return token
    }

    /// A stranger has shown who it is.
    func becameKnown(_ token: Token) { state.withLock { $0.strangers[token.number] = nil } }

    /// A connection that entered is gone.
    func leave(_ token: Token) {
        state.withLock { state in
            state.open.remove(token.number)
            state.strangers[token.number] = nil
        }
    }

    func add(_ entry: Entry) -> Token {
        let (token, isStopping, isRevoked, oldest) = state.withLock { state in
            state.last += 1
            state.entries[state.last] = entry
            let isRevoked = entry.serial.map(state.revoked.contains) ?? false
            let oldest = entry.serial.flatMap { makeRoom($0, for: state.last, in: &state) }
            return (Token(number: state.last), state.isStopping, isRevoked, oldest)
        }
        if isRevoked { entry.turnOut(.revoked) } else if isStopping { entry.stop() }
        oldest?.giveWay()
        return token
    }

    /// Counts a connection to its certificate; the one that has to give way for it.
    private func makeRoom(_ serial: String, for number: Int, in state: inout State) -> Entry? {
        var own = state.bySerial[serial] ?? []
        own.append(number)
        let oldest = own.count > limits.sessions ? state.entries[own.removeFirst()] : nil
        state.bySerial[serial] = own
        return oldest
    }

    func remove(_ token: Token) {
        state.withLock { state in
            guard let serial = state.entries.removeValue(forKey: token.number)?.serial else { return }
            state.bySerial[serial]?.removeAll { $0 == token.number }
            if state.bySerial[serial]?.isEmpty == true { state.bySerial[serial] = nil }
        }
    }

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
        for entry in entries { entry.turnOut(.revoked) }
    }

    /// Ends those whose certificate has expired. O(n), for each time it is asked.
    func endExpired(at now: Timestamp) {
        let entries = state.withLock { state in
            state.entries.values.filter { entry in entry.expires.map { $0 <= now } ?? false }
        }
        for entry in entries { entry.turnOut(.certificateExpired) }
    }

    var count: Int { state.withLock { $0.entries.count } }
}
