import RegiopostJSON
import RegiopostModel
import RegiopostWire
import Testing

@Suite("Vectors: dialogues") struct DialogueVectorTests {
    @Test("on regiopost/1 every conversation goes as written, however the client's bytes are split")
    func dialogues() throws {
        let file = try ProtocolFiles.vectors("dialogues")
        for dialogue in try ProtocolFiles.cases("dialogues", "dialogues") {
            guard try dialogue.text("alpn") == "regiopost/1" else { continue }
            try replay(dialogue, file, pieceLength: .max)
            try replay(dialogue, file, pieceLength: 1)
            try replay(dialogue, file, pieceLength: 7)
        }
    }

    @Test("on regiopost-enrol/1 too") func enrolment() throws {
        let secret = try #require(Base64URL.decoded(try ProtocolFiles.vectors("dialogues").text("secret")))
        var replayed = 0
        for dialogue in try ProtocolFiles.cases("dialogues", "dialogues") {
            guard try dialogue.text("alpn") == "regiopost-enrol/1" else { continue }
            var server = try MemoryEnrolServer(secret: secret)
            replayed += 1
            let name = Comment(rawValue: try dialogue.text("name"))
            for step in try #require(dialogue["steps"]?.array) {
                if let line = step["client"]?.string { server.receive(line) }
                if let line = step["server"]?.string { #expect(server.takeLine() == line, name) }
                if step["closes"]?.string == "server" { #expect(server.isClosed, name) }
            }
            #expect(server.takeLine() == nil, name)
        }
        #expect(replayed >= 3)
    }

    private func replay(_ dialogue: JSONValue, _ file: JSONValue, pieceLength: Int) throws {
        let name = Comment(rawValue: try dialogue.text("name"))
        var server = try prepare(dialogue, file)
        var client = ClientSession(.regiopost)
        var lines: [String] = []
        for step in try #require(dialogue["steps"]?.array) {
            if let line = step["client"]?.string {
                feed(Array((line + "\n").utf8), to: &server, pieceLength: pieceLength)
            } else if let expected = step["server"]?.string {
                lines += server.takeLines()
                #expect(lines.first == expected, name)
                if !lines.isEmpty { lines.removeFirst() }
                #expect(throws: Never.self, name) { try ServerMessage(line: Array(expected.utf8)[...]) }
                if expected.hasPrefix("* REGIOPOST ") {
                    #expect(client.lineReceived(Array(expected.utf8)[...]).count == 1, name)
                }
            } else if let line = step["arrives"]?.string {
                server.arrive(Array(line.utf8))
            } else if let mailbox = step["hint"]?.string.flatMap(MailboxName.init(rawValue:)) {
                server.notify(mailbox)
            } else if step["closes"]?.string == "client" {
                server.run(server.session.peerClosed())
            } else {
                #expect(step["closes"]?.string == "server", name)
                #expect(server.isClosed, name)
            }
        }
        #expect(lines + server.takeLines() == [], name)
    }

    private func feed(_ bytes: [UInt8], to server: inout MemoryServer, pieceLength: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            server.receive(Array(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
    }

    private func prepare(_ dialogue: JSONValue, _ file: JSONValue) throws -> MemoryServer {
        var digests: [[UInt8]: Digest] = [:]
        for entry in try #require(file["digests"]?.array) {
            let digest = try #require(Digest(try entry.text("sha256")))
            digests[Array(try entry.text("line").utf8)] = digest
        }
        var limits = Limits.standard
        if let page = dialogue["limits"]?["page"]?.integer { limits.page = page }
        if let line = dialogue["limits"]?["line"]?.integer { limits.line = line }
        var server = MemoryServer(greeting: try Fixtures.greeting(limits), limits: limits) { [digests] line in
            digests[line] ?? standInDigest(line)
        }
        for line in dialogue["stored"]?.array ?? [] { server.store(Array((line.string ?? "").utf8)) }
        for line in dialogue["directory"]?.array ?? [] {
            server.store(Array((line.string ?? "").utf8), in: .directory)
        }
        for member in dialogue["refusals"]?.members ?? [] {
            var details = member.value.texts
            let code = try #require(details.removeValue(forKey: "code").flatMap(RefusalCode.init(rawValue:)))
            server.refusals[Array(member.name.utf8)] = Refusal(code, details)
        }
        return server
    }
}

/// A server around an `EnrolSession` that knows one secret.
private struct MemoryEnrolServer {
    private var session: EnrolSession
    private let secret: [UInt8]
    private var lines: [String] = []
    private(set) var isClosed = false

    init(secret: [UInt8]) throws {
        session = EnrolSession(greeting: try Fixtures.enrolGreeting())
        self.secret = secret
        run(session.start())
    }

    mutating func receive(_ line: String) { run(session.lineReceived(Array(line.utf8)[...])) }

    mutating func takeLine() -> String? { lines.isEmpty ? nil : lines.removeFirst() }

    private mutating func run(_ actions: [EnrolSession.Action]) {
        for action in actions {
            switch action {
            case .send(let bytes): lines.append(String(decoding: bytes.dropLast(), as: UTF8.self))
            case .enrol(let tag, let enrolment):
                let isRight = enrolment.secret == secret
                run(
                    session.enrolAnswered(
                        tag,
                        isRight
                            ? .success(([0x30, 0x03, 0x02, 0x01, 0x00], [0x30, 0x03, 0x02, 0x01, 0x01]))
                            : .failure(Refusal(.invitationUnknown))))
            case .close, .abort: isClosed = true
            }
        }
    }
}
