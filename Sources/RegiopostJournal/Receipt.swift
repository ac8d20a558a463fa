import RegiopostModel

/// The durable answer to a change. It never alters, whatever the subject's audience becomes later.
public struct Receipt: Hashable, Sendable {
    /// The change.
    public let id: ChangeID
    /// The digest of its bytes.
    public let digest: Digest
    /// Its position in its author's mailbox; 0 where the author was not in the audience.
    public let position: Int
    /// When the server received it.
    public let receivedAt: Timestamp

    /// Makes a receipt.
    public init(id: ChangeID, digest: Digest, position: Int, receivedAt: Timestamp) {
        self.id = id
        self.digest = digest
        self.position = position
        self.receivedAt = receivedAt
    }
}

/// A receipt with whose it is and what it is about, so that the caller can judge who may see it.
public struct StoredReceipt: Hashable, Sendable {
    /// The receipt.
    public let receipt: Receipt
    /// Whose change it is.
    public let author: Mailbox
    /// What the change is about.
    public let subject: SubjectID

    /// Makes a stored receipt.
    public init(receipt: Receipt, author: Mailbox, subject: SubjectID) {
        self.receipt = receipt
        self.author = author
        self.subject = subject
    }
}
