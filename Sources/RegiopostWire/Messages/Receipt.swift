import RegiopostModel

/// The server's durable answer to a change it took.
public struct Receipt: Equatable, Sendable {
    /// The change.
    public let id: ChangeID
    /// Where it stands in the author's own mailbox, or in the directory where the change is about that; from 1.
    public let position: Int
    /// When the server received it.
    public let received: Timestamp
    /// The SHA-256 of the change's exact bytes.
    public let digest: Digest
    /// Whether the server had the same bytes before: this is then the first receipt again.
    public let isRepeat: Bool

    /// Makes a receipt.
    public init(id: ChangeID, position: Int, received: Timestamp, digest: Digest, isRepeat: Bool = false) {
        self.id = id
        self.position = position
        self.received = received
        self.digest = digest
        self.isRepeat = isRepeat
    }
}
