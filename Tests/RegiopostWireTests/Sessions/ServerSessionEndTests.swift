import RegiopostModel
import RegiopostWire
import Testing

@Suite("How the server ends a session") struct ServerSessionEndTests {
    private static let change = "PUSH " + String(decoding: Fixtures.change(1), as: UTF8.self)

    /// A server with one push under way and a watch that stands.
    private func busy() throws -> MemoryServer {
        var server = try Fixtures.server()
        server.receive(line: "w WATCH mailbox=directory cursor=0")
        _ = server.takeLines()
        server.holds = true
        server.receive(line: "1 " + Self.change)
        return server
    }

    @Test("stopping answers what is under way, then says why") func stopping() throws {
        var server = try busy()
        server.run(server.session.stopRequested())
        #expect(server.deadlines == 1)
        server.receive(line: "2 PING")
        server.arrive(Fixtures.change(5), in: .directory)
        #expect(server.takeLines() == [])
        server.release()
        let lines = server.takeLines()
        #expect(lines.first?.hasPrefix("1 OK PUSH ") == true)
        #expect(lines.dropFirst() == ["* BYE stopping :The server is stopping"])
        #expect(server.isClosed)
    }

    @Test("a bad byte ends it, and requests before it still get their reply") func badByte() throws {
        var server = try busy()
        server.receive(Array("2 PING\n3 PING\r\n4 PUSH {}\n".utf8))
        server.release()
        let lines = server.takeLines()
        #expect(lines.first == "2 OK PING")
        #expect(lines.dropFirst().first?.hasPrefix("1 OK PUSH ") == true)
        #expect(lines.dropFirst(2) == ["* BYE bad-byte :A line holds a carriage return or a NUL"])
        #expect(server.submitted.map(\.text) == ["1"])
    }

    @Test("silence ends it only while nothing is under way") func idle() throws {
        var server = try busy()
        server.run(server.session.idleDeadlineReached())
        #expect(!server.isClosed)
        server.release()
        _ = server.takeLines()
        server.run(server.session.idleDeadlineReached())
        #expect(server.takeLines() == ["* BYE idle :Nothing was heard for too long"])
        #expect(server.isClosed)
    }

    @Test(
        "a certificate that was revoked or has expired gets nothing more, not even its replies",
        arguments: [
            (RefusalCode.revoked, "* BYE revoked :The certificate was revoked"),
            (.certificateExpired, "* BYE certificate-expired :The certificate has expired"),
        ])
    func shutOut(code: RefusalCode, bye: String) throws {
        var server = try busy()
        server.run(server.session.accessEnded(code))
        #expect(server.takeLines() == [bye])
        #expect(server.isClosed)
        server.release()
        server.run(server.session.mailboxGrew(.directory))
        #expect(server.takeLines() == [])
    }

    @Test("replies that never come don't hold the connection past its deadline") func deadline() throws {
        var server = try busy()
        server.run(server.session.peerClosed())
        #expect(server.takeLines() == [])
        server.run(server.session.closingDeadlineReached())
        #expect(server.isAborted)
    }

    @Test("a watch that is catching up is told that it won't stand") func catchingUp() throws {
        var server = try Fixtures.server()
        _ = server.takeLines()
        server.holds = true
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        server.receive(line: "2 QUIT")
        #expect(server.takeLines() == ["1 NO stopping retry=later :The server is stopping", "2 OK QUIT"])
        #expect(server.isClosed)
        server.release()
        #expect(server.takeLines() == [])
    }

    @Test("whatever happens after the end, nothing more is done", arguments: 0..<200) func afterTheEnd(seed: UInt64)
        throws
    {
        var random = SeededRandom(seed: seed)
        var server = try Fixtures.server()
        for _ in 0..<40 {
            switch Int.random(in: 0..<14, using: &random) {
            case 0: server.run(server.session.stopRequested())
            case 1: server.run(server.session.peerClosed())
            case 2: server.run(server.session.idleDeadlineReached())
            case 3: server.run(server.session.framingFailed(.badByte))
            case 4 where server.isClosed || server.isAborted: #expect(server.session.outputStalled() == [])
            case 5:
                server.run(server.session.outputBacklogChanged(bytes: Int.random(in: 0...400_000, using: &random)))
            case 6: server.holds.toggle()
            case 7: server.release()
            case 8: server.arrive(Fixtures.change(Int.random(in: 100...1_000_000, using: &random)))
            case 9: server.receive(line: "w\(Int.random(in: 0...99, using: &random)) WATCH mailbox=own cursor=0")
            case 10: server.receive(line: "u\(Int.random(in: 0...99, using: &random)) UNWATCH mailbox=own")
            case 11: server.receive(line: "p\(Int.random(in: 0...99, using: &random)) PULL mailbox=own cursor=0")
            default: server.receive(line: "c\(Int.random(in: 0...99, using: &random)) " + Self.change)
            }
        }
        if !server.isAborted, !server.isClosed {
            server.run(server.session.stopRequested())
            server.release()
        }
        #expect(server.isClosed || server.isAborted)
    }
}
