import RegiopostModel

/// A line that is no request. It costs its reply and nothing else.
public struct RequestError: Error, Equatable, Sendable {
    /// The request's tag, as far as it could be read.
    public let tag: RequestTag?
    /// `bad-request` with the field that can't be read, `unknown-verb`, or `mailbox-unknown`.
    public let refusal: Refusal
    /// Whether the line may have announced counted bytes: where it can't be told how many, nothing after it may be read.
    public let endsStream: Bool
}

extension ClientRequest {
    /// Reads one line without its line end. The JSON of a PUSH isn't looked into: it is a slice of `line`.
    /// O(what stands before the JSON).
    public init(line: ArraySlice<UInt8>) throws(RequestError) {
        var scanner = LineScanner(line)
        guard let word = try? scanner.word("tag"), let tag = RequestTag(word) else {
            throw RequestError(
                tag: nil, refusal: Refusal(.badRequest, ["field": "tag"]), endsStream: Self.mayBeBlob(line))
        }
        var name = ""
        let tail: LineTail
        do throws(MessageError) {
            name = try Self.verbName(&scanner)
            tail = try scanner.tail()
        } catch {
            throw RequestError(
                tag: tag, refusal: Refusal(.badRequest, ["field": error.field]),
                endsStream: name == Verb.blobName || name.isEmpty && Self.mayBeBlob(line))
        }
        do throws(Refusal) {
            self.init(tag: tag, verb: try Verb(name, tail))
        } catch {
            throw RequestError(tag: tag, refusal: error, endsStream: name == Verb.blobName)
        }
    }

    /// Whether the verb's name stands somewhere near the beginning of a line that has no readable tag or verb.
    private static func mayBeBlob(_ line: ArraySlice<UInt8>) -> Bool {
        let name = Array(Verb.blobName.utf8)
        let head = line.prefix(Limits.envelope)
        return head.indices.contains { head[$0...].starts(with: name) }
    }

    private static func verbName(_ scanner: inout LineScanner) throws(MessageError) -> String {
        let word = try scanner.word("verb")
        guard word.count <= Limits.verb, word.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw MessageError("verb")
        }
        return String(decoding: word, as: UTF8.self)
    }
}

extension ClientRequest.Verb {
    /// The verb whose line is followed by counted bytes.
    fileprivate static let blobName = "BLOB"

    fileprivate init(_ name: String, _ tail: LineTail) throws(Refusal) {
        let hasJSON = tail.json != nil
        guard tail.text == nil, !hasJSON || name == "PUSH" || name == "RETURN" else {
            throw Refusal(.badRequest, ["field": hasJSON ? "json" : "text"])
        }
        let attributes = tail.attributes
        do throws(MessageError) {
            switch name {
            case "PUSH":
                guard let json = tail.json else { throw MessageError("json") }
                self = .push(json)
            case "PULL":
                let limit = try attributes.optional("limit", Attributes.number)
                guard limit != 0 else { throw MessageError("limit") }
                let cursor = try attributes.required("cursor", CursorToken.init)
                self = .pull(try attributes.mailbox(), after: cursor, limit: limit)
            case "WATCH":
                let cursor = try attributes.required("cursor", CursorToken.init)
                self = .watch(try attributes.mailbox(), after: cursor)
            case "UNWATCH": self = .unwatch(try attributes.mailbox())
            case "STORED":
                let cursor = try attributes.required("cursor", CursorToken.init)
                self = .stored(try attributes.mailbox(), cursor)
            case "HEAD": self = .head(try attributes.mailbox())
            case "RETURN": self = .giveBack(try ReturnedChange(tail))
            case "OFFER": self = .offer(try Blob(attributes))
            case Self.blobName: self = .blob(try BlobChunk(attributes))
            case "FETCH":
                let offset = try attributes.required("offset", Attributes.number)
                let count = try attributes.optional("count", Attributes.count)
                self = .fetch(try attributes.blobDigest(), offset: offset, count: count)
            case "PING": self = .ping
            case "QUIT": self = .quit
            case "ENROL": self = .enrol(try ClientRequest.Enrolment(attributes))
            default: throw MessageError("verb")
            }
        } catch {
            throw Self.refusal(error.field, verb: name, attributes)
        }
    }

    private static func refusal(_ field: String, verb: String, _ attributes: Attributes) -> Refusal {
        switch field {
        case "verb": Refusal(.unknownVerb, ["verb": verb])
        case "mailbox" where attributes.text("mailbox") != nil: Refusal(.mailboxUnknown)
        default: Refusal(.badRequest, ["field": field])
        }
    }
}

extension ClientRequest.Enrolment {
    fileprivate init(_ attributes: Attributes) throws(MessageError) {
        address = try attributes.required("address", Address.init)
        secret = try attributes.required("secret") { text in
            Base64URL.decoded(text).flatMap { Limits.secret.contains($0.count) ? $0 : nil }
        }
        request = try attributes.required("request", Attributes.der)
    }
}

extension Attributes {
    /// The mailbox that the line names.
    func mailbox() throws(MessageError) -> MailboxName { try required("mailbox", MailboxName.init(rawValue:)) }

    /// Reads base64url of something that isn't empty or longer than a certificate may be.
    static func der(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= Limits.certificate / 3 * 4 + 4, let bytes = Base64URL.decoded(text),
            (1...Limits.certificate).contains(bytes.count)
        else { return nil }
        return bytes
    }
}
