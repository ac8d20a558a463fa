import RegiopostModel

/// A change as it lies in the journal.
public struct StoredChange: Hashable, Sendable {
    /// The change's id.
    public let id: ChangeID
    /// The author's exact bytes, without the line end.
    public let line: [UInt8]
    /// The digest of `line`.
    public let digest: Digest
    /// Whose change it is.
    public let author: Mailbox
    /// When the server received it.
    public let receivedAt: Timestamp

    /// Makes a stored change.
    public init(id: ChangeID, line: [UInt8], digest: Digest, author: Mailbox, receivedAt: Timestamp) {
        self.id = id
        self.line = line
        self.digest = digest
        self.author = author
        self.receivedAt = receivedAt
    }
}
