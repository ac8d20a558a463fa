import RegiopostModel
import RegiopostWire
import Testing

@Suite("The server's side of a session") struct ServerSessionTests {
    private func push(_ tag: String, _ change: [UInt8]) -> String {
        "\(tag) PUSH \(String(decoding: change, as: UTF8.self))"
    }

    @Test("pushes are submitted in the order they came, and replies leave as answers come") func order() throws {
        var session = ServerSession(greeting: try Fixtures.greeting(), limits: .standard)
        var submitted: [String] = []
        for tag in ["z", "a", "m"] {
            let line = Array(push(tag, Fixtures.change(1)).utf8)
            for case .submit(let tag, let change) in session.lineReceived(line[...]) {
                submitted.append(tag.text)
                #expect(change == Fixtures.change(1)[...])
            }
        }
        #expect(submitted == ["z", "a", "m"])
        #expect(session.requestsUnderWay == 3)
        let middle = try #require(RequestTag("a"))
        let actions = session.pushAnswered(middle, .failure(Refusal(.unavailable)))
        #expect(actions == [.send(Array("a NO unavailable retry=later :The server can't do that now\n".utf8))])
        #expect(session.pushAnswered(middle, .failure(Refusal(.unavailable))) == [])
        #expect(session.requestsUnderWay == 2)
    }

    @Test("one request too many gets a coded answer, and the next after a reply is taken") func tooMany() throws {
        var limits = Limits.standard
        limits.requests = 2
        var server = try Fixtures.server(limits)
        server.holds = true
        _ = server.takeLines()
        for number in 1...3 { server.receive(line: push(String(number), Fixtures.change(number))) }
        #expect(
            server.takeLines() == ["3 NO too-many-requests retry=later limit=2 :Too many requests are under way"])
        server.release()
        #expect(server.takeLines().count == 2)
        server.receive(line: push("3", Fixtures.change(3)))
        #expect(server.takeLines().first?.hasPrefix("3 OK PUSH ") == true)
        #expect(server.submitted.map(\.text) == ["1", "2", "3"])
    }

    @Test("a tag in use twice can't be answered, so the connection ends after the first one's reply")
    func tagTwice() throws {
        for second in ["1 PING", "1  PING", "1 PUSH {}"] {
            var server = try Fixtures.server()
            server.holds = true
            _ = server.takeLines()
            server.receive(line: push("1", Fixtures.change(1)))
            server.receive(line: second)
            #expect(server.takeLines() == [])
            server.release()
            let lines = server.takeLines()
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("1 OK PUSH ") == true)
            #expect(lines.last == "* BYE bad-request :The request can't be read")
            #expect(server.isClosed)
        }
    }

    @Test("a page ends at its bytes, and a change larger than that still comes") func pageBytes() throws {
        var limits = Limits.standard
        limits.pageBytes = 1_000
        var server = try Fixtures.server(limits)
        for number in 1...4 { server.store(Fixtures.change(number, size: number == 3 ? 5_000 : 600)) }
        _ = server.takeLines()
        var cursor = CursorToken.start
        var pages: [Int] = []
        var more = true
        while more {
            server.receive(line: "1 PULL mailbox=own cursor=\(cursor.text)")
            let messages = try server.takeLines().map { try ServerMessage(line: Array($0.utf8)[...]) }
            guard case .reply(_, .pull(_, let next, let hasMore)) = messages.last else {
                Issue.record("no reply: \(messages)")
                return
            }
            pages.append(messages.count - 1)
            (cursor, more) = (next, hasMore)
        }
        #expect(pages == [2, 1, 1])
    }

    @Test("a slow reader is asked nothing more of, and gets everything once it reads") func backlog() throws {
        var limits = Limits.standard
        limits.page = 2
        var server = try Fixtures.server(limits)
        for number in 1...7 { server.store(Fixtures.change(number)) }
        server.holds = true
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        _ = server.takeLines()
        server.run(server.session.outputBacklogChanged(bytes: limits.backlog + 1))
        #expect(server.isPaused)
        server.release()
        #expect(server.takeLines().count == 3)
        server.arrive(Fixtures.change(8))
        #expect(server.takeLines() == [])
        server.run(server.session.outputBacklogChanged(bytes: limits.backlog - 1))
        #expect(server.isPaused)
        server.run(server.session.outputBacklogChanged(bytes: limits.backlog / 2))
        #expect(!server.isPaused)
        let positions = try server.takeLines().compactMap { line -> Int? in
            guard case .change(_, let change) = try ServerMessage(line: Array(line.utf8)[...]) else { return nil }
            return change.position
        }
        #expect(positions == [3, 4, 5, 6, 7, 8])
        server.run(server.session.outputStalled())
        #expect(server.isAborted)
    }

    @Test("a change that comes while the mailbox is being read is delivered, hint or no hint") func lostHint()
        throws
    {
        var server = try Fixtures.server()
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        _ = server.takeLines()
        server.holds = true
        server.arrive(Fixtures.change(1))
        server.arrive(Fixtures.change(2))
        server.store(Fixtures.change(3))
        #expect(server.held.count == 1)
        server.release()
        let lines = server.takeLines()
        #expect(lines.filter { $0.hasPrefix("* CHANGE") }.count == 3)
        server.store(Fixtures.change(4))
        server.arrive(Fixtures.change(5))
        #expect(server.takeLines().filter { $0.hasPrefix("* CHANGE") }.count == 2)
    }

    @Test("a cursor given by the client counts as presented; one the server went on from does not")
    func presented() throws {
        var limits = Limits.standard
        limits.page = 1
        var server = try Fixtures.server(limits)
        for number in 1...3 { server.store(Fixtures.change(number)) }
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        #expect(server.presented[.own]?.position == 0)
        let last = try #require(server.takeLines().last)
        guard case .reply(_, .watch(_, let token)) = try ServerMessage(line: Array(last.utf8)[...]) else {
            Issue.record("no watch: \(last)")
            return
        }
        server.receive(line: "2 STORED mailbox=own cursor=\(token.text)")
        #expect(server.stored[.own]?.position == 3)
        #expect(server.takeLines() == ["2 OK STORED mailbox=own"])
        server.receive(line: "3 STORED mailbox=directory cursor=\(token.text)")
        #expect(server.stored[.directory] == nil)
        #expect(server.takeLines().first?.hasPrefix("3 NO resync ") == true)
    }

    @Test("history lost under a watch ends the connection instead of leaving a gap") func lostHistory() throws {
        var server = try Fixtures.server()
        for number in 1...3 { server.store(Fixtures.change(number)) }
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        _ = server.takeLines()
        server.mailboxes[.own] = []
        server.arrive(Fixtures.change(9))
        let history = "The cursor is not of this server's history; start again from 0"
        #expect(server.takeLines() == ["* BYE resync :\(history)"])
        #expect(server.isClosed)
    }

    @Test("a page with a gap is not delivered") func gap() throws {
        var session = ServerSession(greeting: try Fixtures.greeting(), limits: .standard)
        let actions = session.lineReceived(Array("1 PULL mailbox=own cursor=0".utf8)[...])
        guard case .readPage(let request) = actions.first else {
            Issue.record("no read: \(actions)")
            return
        }
        let change = StoredChange(
            position: 2, received: Timestamp(milliseconds: 0), digest: standInDigest([]), bytes: [0x7B])
        let expected = "1 NO unavailable retry=later mailbox=own :The server can't do that now\n"
        #expect(
            session.pageRead(request, .page(PageLines([change], in: .own), more: false)) == [
                .send(Array(expected.utf8))
            ])
        #expect(session.pageRead(request, .page(PageLines([change], in: .own), more: false)) == [])
    }

    @Test("who may not read a mailbox any more is told why, and a watch of it ends") func refused() throws {
        let why = Refusal(
            .mandateEnded, ["address": "gm0503/griffie", "on": "2026-06-30", "successor": "gm0503/college"])
        var session = ServerSession(greeting: try Fixtures.greeting(), limits: .standard)
        let pull = try read(session.lineReceived(Array("1 PULL mailbox=own cursor=0".utf8)[...]))
        let answer = text(session.pageRead(pull, .refused(why)))
        #expect(answer.hasPrefix("1 NO mandate-ended retry=never"))
        #expect(answer.contains(" successor=gm0503/college "))

        let catchUp = try read(session.lineReceived(Array("2 WATCH mailbox=own cursor=0".utf8)[...]))
        _ = session.pageRead(catchUp, .page(PageLines([], in: .own), more: false))
        let live = try read(session.mailboxGrew(.own))
        let end = session.pageRead(live, .refused(why))
        #expect(text(end).hasPrefix("* BYE mandate-ended :"))
        #expect(end.contains(.close))
    }

    private func read(_ actions: [ServerSession.Action]) throws -> PageRequest {
        let requests = actions.compactMap { if case .readPage(let request) = $0 { request } else { nil } }
        return try #require(requests.first)
    }

    private func text(_ actions: [ServerSession.Action]) -> String {
        actions.map { if case .send(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { "" } }
            .joined()
    }

    @Test("unwatching while catching up answers the watch as far as it got, and drops the read under way")
    func unwatchEarly() throws {
        var server = try Fixtures.server()
        server.store(Fixtures.change(1))
        _ = server.takeLines()
        server.holds = true
        server.receive(line: "1 WATCH mailbox=own cursor=0")
        server.receive(line: "2 UNWATCH mailbox=own")
        let start = Cursor.start(epoch: Fixtures.epoch).token.text
        #expect(server.takeLines() == ["1 OK WATCH mailbox=own cursor=\(start)", "2 OK UNWATCH mailbox=own"])
        server.receive(line: "3 PULL mailbox=own cursor=0")
        server.release()
        let lines = server.takeLines()
        #expect(lines.count == 2)
        #expect(lines.last?.hasPrefix("3 OK PULL ") == true)
    }
}
