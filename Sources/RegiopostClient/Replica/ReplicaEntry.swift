import RegiopostModel

/// The mailboxes that a client keeps a copy of.
public enum ReplicaMailbox: String, Sendable, CaseIterable {
    /// What the profile's address may see.
    case own
    /// Organisations and regions.
    case directory
}

/// One line of a mailbox as the server delivered it.
public struct ReplicaEntry: Equatable, Sendable {
    /// Its place in the mailbox.
    public let position: Int
    /// When the server received it.
    public let receivedAt: Timestamp
    /// The author's exact bytes, without the line end.
    public let line: [UInt8]
    /// What the server wants to see with the line should it lose it; `nil` from one that gives none.
    public let receipt: String?

    /// Makes an entry.
    public init(position: Int, receivedAt: Timestamp, line: [UInt8], receipt: String? = nil) {
        self.position = position
        self.receivedAt = receivedAt
        self.line = line
        self.receipt = receipt
    }
}

/// Lines of a mailbox that follow one another, and where they end.
public struct ReplicaPage: Equatable, Sendable {
    /// The lines in order.
    public let entries: [ReplicaEntry]
    /// The stored cursor that they were asked for in view of; `nil` for lines that came by themselves. Another process of
    /// the same user may have stored more since.
    public let replaces: String?
    /// Where they end, in the server's words.
    public let cursor: String
    /// Whether they are the first of the mailbox.
    public let isFirst: Bool
    /// Whether the mailbox ends here, for now.
    public let isLast: Bool

    /// Makes a page.
    public init(entries: [ReplicaEntry], replaces: String?, cursor: String, isFirst: Bool, isLast: Bool) {
        self.entries = entries
        self.replaces = replaces
        self.cursor = cursor
        self.isFirst = isFirst
        self.isLast = isLast
    }
}
