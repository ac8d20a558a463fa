import RegiopostModel
import RegiopostWire
import Testing

@Suite("Blobs in sessions") struct BlobSessionTests {
    private let bytes = [UInt8](repeating: 0x0A, count: 200_000)
    private var blob: Blob { Blob(digest: standInDigest(bytes), size: bytes.count) }

    private func line(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func header(_ tag: String, offset: Int = 0, count: Int) -> String {
        "\(tag) BLOB sha256=\(blob.digest.text) size=\(blob.size) offset=\(offset) count=\(count)"
    }

    @Test("one request too many still has its bytes passed over") func tooMany() throws {
        var limits = Limits.standard
        limits.requests = 1
        var server = try Fixtures.server(limits)
        server.holds = true
        server.receive(line: "1 PUSH {}")
        server.receive(Array((header("2", count: 7) + "\n3 QUIT\n").utf8))
        _ = server.takeLines()
        #expect(server.session.countedBytes == 0)
        server.receive(line: "4 PING")
        #expect(
            server.takeLines() == ["4 NO too-many-requests retry=later limit=1 :Too many requests are under way"])
        #expect(!server.isClosed)
    }

    @Test("a client that goes silent in the middle of a piece is ended, and one that waits is not") func silent()
        throws
    {
        var server = try Fixtures.server()
        server.receive(Array((header("1", count: 7) + "\nabc").utf8))
        _ = server.takeLines()
        server.run(server.session.idleDeadlineReached())
        #expect(server.takeLines().last == "* BYE idle :Nothing was heard for too long")
        #expect(server.isClosed)
        var waiting = try Fixtures.server()
        waiting.holds = true
        waiting.receive(Array((header("1", count: 3) + "\nabc").utf8))
        waiting.run(waiting.session.idleDeadlineReached())
        #expect(!waiting.isClosed)
    }

    @Test("a piece that is refused early is passed over to its end") func refusedEarly() throws {
        var session = ServerSession(greeting: try Fixtures.greeting(), limits: .standard)
        #expect(session.lineReceived(line(header("1", count: 6))).count == 1)
        #expect(session.bytesReceived(line("abc")).count == 1)
        let tag = try #require(RequestTag("1"))
        #expect(session.blobAnswered(tag, .failure(Refusal(.unavailable))).count == 1)
        #expect(session.countedBytes == 3)
        #expect(session.bytesReceived(line("def")).isEmpty)
        #expect(session.countedBytes == 0)
        #expect(session.requestsUnderWay == 0)
    }

    @Test("a large file is read a piece at a time, and not while the client doesn't keep up") func slowReader()
        throws
    {
        var session = ServerSession(greeting: try Fixtures.greeting(), limits: .standard)
        var reads: [BlobRead] = []
        func note(_ actions: [ServerSession.Action]) {
            for case .readBlob(let read) in actions { reads.append(read) }
        }
        note(session.lineReceived(line("1 FETCH sha256=\(blob.digest.text) offset=0")))
        note(session.lineReceived(line("2 FETCH sha256=\(blob.digest.text) offset=5")))
        #expect(reads.count == 1)
        _ = session.outputBacklogChanged(bytes: Limits.standard.backlog + 1)
        let first = try #require(reads.first)
        #expect(first.count == Limits.outputPiece && first.isFirst)
        note(session.blobRead(first, .bytes(Array(bytes.prefix(first.count)), size: bytes.count)))
        #expect(reads.count == 1)
        note(session.outputBacklogChanged(bytes: 0))
        #expect(reads.last?.offset == first.count && reads.last?.isFirst == false)
        var sent = 0
        while let read = reads.popLast(), sent < 20 {
            sent += 1
            let piece = Array(bytes.dropFirst(read.offset).prefix(read.count))
            note(session.blobRead(read, .bytes(piece, size: bytes.count)))
            if reads.isEmpty { break }
        }
        #expect(session.requestsUnderWay == 0)
    }

    @Test("enrolling takes no bytes") func enrolling() throws {
        var session = EnrolSession(greeting: try Fixtures.enrolGreeting())
        let actions = session.lineReceived(line(header("1", count: 7)))
        #expect(actions.last == .close)
        #expect(session.lineReceived(line("2 PING")).isEmpty)
    }

    // MARK: The client

    private func greeted(_ limits: Limits = .standard) throws -> ClientSession {
        var client = ClientSession(.regiopost)
        _ = client.lineReceived(ServerMessage.greeting(try Fixtures.greeting(limits)).line.dropLast())
        return client
    }

    @Test("a client sends no piece that the server doesn't take") func clientLimits() throws {
        var limits = Limits.standard
        limits.chunk = 10
        var client = try greeted(limits)
        #expect(throws: ClientSession.RequestFailure.chunkTooLong(limit: 10)) {
            try client.request(.blob(BlobChunk(blob: blob, offset: 0, count: 11)))
        }
        _ = try client.request(.fetch(blob.digest, offset: 0, count: nil))
        #expect(throws: ClientSession.RequestFailure.alreadyFetching) {
            try client.request(.fetch(blob.digest, offset: 10, count: nil))
        }
        var old = ClientSession(.regiopost)
        let greeting = Greeting(
            server: try Fixtures.greeting().server, address: try Fixtures.greeting().address, epoch: Fixtures.epoch,
            time: try Fixtures.greeting().time, limits: .standard, capabilities: ["PUSH", "PULL", "WATCH"])
        _ = old.lineReceived(ServerMessage.greeting(greeting).line.dropLast())
        #expect(throws: ClientSession.RequestFailure.noBlobs) { try old.request(.offer(blob)) }
    }

    @Test(
        "a client ends a conversation in which bytes come that it didn't ask for",
        arguments: [
            ("offset=1 count=1", "offset"), ("offset=0 count=11", "count"), ("offset=0 count=5", nil),
        ] as [(String, String?)])
    func unasked(announcement: String, violation: String?) throws {
        var limits = Limits.standard
        limits.chunk = 10
        var client = try greeted(limits)
        let tag = try client.request(.fetch(blob.digest, offset: 0, count: nil)).tag
        let outcomes = client.lineReceived(line("* BLOB sha256=\(blob.digest.text) " + announcement))
        let expected = violation.map { [ClientSession.Outcome.ended(.violation($0), unanswered: [tag])] } ?? []
        #expect(outcomes == expected)
        #expect(client.countedBytes == (violation == nil ? 5 : 0))
        if violation == nil {
            #expect(client.bytesReceived(line("ab")) == [.bytes(tag, line("ab"))])
            #expect(client.peerClosed(leftOver: 0) == [.ended(.cutOff, unanswered: [tag])])
        }
        var other = try greeted(limits)
        #expect(
            other.lineReceived(line("* BLOB sha256=\(blob.digest.text) offset=0 count=1"))
                == [.ended(.violation("sha256"), unanswered: [])])
    }
}
