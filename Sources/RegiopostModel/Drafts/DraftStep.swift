import RegiopostJSON

/// What is done with a draft once it is there: what the bodies of `draft.sign`, `draft.decline` and `draft.discard` say.
public enum DraftStep: Equatable, Sendable {
    /// The author agrees with one version of the text.
    case sign(version: ChangeID, digest: Digest)
    /// The author won't sign.
    case decline(reason: String)
    /// Nothing becomes of it.
    case discard(reason: String)

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .draftSign:
            self = .sign(
                version: try fields.value("version", "identifier", ChangeID.init(_:)),
                digest: try fields.value("digest", "SHA-256 in 64 hexadecimal digits", Digest.init(_:)))
        case .draftDecline: self = .decline(reason: try fields.text("reason"))
        default: self = .discard(reason: try fields.text("reason"))
        }
    }

    var json: JSONValue {
        switch self {
        case .sign(let version, let digest):
            .object(["version": .string(version.text), "digest": .string(digest.text)])
        case .decline(let reason), .discard(let reason): .object(["reason": .string(reason)])
        }
    }
}
