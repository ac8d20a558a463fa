import RegiopostModel

/// One line from a server.
public enum ServerMessage: Equatable, Sendable {
    /// The first line on `regiopost/1`.
    case greeting(Greeting)
    /// The first line on `regiopost-enrol/1`.
    case enrolGreeting(EnrolGreeting)
    /// The answer to the request with that tag.
    case reply(RequestTag, Reply)
    /// The answer to a line whose tag couldn't be read.
    case untagged(Rejection)
    /// A change in a mailbox that is being pulled or watched.
    case change(MailboxName, StoredChange)
    /// Everything up to the cursor was sent.
    case cursor(MailboxName, CursorToken)
    /// So many bytes of a blob follow the line, from that byte of it on.
    case blob(Digest, offset: Int, count: Int)
    /// The server ends the connection: a code, and a sentence for people.
    case bye(code: String, text: String)
    /// An announcement this program doesn't know, to be ignored.
    case unknown

    /// The message as one line, with its line end. O(size).
    public var line: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(to: &bytes)
        return bytes
    }

    /// Appends the message as one line. O(size).
    public func write(to bytes: inout [UInt8]) {
        switch self {
        case .greeting(let greeting): greeting.write(to: &bytes)
        case .enrolGreeting(let greeting): greeting.write(to: &bytes)
        case .reply(let tag, let reply): reply.write(tag: tag, to: &bytes)
        case .untagged(let rejection):
            bytes.put("* NO")
            rejection.write(to: &bytes)
            bytes.putLineEnd()
        case .change(let mailbox, let change): change.write(mailbox: mailbox, to: &bytes)
        case .cursor(let mailbox, let cursor):
            bytes.put("* CURSOR")
            bytes.put("mailbox", mailbox.rawValue)
            bytes.put("cursor", cursor.text)
            bytes.putLineEnd()
        case .blob(let digest, let offset, let count):
            bytes.put("* BLOB")
            bytes.put("sha256", digest)
            bytes.put("offset", offset)
            bytes.put("count", count)
            bytes.putLineEnd()
        case .bye(let code, let text):
            bytes.put("* BYE ")
            bytes.put(code)
            bytes.put(text: text)
            bytes.putLineEnd()
        case .unknown: bytes.put("* UNKNOWN\n")
        }
    }

    /// Reads one line without its line end. A change's JSON isn't looked into: it is a slice of `line`. O(what
    /// stands before the JSON).
    public init(line: ArraySlice<UInt8>) throws(MessageError) {
        var scanner = LineScanner(line)
        let first = try scanner.word("tag")
        let kind = String(decoding: try scanner.word("kind"), as: UTF8.self)
        guard first.count > 1 || first.first != UInt8(ascii: "*") else {
            self = try Self.announcement(kind, &scanner)
            return
        }
        guard let tag = RequestTag(first) else { throw MessageError("tag") }
        switch kind {
        case "OK":
            let verb = String(decoding: try scanner.word("verb"), as: UTF8.self)
            let tail = try scanner.tail()
            guard tail.json == nil else { throw MessageError("json") }
            self = .reply(tag, try Reply(ok: verb, tail.attributes))
        case "NO":
            let code = try scanner.word("code")
            self = .reply(tag, .no(try Rejection(code: code, try scanner.tail())))
        default: throw MessageError("kind")
        }
    }

    private static func announcement(_ kind: String, _ scanner: inout LineScanner) throws(MessageError) -> Self {
        switch kind {
        case "REGIOPOST", "REGIOPOST-ENROL":
            let version = String(decoding: try scanner.word("version"), as: UTF8.self)
            guard version == Greeting.version else { throw MessageError("version") }
            let attributes = try scanner.tail().attributes
            return kind == "REGIOPOST"
                ? .greeting(try Greeting(attributes)) : .enrolGreeting(try EnrolGreeting(attributes))
        case "CHANGE":
            let tail = try scanner.tail()
            return .change(try tail.attributes.mailbox(), try StoredChange(tail))
        case "CURSOR":
            let attributes = try scanner.tail().attributes
            return .cursor(try attributes.mailbox(), try attributes.cursor())
        case "BLOB":
            let attributes = try scanner.tail().attributes
            let offset = try attributes.required("offset", Attributes.number)
            return .blob(
                try attributes.blobDigest(), offset: offset,
                count: try attributes.required("count", Attributes.count))
        case "NO":
            let code = try scanner.word("code")
            return .untagged(try Rejection(code: code, try scanner.tail()))
        case "BYE":
            let code = try scanner.word("code")
            guard LineScanner.isName(code) else { throw MessageError("code") }
            return .bye(code: String(decoding: code, as: UTF8.self), text: try scanner.tail().text ?? "")
        default: return .unknown
        }
    }
}

extension StoredChange {
    init(_ tail: LineTail) throws(MessageError) {
        guard let json = tail.json else { throw MessageError("json") }
        position = try tail.attributes.required("position", Attributes.count)
        received = try tail.attributes.required("received", Timestamp.init)
        digest = try tail.attributes.required("digest", Digest.init)
        receipt = try tail.attributes.optional("receipt", ReceiptToken.init)
        bytes = json
    }

    /// Appends ` * CHANGE` with the author's exact bytes as one line. O(size).
    func write(mailbox: MailboxName, to bytes: inout [UInt8]) {
        bytes.put("* CHANGE")
        bytes.put("mailbox", mailbox.rawValue)
        bytes.put("position", position)
        bytes.put("received", received)
        bytes.put("digest", digest)
        if let receipt { bytes.put("receipt", receipt) }
        bytes.append(0x20)
        bytes.append(contentsOf: self.bytes)
        bytes.putLineEnd()
    }
}
