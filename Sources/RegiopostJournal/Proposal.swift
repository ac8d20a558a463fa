import RegiopostModel

/// A change that was checked and may be written, together with what the check rested on.
public struct Proposal: Hashable, Sendable {
    /// The change's id, made by its author.
    public let id: ChangeID
    /// The author's exact bytes, without the line end. The journal never looks into them.
    public let line: [UInt8]
    /// The digest of `line`. The journal believes it.
    public let digest: Digest
    /// What the change is about.
    public let subject: SubjectID
    /// Whose change it is; the receipt names the position in this mailbox.
    public let author: Mailbox
    /// The last change of the subject, of any kind, that the check saw; `nil` where there was none yet.
    public let expectedHead: ChangeID?
    /// The last changes that the check saw of the other subjects it rested on, such as the letter that is answered.
    public let otherHeads: [SubjectID: ChangeID]
    /// The position of the directory's last change that the check saw; 0 where it was empty.
    public let expectedDirectoryHead: Int
    /// The subject's whole audience from this change on.
    public let mailboxes: Set<Mailbox>
    /// The mailboxes that take over what others hold, after this change, in this order.
    public let fills: [Fill]
    /// The files that the change cites, by the digests of their bytes.
    public let cites: Set<Digest>
    /// When the server received the change.
    public let receivedAt: Timestamp

    /// Makes a proposal.
    public init(
        id: ChangeID, line: [UInt8], digest: Digest, subject: SubjectID, author: Mailbox, expectedHead: ChangeID?,
        otherHeads: [SubjectID: ChangeID] = [:], expectedDirectoryHead: Int, mailboxes: Set<Mailbox>,
        fills: [Fill] = [], cites: Set<Digest> = [], receivedAt: Timestamp
    ) {
        self.id = id
        self.line = line
        self.digest = digest
        self.subject = subject
        self.author = author
        self.expectedHead = expectedHead
        self.otherHeads = otherHeads
        self.expectedDirectoryHead = expectedDirectoryHead
        self.mailboxes = mailboxes
        self.fills = fills
        self.cites = cites
        self.receivedAt = receivedAt
    }
}
