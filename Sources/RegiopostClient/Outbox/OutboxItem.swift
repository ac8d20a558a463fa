import RegiopostModel

/// One of the user's own changes, on its way to the server.
public struct OutboxItem: Equatable, Sendable {
    /// How far it is.
    public enum State: Equatable, Sendable {
        /// Waits for a sync. An answer that was lost leaves it here: sending it again is harmless.
        case queued
        /// The server has it. It leaves the outbox when it comes back in the mailbox.
        case accepted(position: Int, receivedAt: Timestamp)
        /// The server said a definite no. It stays until its user decides.
        case refused(Refusal)
    }

    /// The change as read.
    public let change: Change
    /// Its exact bytes, which are what is sent.
    public let line: [UInt8]
    /// The key that a script gave, so that running it twice asks once.
    public let key: String?
    /// How far it is.
    public let state: State
    /// Whether it may have left this machine. One that never did can be given up without asking anybody.
    public let isTried: Bool

    /// Makes an item.
    public init(change: Change, line: [UInt8], key: String?, state: State, isTried: Bool = false) {
        self.change = change
        self.line = line
        self.key = key
        self.state = state
        self.isTried = isTried
    }
}

extension OutboxItem {
    /// The changes that must be there before this one: what it says so of, and what started the thing it is about.
    public var buildsOn: [ChangeID] { change.buildsOn }

    /// The items that have to wait because something they build on was refused, directly or through others.
    /// O(items).
    public static func held(in items: [OutboxItem]) -> Set<ChangeID> {
        var stuck: Set<ChangeID> = []
        var held: Set<ChangeID> = []
        for item in items {
            if case .refused = item.state {
                stuck.insert(item.change.id)
            } else if item.buildsOn.contains(where: stuck.contains) {
                stuck.insert(item.change.id)
                held.insert(item.change.id)
            }
        }
        return held
    }
}
