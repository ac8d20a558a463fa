import RegiopostModel

/// What a session asks of the journal: the changes after a place in a mailbox, in order and without a gap.
public struct PageRequest: Equatable, Sendable {
    /// The mailbox.
    public let mailbox: MailboxName
    /// The place. The journal must find the cursor's digest there, in the same read, or answer `unknownCursor`.
    public let after: Cursor
    /// Whether the client gave this cursor: then it holds everything up to it, and `delivered` follows.
    public let isPresented: Bool
    /// How many changes at most.
    public let changes: Int
    /// The page ends with the change that takes it to this many bytes; one change always fits.
    public let bytes: Int
    /// Tells the answers to different requests apart.
    let serial: Int
}

/// What the journal answers to a `PageRequest`.
public enum PageAnswer: Equatable, Sendable {
    /// The changes right after the cursor, and whether there are more.
    case page(PageLines, more: Bool)
    /// The cursor's position doesn't exist or holds another digest.
    case unknownCursor
    /// The address may not read that mailbox now.
    case refused(Refusal)
    /// The journal can't be read now.
    case unavailable
}
