import RegiopostModel
import Synchronization

/// Who wants to hear that a mailbox grew. What they hear is a hint: they read the journal to see.
public final class Watchers: Sendable {
    /// Names one subscription.
    public struct Token: Hashable, Sendable {
        let mailbox: Mailbox
        let number: Int
    }

    private struct State {
        var last = 0
        var hints: [Mailbox: [Int: @Sendable () -> Void]] = [:]
    }

    private let state = Mutex(State())

    /// Nobody yet.
    public init() {}

    /// Subscribes. The hint is called from any thread and must return at once.
    public func add(_ mailbox: Mailbox, hint: @escaping @Sendable () -> Void) -> Token {
        state.withLock { state in
            state.last += 1
            state.hints[mailbox, default: [:]][state.last] = hint
            return Token(mailbox: mailbox, number: state.last)
        }
    }

    /// Ends a subscription.
    public func remove(_ token: Token) {
        state.withLock { state in
            state.hints[token.mailbox]?[token.number] = nil
            if state.hints[token.mailbox]?.isEmpty == true { state.hints[token.mailbox] = nil }
        }
    }

    /// Tells the subscribers of these mailboxes. Costs by mailboxes and subscribers.
    public func announce(_ mailboxes: Set<Mailbox>) {
        let hints = state.withLock { state in mailboxes.flatMap { state.hints[$0].map { Array($0.values) } ?? [] } }
        for hint in hints { hint() }
    }
}
