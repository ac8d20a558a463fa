import RegiopostModel

/// How much one page may hold. A page holds at least one entry where there is one, so that a long line can't stop
/// a mailbox.
public struct PageLimit: Hashable, Sendable {
    /// At most so many entries; at least 1.
    public let records: Int
    /// At most so many bytes of lines, line ends not counted.
    public let bytes: Int

    /// Makes a limit; fewer than one record counts as one, fewer than no bytes as none.
    public init(records: Int, bytes: Int) {
        self.records = max(records, 1)
        self.bytes = max(bytes, 0)
    }
}

/// One change in a mailbox.
public struct MailboxEntry: Hashable, Sendable {
    /// Its position in this mailbox.
    public let position: Int
    /// The author's exact bytes, without the line end.
    public let line: [UInt8]
    /// The digest of `line`.
    public let digest: Digest
    /// When the server received the change.
    public let receivedAt: Timestamp
    /// Its place among all changes of the journal: 1, 2, 3 …
    public let number: Int

    /// Makes an entry.
    public init(position: Int, line: [UInt8], digest: Digest, receivedAt: Timestamp, number: Int) {
        self.position = position
        self.line = line
        self.digest = digest
        self.receivedAt = receivedAt
        self.number = number
    }
}

/// Some consecutive entries of a mailbox, and where it ended at that moment.
public struct MailboxPage: Hashable, Sendable {
    /// In order of position, without holes.
    public let entries: [MailboxEntry]
    /// The mailbox's last position; 0 where it is empty.
    public let head: Int

    /// Makes a page.
    public init(entries: [MailboxEntry], head: Int) {
        self.entries = entries
        self.head = head
    }
}

/// Where a mailbox ends.
public struct MailboxHead: Hashable, Sendable {
    /// The last position; 0 where the mailbox is empty.
    public let position: Int
    /// The digest of the change there; `nil` where the mailbox is empty.
    public let digest: Digest?

    /// Makes a head.
    public init(position: Int, digest: Digest?) {
        self.position = position
        self.digest = digest
    }

    /// The head of an empty mailbox.
    public static let empty = MailboxHead(position: 0, digest: nil)
}
