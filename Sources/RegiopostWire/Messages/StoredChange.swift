import RegiopostModel

/// A change as a mailbox holds it and `* CHANGE` carries it.
public struct StoredChange: Equatable, Sendable {
    /// Where it stands in the mailbox, from 1.
    public let position: Int
    /// When the server received it.
    public let received: Timestamp
    /// The SHA-256 of `bytes`.
    public let digest: Digest
    /// The author's exact bytes, from `{` to before the line end.
    public let bytes: ArraySlice<UInt8>
    /// What a client gives back with the change should the server lose it; `nil` from a server that makes none.
    public let receipt: ReceiptToken?

    /// Makes a stored change.
    public init(
        position: Int, received: Timestamp, digest: Digest, bytes: ArraySlice<UInt8>, receipt: ReceiptToken? = nil
    ) {
        self.position = position
        self.received = received
        self.digest = digest
        self.bytes = bytes
        self.receipt = receipt
    }
}
