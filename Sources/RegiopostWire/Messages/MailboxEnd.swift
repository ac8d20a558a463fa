import RegiopostModel

/// Where a mailbox ends at the server.
public struct MailboxEnd: Equatable, Sendable {
    /// The position of the last change; 0 where there is none.
    public let position: Int
    /// The digest of the change there; `nil` where there is none.
    public let digest: Digest?

    /// Makes an end; `nil` where a change has no digest or no change has one.
    public init?(position: Int, digest: Digest?) {
        guard position >= 0, (position == 0) == (digest == nil) else { return nil }
        self.position = position
        self.digest = digest
    }

    init(_ attributes: Attributes) throws(MessageError) {
        let position = try attributes.optional("position", Attributes.count)
        let digest = try attributes.optional("digest", Digest.init)
        guard let end = MailboxEnd(position: position ?? 0, digest: digest) else {
            throw MessageError(position == nil ? "position" : "digest")
        }
        self = end
    }

    func write(to bytes: inout [UInt8]) {
        guard let digest else { return }
        bytes.put("position", position)
        bytes.put("digest", digest)
    }
}
