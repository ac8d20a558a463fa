import RegiopostJSON

/// Which draft something was sent from, in which version, with the digest of that text: what was signed is what was sent.
public struct DraftCitation: Hashable, Sendable {
    /// The draft.
    public let id: ChangeID
    /// The `draft.save` of the version.
    public let version: ChangeID
    /// The SHA-256 of that change's line.
    public let digest: Digest

    /// Makes a citation.
    public init(id: ChangeID, version: ChangeID, digest: Digest) {
        self.id = id
        self.version = version
        self.digest = digest
    }

    init(_ fields: Fields) throws(Refusal) {
        id = try fields.value("id", "identifier", ChangeID.init(_:))
        version = try fields.value("version", "identifier", ChangeID.init(_:))
        digest = try fields.value("digest", "SHA-256 in 64 hexadecimal digits", Digest.init(_:))
    }

    var json: JSONValue {
        .object([
            "id": .string(id.text), "version": .string(version.text), "digest": .string(digest.text),
        ])
    }
}
