import RegiopostModel
import RegiopostWire
import Testing

@Suite("The client's side of a session") struct ClientSessionTests {
    private func open(_ limits: Limits = .standard) throws -> ClientSession {
        var client = ClientSession(.regiopost)
        let greeting = try Fixtures.greeting(limits)
        #expect(receive(&client, greeting) == [.greeted(greeting)])
        return client
    }

    private func receive(_ client: inout ClientSession, _ greeting: Greeting) -> [ClientSession.Outcome] {
        client.lineReceived(ServerMessage.greeting(greeting).line.dropLast())
    }

    private func receive(_ client: inout ClientSession, _ line: String) -> [ClientSession.Outcome] {
        client.lineReceived(Array(line.utf8)[...])
    }

    @Test("nothing may be asked before the greeting") func early() {
        var client = ClientSession(.regiopost)
        #expect(throws: ClientSession.RequestFailure.notOpen) { try client.request(.ping) }
    }

    @Test(
        "what doesn't greet as expected isn't a Regiopost server",
        arguments: [
            "HTTP/1.1 400 Bad Request", "* REGIOPOST 2 server=pv28", "1 OK PING", "* OK IMAP4rev2 ready", "",
            "* REGIOPOST-ENROL 1 server=pv28 time=2026-03-27T10:00:00.000Z line=65536",
        ]) func otherGreeting(line: String)
    {
        var client = ClientSession(.regiopost)
        #expect(receive(&client, line) == [.ended(.notRegiopost, unanswered: [])])
        #expect(receive(&client, line) == [])
    }

    @Test("a refusal instead of the greeting says why") func refusedAtOnce() {
        var client = ClientSession(.regiopost)
        let outcome = receive(&client, "* BYE revoked :The certificate was revoked")
        #expect(outcome == [.ended(.bye(code: "revoked", text: "The certificate was revoked"), unanswered: [])])
    }

    @Test("the limits of the greeting hold") func limits() throws {
        var limits = Limits.standard
        limits.requests = 2
        limits.line = 60
        var client = try open(limits)
        #expect(throws: ClientSession.RequestFailure.lineTooLong(limit: 60)) {
            try client.request(.push(Fixtures.change(1, size: 40)[...]))
        }
        _ = try client.request(.ping)
        _ = try client.request(.ping)
        #expect(throws: ClientSession.RequestFailure.tooManyRequests) { try client.request(.ping) }
        #expect(receive(&client, "2 OK PING").count == 1)
        #expect(try client.request(.ping).tag.text == "3")
    }

    @Test(
        "a change that would be read as several requests is not sent",
        arguments: ["{\n1 QUIT\n}", "{}\n", "{}\r", "{\u{0}}", " {}", "", "[]"])
    func smuggling(change: String) throws {
        var client = try open()
        #expect(throws: ClientSession.RequestFailure.notOneLine) {
            try client.request(.push(Array(change.utf8)[...]))
        }
        #expect(client.requestsUnderWay == 0)
        #expect(try client.request(.push(Array("{\"a\":\"\\n\u{2028}\u{85}\"}".utf8)[...])).tag.text == "1")
    }

    @Test("what has no answer is listed in the order it was asked") func unanswered() throws {
        var client = try open()
        let tags = try (1...12).map { try client.request(.push(Fixtures.change($0)[...])).tag }
        _ = receive(&client, "3 NO conflict retry=after-sync :Another change came first")
        let left = tags.filter { $0.text != "3" }
        #expect(client.peerClosed(leftOver: 0) == [.ended(.closed, unanswered: left)])
        #expect(client.peerClosed(leftOver: 0) == [])
        #expect(throws: ClientSession.RequestFailure.notOpen) { try client.request(.ping) }
    }

    @Test("a line without its end is no line, and a deadline is an end") func otherEnds() throws {
        var client = try open()
        #expect(client.peerClosed(leftOver: 5) == [.ended(.cutOff, unanswered: [])])
        client = try open()
        let tag = try client.request(.ping).tag
        #expect(client.deadlineReached() == [.ended(.timedOut, unanswered: [tag])])
        client = try open()
        #expect(client.framingFailed(.lineTooLong) == [.ended(.violation("line-too-long"), unanswered: [])])
    }

    @Test(
        "what a server may not send ends the session",
        arguments: [
            ("9 OK PING", "tag"), ("1 OK QUIT", "verb"), ("1 OK PULL mailbox=own cursor=0 more=no", "verb"),
            ("1 OK MAGIC", "verb"), ("* NO bad-request retry=never field=tag :x", "tag"), ("1  OK PING", "kind"),
            ("* CURSOR mailbox=own cursor=0", "mailbox"),
            ("* REGIOPOST-ENROL 1 server=pv28 time=2026-03-27T10:00:00.000Z line=65536", "kind"),
        ]) func violations(line: String, field: String) throws
    {
        var client = try open()
        let tag = try client.request(.ping).tag
        #expect(receive(&client, line) == [.ended(.violation(field), unanswered: [tag])])
    }

    @Test("changes come only where they were asked for, and without a gap") func changes() throws {
        func line(_ position: Int, _ mailbox: MailboxName = .own) -> ArraySlice<UInt8> {
            let bytes = Fixtures.change(position)
            let change = StoredChange(
                position: position, received: Timestamp(milliseconds: 0), digest: standInDigest(bytes),
                bytes: bytes[...])
            return ServerMessage.change(mailbox, change).line.dropLast()
        }
        var client = try open()
        #expect(client.lineReceived(line(1)) == [.ended(.violation("mailbox"), unanswered: [])])

        client = try open()
        let pull = try client.request(.pull(.own, after: .start, limit: nil)).tag
        #expect(client.lineReceived(line(4)).count == 1)
        #expect(client.lineReceived(line(5)).count == 1)
        #expect(client.lineReceived(line(7)) == [.ended(.violation("position"), unanswered: [pull])])

        client = try open()
        _ = try client.request(.pull(.own, after: .start, limit: nil))
        #expect(receive(&client, "1 OK PULL mailbox=own cursor=0 more=no").count == 1)
        #expect(client.lineReceived(line(1)) == [.ended(.violation("mailbox"), unanswered: [])])

        client = try open()
        _ = try client.request(.watch(.own, after: .start))
        #expect(receive(&client, "1 OK WATCH mailbox=own cursor=0").count == 1)
        _ = try client.request(.pull(.own, after: .start, limit: nil))
        #expect(receive(&client, "2 NO mailbox-busy retry=later :x").count == 1)
        #expect(client.lineReceived(line(1)).count == 1)
        _ = try client.request(.unwatch(.own))
        #expect(client.lineReceived(line(2)).count == 1)
        #expect(receive(&client, "3 OK UNWATCH mailbox=own").count == 1)
        #expect(client.lineReceived(line(3)) == [.ended(.violation("mailbox"), unanswered: [])])
    }

    @Test("announcements from the future are ignored") func future() throws {
        var client = try open()
        #expect(receive(&client, "* WEATHER sky=grey :Rain later") == [])
        #expect(try client.request(.ping).tag.text == "1")
    }

    @Test("a NO keeps its code, its retry and its details, known or not") func rejections() throws {
        var client = try open()
        _ = try client.request(.ping)
        _ = try client.request(.ping)
        guard
            case .replied(_, .no(let known)) = receive(&client, "1 NO conflict retry=after-sync current=x :").first,
            case .replied(_, .no(let other)) = receive(&client, "2 NO moon-phase retry=later phase=full :y").first
        else {
            Issue.record("no refusals")
            return
        }
        #expect(known.refusal == Refusal(.conflict, ["current": "x"]))
        #expect(other.refusal == nil)
        #expect(other.retry == .later)
        #expect(other.details == ["phase": "full"])
    }
}
