import RegiopostModel
import RegiopostWire
import Testing

@Suite("Giving back what a server lost") struct RecoverySessionTests {
    private func session(recovering: Bool) throws -> ServerSession {
        let greeting = Greeting(
            server: try #require(OrganisationCode("pv28")), address: try #require(Address("gm0503/griffie")),
            epoch: 1,
            time: Timestamp(milliseconds: 0), limits: .standard,
            capabilities: Greeting.allCapabilities + (recovering ? [Greeting.takesBack] : []))
        #expect(greeting.isRecovering == recovering)
        return ServerSession(greeting: greeting, limits: .standard)
    }

    private func text(_ actions: [ServerSession.Action]) -> String {
        actions.map { action in
            if case .send(let bytes) = action { String(decoding: bytes, as: UTF8.self) } else { "\(action)" }
        }.joined()
    }

    private let line = Array("1 RETURN mailbox=own received=2026-03-27T10:00:00.000Z receipt=AQAA {\"v\":1}".utf8)
    private let digest = Digest(words: (1, 2, 3, 4))

    @Test("a server that recovers is handed the change, and its answer is the reply") func taken() throws {
        var session = try session(recovering: true)
        let actions = session.lineReceived(line[...])
        guard case .takeBack(let tag, let change)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(
            change.mailbox == .own && change.receipt.text == "AQAA"
                && Array(change.bytes) == Array("{\"v\":1}".utf8))
        #expect(session.requestsUnderWay == 1)
        let reply = text(session.returnAnswered(tag, .success((digest, isRepeat: true))))
        #expect(reply == "1 OK RETURN digest=\(digest.text) repeat=yes\n")
        #expect(
            session.requestsUnderWay == 0 && session.returnAnswered(tag, .success((digest, isRepeat: true))).isEmpty
        )
        _ = session.lineReceived(line[...])
        let refused = text(session.returnAnswered(tag, .failure(Refusal(.receiptInvalid))))
        #expect(refused.hasPrefix("1 NO receipt-invalid retry=never :"))
    }

    @Test("a server that doesn't recover takes nothing back") func refused() throws {
        var session = try session(recovering: false)
        #expect(text(session.lineReceived(line[...])).hasPrefix("1 NO not-recovering retry=after-sync :"))
    }

    @Test("where a mailbox ends is asked and answered") func head() throws {
        var session = try session(recovering: false)
        let actions = session.lineReceived(Array("2 HEAD mailbox=directory".utf8)[...])
        guard case .readHead(let tag, .directory)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        let end = try #require(MailboxEnd(position: 7, digest: digest))
        #expect(
            text(session.headRead(tag, .directory, .success(end)))
                == "2 OK HEAD mailbox=directory position=7 digest=\(digest.text)\n")
        _ = session.lineReceived(Array("2 HEAD mailbox=own".utf8)[...])
        let empty = try #require(MailboxEnd(position: 0, digest: nil))
        #expect(text(session.headRead(tag, .own, .success(empty))) == "2 OK HEAD mailbox=own\n")
        #expect(MailboxEnd(position: 0, digest: digest) == nil && MailboxEnd(position: 7, digest: nil) == nil)
    }
}
