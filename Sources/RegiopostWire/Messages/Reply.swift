import RegiopostModel

/// What a server answers to a request.
public enum Reply: Equatable, Sendable {
    /// The change is durable.
    case push(Receipt)
    /// The page ended at the cursor; `more` says whether something comes after it.
    case pull(MailboxName, CursorToken, more: Bool)
    /// The watch stands: everything up to the cursor was sent.
    case watch(MailboxName, CursorToken)
    /// The watch ended.
    case unwatch(MailboxName)
    /// The server knows what is kept safe.
    case stored(MailboxName)
    /// The mailbox ends there.
    case head(MailboxName, MailboxEnd)
    /// The change of that digest is kept; `isRepeat` where the server had it before.
    case giveBack(Digest, isRepeat: Bool)
    /// So much of the blob is there.
    case offer(BlobProgress)
    /// So much of the blob is there now, durable.
    case blob(BlobProgress)
    /// The blob was sent up to the offset; it has `size` bytes.
    case fetch(Digest, offset: Int, size: Int)
    /// The server is there.
    case ping
    /// Everything before QUIT was answered.
    case quit
    /// The certificate asked for and the root that it chains to, both DER.
    case enrol(certificate: [UInt8], root: [UInt8])
    /// The request was not done, for this reason.
    case no(Rejection)
    /// An OK to a verb this program doesn't know.
    case unknown

    /// Appends the reply to the request called `tag` as one line.
    public func write(tag: RequestTag, to bytes: inout [UInt8]) {
        bytes.put(tag.text)
        bytes.put(" ")
        writeRest(to: &bytes)
        bytes.putLineEnd()
    }

    private func writeRest(to bytes: inout [UInt8]) {
        switch self {
        case .push(let receipt):
            bytes.put("OK PUSH")
            bytes.put("id", receipt.id.text)
            bytes.put("position", receipt.position)
            bytes.put("received", receipt.received)
            bytes.put("digest", receipt.digest)
            if receipt.isRepeat { bytes.put("repeat", true) }
        case .pull(let mailbox, let cursor, let more):
            bytes.put("OK PULL")
            bytes.put("mailbox", mailbox.rawValue)
            bytes.put("cursor", cursor.text)
            bytes.put("more", more)
        case .watch(let mailbox, let cursor):
            bytes.put("OK WATCH")
            bytes.put("mailbox", mailbox.rawValue)
            bytes.put("cursor", cursor.text)
        case .unwatch(let mailbox):
            bytes.put("OK UNWATCH")
            bytes.put("mailbox", mailbox.rawValue)
        case .stored(let mailbox):
            bytes.put("OK STORED")
            bytes.put("mailbox", mailbox.rawValue)
        case .head(let mailbox, let end):
            bytes.put("OK HEAD")
            bytes.put("mailbox", mailbox.rawValue)
            end.write(to: &bytes)
        case .giveBack(let digest, let isRepeat):
            bytes.put("OK RETURN")
            bytes.put("digest", digest)
            if isRepeat { bytes.put("repeat", true) }
        case .offer(let progress):
            bytes.put("OK OFFER")
            progress.write(to: &bytes)
        case .blob(let progress):
            bytes.put("OK BLOB")
            progress.write(to: &bytes)
        case .fetch(let digest, let offset, let size):
            bytes.put("OK FETCH")
            bytes.put("sha256", digest)
            bytes.put("offset", offset)
            bytes.put("size", size)
        case .ping: bytes.put("OK PING")
        case .quit: bytes.put("OK QUIT")
        case .enrol(let certificate, let root):
            bytes.put("OK ENROL")
            bytes.put("certificate", Base64URL.encoded(certificate))
            bytes.put("root", Base64URL.encoded(root))
        case .no(let rejection):
            bytes.put("NO")
            rejection.write(to: &bytes)
        case .unknown: bytes.put("OK UNKNOWN")
        }
    }

    init(ok verb: String, _ attributes: Attributes) throws(MessageError) {
        switch verb {
        case "PUSH":
            self = .push(
                Receipt(
                    id: try attributes.required("id", ChangeID.init),
                    position: try attributes.required("position", Attributes.count),
                    received: try attributes.required("received", Timestamp.init),
                    digest: try attributes.required("digest", Digest.init),
                    isRepeat: try attributes.optional("repeat", Attributes.bool) ?? false))
        case "PULL":
            let more = try attributes.required("more", Attributes.bool)
            self = .pull(try attributes.mailbox(), try attributes.cursor(), more: more)
        case "WATCH": self = .watch(try attributes.mailbox(), try attributes.cursor())
        case "UNWATCH": self = .unwatch(try attributes.mailbox())
        case "STORED": self = .stored(try attributes.mailbox())
        case "HEAD": self = .head(try attributes.mailbox(), try MailboxEnd(attributes))
        case "RETURN":
            let digest = try attributes.required("digest", Digest.init)
            self = .giveBack(digest, isRepeat: try attributes.optional("repeat", Attributes.bool) ?? false)
        case "OFFER": self = .offer(try BlobProgress(attributes))
        case "BLOB": self = .blob(try BlobProgress(attributes))
        case "FETCH":
            let size = try attributes.required("size", Attributes.count)
            self = .fetch(try attributes.blobDigest(), offset: try attributes.offset(upTo: size), size: size)
        case "PING": self = .ping
        case "QUIT": self = .quit
        case "ENROL":
            let certificate = try attributes.required("certificate", Attributes.der)
            self = .enrol(certificate: certificate, root: try attributes.required("root", Attributes.der))
        default: self = .unknown
        }
    }
}

extension Attributes {
    /// The cursor that the line carries.
    func cursor() throws(MessageError) -> CursorToken { try required("cursor", CursorToken.init) }
}
