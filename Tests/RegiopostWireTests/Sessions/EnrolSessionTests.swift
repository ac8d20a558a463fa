import RegiopostModel
import RegiopostWire
import Testing

@Suite("The server's side of an enrolment") struct EnrolSessionTests {
    private static let secret = Base64URL.encoded([UInt8](repeating: 7, count: 16))
    private static let request = "ENROL address=gm0503/griffie secret=\(secret) request=MAMCAQA"

    private func receive(_ session: inout EnrolSession, _ line: String) -> [EnrolSession.Action] {
        session.lineReceived(Array(line.utf8)[...])
    }

    private func texts(_ actions: [EnrolSession.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .send(let bytes): String(decoding: bytes, as: UTF8.self)
            case .enrol(let tag, _): "enrol \(tag)"
            case .close: "close"
            case .abort: "abort"
            }
        }
    }

    @Test("one ENROL at a time; the second is refused and counts as a failure") func oneAtATime() throws {
        var session = EnrolSession(greeting: try Fixtures.enrolGreeting())
        #expect(texts(receive(&session, "1 \(Self.request)")) == ["enrol 1"])
        let refused = "2 NO too-many-requests retry=later limit=1 :Too many requests are under way\n"
        #expect(texts(receive(&session, "2 \(Self.request)")) == [refused])
        let tag = try #require(RequestTag("1"))
        #expect(
            texts(session.enrolAnswered(tag, .success(([0x30], [0x31]))))
                == ["1 OK ENROL certificate=MA root=MQ\n"])
        #expect(texts(session.enrolAnswered(tag, .success(([0x30], [0x31])))) == [])
    }

    @Test("a client that stopped sending still gets its certificate") func halfClosed() throws {
        var session = EnrolSession(greeting: try Fixtures.enrolGreeting())
        _ = receive(&session, "1 \(Self.request)")
        #expect(session.peerClosed() == [])
        #expect(receive(&session, "2 PING") == [])
        let tag = try #require(RequestTag("1"))
        #expect(
            texts(session.enrolAnswered(tag, .failure(Refusal(.invitationExpired))))
                == ["1 NO invitation-expired retry=never :The invitation has expired\n", "close"])
    }

    @Test("lines that can't be read are attempts too") func noise() throws {
        var session = EnrolSession(greeting: try Fixtures.enrolGreeting())
        for number in 1...4 { #expect(receive(&session, "\(number) HELO").count == 1) }
        #expect(
            texts(receive(&session, "")) == [
                "* NO bad-request retry=never field=tag :The request can't be read\n",
                "* BYE too-many-failures :Too many attempts failed\n", "close",
            ])
        #expect(receive(&session, "9 \(Self.request)") == [])
    }

    @Test("deadlines, stopping and bad bytes end it, whatever is under way") func ends() throws {
        let events: [(inout EnrolSession) -> [EnrolSession.Action]] = [
            { $0.idleDeadlineReached() }, { $0.stopRequested() }, { $0.framingFailed(.badByte) },
        ]
        for (event, code) in zip(events, ["idle", "stopping", "bad-byte"]) {
            var session = EnrolSession(greeting: try Fixtures.enrolGreeting())
            _ = receive(&session, "1 \(Self.request)")
            let actions = texts(event(&session))
            #expect(actions.first?.hasPrefix("* BYE \(code) :") == true)
            #expect(actions.dropFirst() == ["close"])
            #expect(event(&session) == [])
        }
    }

    @Test("the client makes an ENROL the server reads as it was meant, and reads the answer") func bothEnds() throws
    {
        var server = EnrolSession(greeting: try Fixtures.enrolGreeting())
        var client = ClientSession(.enrol)
        for case .send(let line) in server.start() { #expect(client.lineReceived(line.dropLast()).count == 1) }
        let enrolment = ClientRequest.Enrolment(
            address: try #require(Address("gm0503/griffie")), secret: [UInt8](0..<32), request: [0x30, 0x00])
        let request = try client.request(.enrol(enrolment))
        #expect(throws: ClientSession.RequestFailure.tooManyRequests) { try client.request(.ping) }
        #expect(server.lineReceived(request.line.dropLast()) == [.enrol(request.tag, enrolment)])
        for case .send(let line) in server.enrolAnswered(request.tag, .success(([1, 2, 3], [4, 5]))) {
            let reply = Reply.enrol(certificate: [1, 2, 3], root: [4, 5])
            #expect(client.lineReceived(line.dropLast()) == [.replied(request.tag, reply)])
        }
        #expect(client.requestsUnderWay == 0)
    }
}
