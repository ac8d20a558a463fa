import RegiopostModel
import RegiopostWire
import Testing

@Suite("Both ends against each other") struct ConversationTests {
    /// A client session on a connection to a `MemoryServer`, both directions cut at random places.
    private struct Connection {
        var client = ClientSession(.regiopost)
        var server: MemoryServer
        var outcomes: [ClientSession.Outcome] = []
        private var framer: LineFramer
        private var random: SeededRandom

        init(seed: UInt64, limits: Limits) throws {
            server = try Fixtures.server(limits)
            framer = LineFramer(limit: limits.longestLine)
            random = SeededRandom(seed: seed)
            carryBack()
        }

        mutating func ask(_ verb: ClientRequest.Verb) throws -> RequestTag {
            let request = try client.request(verb)
            for piece in pieces(request.line) { server.receive(piece) }
            return request.tag
        }

        /// Carries what the server sent to the client.
        mutating func carryBack() {
            for piece in pieces(server.takeOutput()) {
                framer.append(piece)
                do throws(FramingError) {
                    while try takeOne() {}
                } catch {
                    outcomes += client.framingFailed(error)
                }
            }
        }

        private mutating func takeOne() throws(FramingError) -> Bool {
            if let bytes = framer.takeCounted() {
                outcomes += client.bytesReceived(bytes)
            } else if let line = try framer.next() {
                outcomes += client.lineReceived(line)
                framer.expect(client.countedBytes)
            } else {
                return false
            }
            return true
        }

        /// Sends a piece of a blob.
        mutating func upload(_ bytes: ArraySlice<UInt8>, of blob: Blob, at offset: Int) throws -> RequestTag {
            let request = try client.request(.blob(BlobChunk(blob: blob, offset: offset, count: bytes.count)))
            for piece in pieces(request.line + bytes) { server.receive(piece) }
            return request.tag
        }

        private mutating func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(rest.count, 3_000), using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            return pieces
        }
    }

    @Test("what one client pushes comes back complete, in order and byte for byte", arguments: 0..<20)
    func pushAndWatch(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var limits = Limits.standard
        limits.page = Int.random(in: 1...10, using: &random)
        limits.pageBytes = Int.random(in: 1...20_000, using: &random)
        var connection = try Connection(seed: seed, limits: limits)
        var sent: [[UInt8]] = []
        let watchAt = Int.random(in: 0..<50, using: &random)
        for number in 0..<50 {
            if number == watchAt { _ = try connection.ask(.watch(.own, after: .start)) }
            let change = Fixtures.change(number, size: Int.random(in: 0...4_000, using: &random))
            sent.append(change)
            _ = try connection.ask(.push(change[...]))
            connection.server.holds = Bool.random(using: &random)
            if Bool.random(using: &random) { connection.server.release() }
            if Bool.random(using: &random) { connection.carryBack() }
        }
        connection.server.release()
        _ = try connection.ask(.quit)
        connection.carryBack()

        var received: [[UInt8]] = []
        var receipts = 0
        for outcome in connection.outcomes {
            switch outcome {
            case .change(.own, let change): received.append(Array(change.bytes))
            case .replied(_, .push): receipts += 1
            case .ended(let end, let unanswered):
                #expect(end == .quit)
                #expect(unanswered == [])
            default: continue
            }
        }
        let isSame = received == sent
        #expect(isSame, "\(received.count) of \(sent.count)")
        #expect(receipts == sent.count)
        #expect(connection.server.isClosed)
    }

    @Test("a client that goes page by page sees everything once", arguments: [1, 3, 1_000]) func paging(page: Int)
        throws
    {
        var limits = Limits.standard
        limits.page = page
        var connection = try Connection(seed: 1, limits: limits)
        for number in 1...20 { connection.server.store(Fixtures.change(number, size: 1_000)) }
        var cursor = CursorToken.start
        var positions: [Int] = []
        var more = true
        while more {
            _ = try connection.ask(.pull(.own, after: cursor, limit: nil))
            connection.outcomes = []
            connection.carryBack()
            for outcome in connection.outcomes {
                switch outcome {
                case .change(_, let change): positions.append(change.position)
                case .replied(_, .pull(_, let next, let hasMore)): (cursor, more) = (next, hasMore)
                default: Issue.record("not expected: \(outcome)")
                }
            }
        }
        #expect(positions == Array(1...20))
    }

    @Test("the largest change goes through, both ways") func largest() throws {
        var connection = try Connection(seed: 2, limits: .standard)
        let shell = Fixtures.change(1).count
        let change = Fixtures.change(1, size: Limits.standard.line - shell)
        #expect(change.count >= Limits.standard.line - 1)
        _ = try connection.ask(.push(change[...]))
        _ = try connection.ask(.pull(.own, after: .start, limit: nil))
        connection.carryBack()
        let came = connection.outcomes.compactMap { outcome -> ArraySlice<UInt8>? in
            guard case .change(_, let change) = outcome else { return nil }
            return change.bytes
        }
        #expect(came == [change[...]])
    }

    @Test("a blob goes up in pieces between other requests and comes back byte for byte", arguments: 0..<20)
    func blobs(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var limits = Limits.standard
        limits.chunk = Int.random(in: 2_000...200_000, using: &random)
        limits.backlog = 1_000_000
        var connection = try Connection(seed: seed, limits: limits)
        let bytes = (0..<Int.random(in: 1...400_000, using: &random)).map { _ in
            [0x0A, 0x0D, 0x00, 0x31, 0x20, 0xFF][Int.random(in: 0..<6, using: &random)] as UInt8
        }
        let blob = Blob(digest: standInDigest(bytes), size: bytes.count)
        var sent = 0
        while sent < bytes.count {
            let most = min(limits.chunk, bytes.count - sent)
            let count = Int.random(in: (most + 1) / 2...most, using: &random)
            _ = try connection.upload(bytes[sent..<(sent + count)], of: blob, at: sent)
            _ = try connection.ask(.ping)
            sent += count
        }
        connection.carryBack()
        #expect(connection.server.blobs[blob.digest] == bytes)
        var fetched: [UInt8] = []
        while fetched.count < bytes.count {
            connection.outcomes = []
            _ = try connection.ask(.fetch(blob.digest, offset: fetched.count, count: nil))
            connection.carryBack()
            var came: [UInt8] = []
            for outcome in connection.outcomes {
                if case .bytes(_, let bytes) = outcome { came += bytes }
            }
            try #require(!came.isEmpty)
            fetched += came
            let reply = Reply.fetch(blob.digest, offset: fetched.count, size: bytes.count)
            guard case .replied(_, reply) = connection.outcomes.last else {
                Issue.record("\(String(describing: connection.outcomes.last))")
                return
            }
        }
        #expect(fetched == bytes)
    }

    @Test("random lines never break either end", arguments: 0..<300) func noise(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let words = [
            "*", "1", "OK", "NO", "PUSH", "PULL", "WATCH", "QUIT", "CHANGE", "BYE", "mailbox=own", "cursor=0", " ",
            "  ", "{", "{\"id\":1}", ":x", "%", "=", "a=%41", "é", "\t", "retry=later", "conflict", "position=1",
        ]
        var server = try Fixtures.server()
        _ = server.takeLines()
        for number in 0..<20 {
            let count = Int.random(in: 0...6, using: &random)
            let line = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            guard !server.isClosed else { break }
            server.receive(line: line)
            for reply in server.takeLines() { _ = try ServerMessage(line: Array(reply.utf8)[...]) }
            var client = ClientSession(number.isMultiple(of: 2) ? .regiopost : .enrol)
            let outcomes = client.lineReceived(Array(line.utf8)[...])
            #expect(outcomes.count == 1)
        }
    }
}
