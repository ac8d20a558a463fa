import RegiopostJSON
import RegiopostModel
import RegiopostWire
import Testing

@Suite("Vectors: requests and server messages") struct MessageVectorTests {
    @Test("every legal request reads and writes as given") func legalRequests() throws {
        for vector in try ProtocolFiles.cases("requests", "legal") + ProtocolFiles.cases("blobs", "requests") {
            let name = Comment(rawValue: try vector.text("name"))
            let request = try ClientRequest(line: try vector.bytes("line")[...])
            #expect(Self.describe(request) == vector["request"]?.texts, name)
            var written: [UInt8] = []
            request.write(to: &written)
            let canonical = try vector["canonical"]?.string ?? vector.text("line")
            #expect(String(decoding: written, as: UTF8.self) == canonical + "\n", name)
        }
    }

    @Test("every illegal request is refused under its tag") func illegalRequests() throws {
        for vector in try ProtocolFiles.cases("requests", "illegal") + ProtocolFiles.cases("blobs", "badRequests") {
            let name = Comment(rawValue: try vector.text("name"))
            let line = try vector.bytes("line")
            let error = #expect(throws: RequestError.self, name) { try ClientRequest(line: line[...]) }
            #expect(error?.tag?.text == vector["tag"]?.string, name)
            #expect(error?.refusal.code.rawValue == vector["code"]?.string, name)
            #expect(error?.refusal.details["field"] == vector["field"]?.string, name)
            #expect(error?.endsStream == (vector["ends"]?.bool ?? false), name)
        }
    }

    @Test("every legal server message reads and writes as given") func legalMessages() throws {
        for vector in try ProtocolFiles.cases("server-messages", "legal") + ProtocolFiles.cases("blobs", "messages")
        {
            let name = Comment(rawValue: try vector.text("name"))
            let message = try ServerMessage(line: try vector.bytes("line")[...])
            #expect(Self.describe(message) == vector["message"]?.texts, name)
            let canonical = try vector["canonical"]?.string ?? vector.text("line")
            #expect(String(decoding: message.line, as: UTF8.self) == canonical + "\n", name)
        }
    }

    @Test("every illegal server message is refused for its field") func illegalMessages() throws {
        for vector in try ProtocolFiles.cases("server-messages", "illegal")
            + ProtocolFiles.cases("blobs", "badMessages")
        {
            let name = Comment(rawValue: try vector.text("name"))
            let line = try vector.bytes("line")
            let error = #expect(throws: MessageError.self, name) { try ServerMessage(line: line[...]) }
            #expect(error?.field == vector["field"]?.string, name)
        }
    }

    @Test("a slice in the middle of a larger buffer reads like the line alone") func slices() throws {
        for vector in try ProtocolFiles.cases("requests", "legal") {
            let line = try vector.bytes("line")
            let buffer = Array("0 QUIT\n".utf8) + line + Array("\n9 PUSH {}\n".utf8)
            let request = try ClientRequest(line: buffer[7..<(7 + line.count)])
            #expect(Self.describe(request) == vector["request"]?.texts)
        }
    }

    static func describe(_ request: ClientRequest) -> [String: String] {
        var texts = ["tag": request.tag.text, "verb": request.verb.name]
        switch request.verb {
        case .push(let json): texts["json"] = String(decoding: json, as: UTF8.self)
        case .pull(let mailbox, let cursor, let limit):
            texts["mailbox"] = mailbox.rawValue
            texts["cursor"] = cursor.text
            texts["limit"] = limit.map(String.init)
        case .watch(let mailbox, let cursor), .stored(let mailbox, let cursor):
            texts["mailbox"] = mailbox.rawValue
            texts["cursor"] = cursor.text
        case .unwatch(let mailbox), .head(let mailbox): texts["mailbox"] = mailbox.rawValue
        case .giveBack(let change):
            texts["mailbox"] = change.mailbox.rawValue
            texts["received"] = withMilliseconds(change.received)
            texts["receipt"] = change.receipt.text
            texts["json"] = String(decoding: change.bytes, as: UTF8.self)
        case .offer(let blob):
            texts["sha256"] = blob.digest.text
            texts["size"] = String(blob.size)
        case .blob(let chunk):
            texts["sha256"] = chunk.blob.digest.text
            texts["size"] = String(chunk.blob.size)
            texts["offset"] = String(chunk.offset)
            texts["count"] = String(chunk.count)
        case .fetch(let digest, let offset, let count):
            texts["sha256"] = digest.text
            texts["offset"] = String(offset)
            texts["count"] = count.map(String.init)
        case .ping, .quit: break
        case .enrol(let enrolment):
            texts["address"] = enrolment.address.text
            texts["secret"] = Base64URL.encoded(enrolment.secret)
            texts["request"] = Base64URL.encoded(enrolment.request)
        }
        return texts
    }

    static func describe(_ message: ServerMessage) -> [String: String] {
        switch message {
        case .greeting(let greeting):
            [
                "kind": "greeting", "server": greeting.server.text, "address": greeting.address.text,
                "epoch": String(greeting.epoch, radix: 16).leftPadded(16), "time": withMilliseconds(greeting.time),
                "line": String(greeting.line), "requests": String(greeting.requests),
                "page": String(greeting.page), "idle": String(greeting.idle),
                "cap": greeting.capabilities.joined(separator: ","),
            ].merging(greeting.blobs.map { ["blob": String($0.blob), "chunk": String($0.chunk)] } ?? [:]) { $1 }
        case .enrolGreeting(let greeting):
            [
                "kind": "enrol-greeting", "server": greeting.server.text, "time": withMilliseconds(greeting.time),
                "line": String(greeting.line),
            ]
        case .reply(let tag, let reply): describe(reply).merging(["tag": tag.text]) { $1 }
        case .untagged(let rejection): describe(rejection).merging(["kind": "untagged"]) { $1 }
        case .change(let mailbox, let change):
            [
                "kind": "change", "mailbox": mailbox.rawValue, "position": String(change.position),
                "received": withMilliseconds(change.received), "digest": change.digest.text,
                "json": String(decoding: change.bytes, as: UTF8.self),
            ].merging(change.receipt.map { ["receipt": $0.text] } ?? [:]) { $1 }
        case .cursor(let mailbox, let cursor):
            ["kind": "cursor", "mailbox": mailbox.rawValue, "cursor": cursor.text]
        case .blob(let digest, let offset, let count):
            ["kind": "blob", "sha256": digest.text, "offset": String(offset), "count": String(count)]
        case .bye(let code, let text): ["kind": "bye", "code": code, "text": text]
        case .unknown: ["kind": "unknown"]
        }
    }

    private static func describe(_ reply: Reply) -> [String: String] {
        var texts = ["kind": "ok"]
        switch reply {
        case .push(let receipt):
            texts["verb"] = "PUSH"
            texts["id"] = receipt.id.text
            texts["position"] = String(receipt.position)
            texts["received"] = withMilliseconds(receipt.received)
            texts["digest"] = receipt.digest.text
            texts["repeat"] = receipt.isRepeat ? "yes" : nil
        case .pull(let mailbox, let cursor, let more):
            texts.merge(
                ["verb": "PULL", "mailbox": mailbox.rawValue, "cursor": cursor.text, "more": more ? "yes" : "no"]
            ) { $1 }
        case .watch(let mailbox, let cursor):
            texts.merge(["verb": "WATCH", "mailbox": mailbox.rawValue, "cursor": cursor.text]) { $1 }
        case .unwatch(let mailbox): texts.merge(["verb": "UNWATCH", "mailbox": mailbox.rawValue]) { $1 }
        case .stored(let mailbox): texts.merge(["verb": "STORED", "mailbox": mailbox.rawValue]) { $1 }
        case .head(let mailbox, let end):
            texts.merge(["verb": "HEAD", "mailbox": mailbox.rawValue]) { $1 }
            texts["position"] = end.position > 0 ? String(end.position) : nil
            texts["digest"] = end.digest?.text
        case .giveBack(let digest, let isRepeat):
            texts.merge(["verb": "RETURN", "digest": digest.text]) { $1 }
            texts["repeat"] = isRepeat ? "yes" : nil
        case .offer(let progress): texts.merge(describe(progress, "OFFER")) { $1 }
        case .blob(let progress): texts.merge(describe(progress, "BLOB")) { $1 }
        case .fetch(let digest, let offset, let size):
            texts.merge(
                ["verb": "FETCH", "sha256": digest.text, "offset": String(offset), "size": String(size)]
            ) { $1 }
        case .ping: texts["verb"] = "PING"
        case .quit: texts["verb"] = "QUIT"
        case .enrol(let certificate, let root):
            texts["verb"] = "ENROL"
            texts["certificate"] = Base64URL.encoded(certificate)
            texts["root"] = Base64URL.encoded(root)
        case .no(let rejection): texts = describe(rejection)
        case .unknown: texts["verb"] = "UNKNOWN"
        }
        return texts
    }

    private static func describe(_ progress: BlobProgress, _ verb: String) -> [String: String] {
        [
            "verb": verb, "sha256": progress.digest.text, "offset": String(progress.offset),
            "complete": progress.isComplete ? "yes" : "no",
        ]
    }

    private static func describe(_ rejection: Rejection) -> [String: String] {
        [
            "kind": "no", "code": rejection.code, "retry": rejection.retry.rawValue, "text": rejection.text,
        ].merging(rejection.details) { $1 }
    }

    /// As lines carry it: always with three decimals.
    private static func withMilliseconds(_ time: Timestamp) -> String {
        time.text.count == 20 ? time.text.dropLast() + ".000Z" : time.text
    }
}
