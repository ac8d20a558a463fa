import Foundation
import RegiopostCrypto
import RegiopostModel
import RegiopostTLS
import RegiopostTestSupport
import RegiopostWire
import Testing

@Suite("A server of its own process", .timeLimit(.minutes(5))) struct ServerTests {
    @Test("by invitation in, then a letter is pushed, pulled and watched") func wayIn() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let province = try await office.admit("pv28/secretariaat", port: server.port)
        let college = try await office.admit("gm0518/college", port: server.port)
        #expect(college.certificate.address == "gm0518/college")

        let watcher = try await college.enter(port: server.port)
        guard case .watch = try await watcher.ask(.watch(.own, after: .start)) else {
            Issue.record("no watch")
            return
        }
        var story = try Story()
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        let sender = try await province.enter(port: server.port)
        guard case .push(let receipt) = try await sender.ask(.push(letter.line()[...])) else {
            Issue.record("not accepted")
            return
        }
        #expect(receipt.id == letter.id && !receipt.isRepeat)

        guard case .change(.own, let seen) = try await watcher.next() else {
            Issue.record("nothing was pushed")
            return
        }
        #expect(Array(seen.bytes) == letter.line())
        guard case .cursor(.own, let cursor) = try await watcher.next() else {
            Issue.record("no cursor")
            return
        }
        let again = try await college.enter(port: server.port)
        let tag = try await again.send(.pull(.own, after: .start, limit: nil))
        guard case .change(.own, let pulled) = try await again.next() else {
            Issue.record("nothing was pulled")
            return
        }
        #expect(pulled == seen)
        var reply: Reply?
        while reply == nil {
            if case .replied(tag, let answer) = try await again.next() { reply = answer }
        }
        #expect(reply == .pull(.own, cursor, more: false))
        #expect(await server.stop() == 0)
        #expect(!server.log.contains(letter.id.text))
    }

    @Test("the same key gets the same certificate again, another key none") func enrolTwice() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let invitation = try await office.invite("gm0503/griffie")
        #expect(invitation.port == server.port)
        let key = try PrivateKey.generate()
        let first = try await office.enrol(invitation, key, port: server.port)
        guard case .enrol = first else {
            Issue.record("\(first)")
            return
        }
        #expect(try await office.enrol(invitation, key, port: server.port) == first)
        let stranger = try await office.enrol(invitation, try PrivateKey.generate(), port: server.port)
        guard case .no(let rejection) = stranger else {
            Issue.record("\(stranger)")
            return
        }
        #expect(rejection.code == "invitation-used")
        // The log tells of it, and holds no secret.
        #expect(await server.stop() == 0)
        #expect(server.log.contains("invitation-used"))
        #expect(!server.log.contains(Base64URL.encoded(invitation.secret)))
    }

    @Test("revoking ends a live connection at once, and the next one isn't let in") func revoke() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit("gm0503/griffie", port: server.port)
        let other = try await office.admit("gm0503/college", port: server.port)
        let client = try await badge.enter(port: server.port)
        let bystander = try await other.enter(port: server.port)

        let run = try await office.run("revoke", "gm0503/griffie", "--json")
        #expect(run.status == 0)
        #expect(run.output.contains(badge.certificate.serial))
        #expect(try await Self.end(of: client) == "revoked")
        #expect(try await Self.end(of: try await badge.connect(port: server.port)) == "revoked")
        #expect(try await bystander.ask(.ping) == .ping)
        let list = try await office.run("certificates", "--json")
        let revoked = list.output.split(separator: "\n").filter { $0.contains("\"state\":\"revoked\"") }
        #expect(revoked.count == 1 && revoked.first?.contains(badge.certificate.serial) == true)
        #expect(await server.stop() == 0)
    }

    @Test("SIGTERM answers what is under way, and exits with 0") func termination() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let province = try await office.admit("pv28/secretariaat", port: server.port)
        let client = try await province.enter(port: server.port)
        var story = try Story()
        var sent: [RequestTag: ChangeID] = [:]
        for _ in 0..<200 {
            let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
            sent[try await client.send(.push(letter.line()[...]))] = letter.id
        }
        server.signal(SIGTERM)
        var accepted: Set<ChangeID> = []
        loop: while true {
            switch try await client.next() {
            case .replied(_, .push(let receipt)): accepted.insert(receipt.id)
            case .ended(let end, let unanswered):
                #expect(end == .bye(code: "stopping", text: Self.text(end)))
                #expect(unanswered.count + accepted.count == sent.count)
                break loop
            default: continue
            }
        }
        #expect(await server.status() == 0)
        #expect(!FileManager.default.fileExists(atPath: office.folder.data + "/administration.sock"))
        // Whatever was acknowledged is there, and what wasn't may be.
        let next = try await office.serve()
        let found = try await Self.ids(in: try await province.enter(port: next.port))
        #expect(found.isSuperset(of: accepted))
        #expect(await next.stop() == 0)
    }

    @Test("SIGKILL loses nothing that was acknowledged, and the next server starts") func kill() async throws {
        let office = try await Office()
        var server = try await office.serve()
        let province = try await office.admit("pv28/secretariaat", port: server.port)
        var acknowledged: Set<ChangeID> = []
        var story = try Story()
        for round in 0..<3 {
            let client = try await province.enter(port: server.port)
            for _ in 0..<200 {
                let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
                try await client.send(.push(letter.line()[...]))
            }
            for count in 0..<(60 + 20 * round) {
                guard case .replied(_, .push(let receipt)) = try await client.next() else {
                    Issue.record("refused after \(count)")
                    return
                }
                acknowledged.insert(receipt.id)
            }
            server.signal(SIGKILL)
            #expect(await server.status() == SIGKILL)
            // The socket of the dead server is still there.
            #expect(FileManager.default.fileExists(atPath: office.folder.data + "/administration.sock"))
            server = try await office.serve()
            let status = try await office.run("status", "--json")
            #expect(status.output.contains("\"running\":true"))
        }
        let found = try await Self.ids(in: try await province.enter(port: server.port))
        #expect(acknowledged.count == 240 && found.isSuperset(of: acknowledged))
        #expect(try await office.run("verify").status == 0)
        #expect(await server.stop() == 0)
    }

    /// The code of the BYE that a connection ends with; the greeting may come before it.
    private static func end(of client: TestClient) async throws -> String? {
        while true {
            let outcome = try await client.next()
            if case .ended(.bye(let code, _), _) = outcome { return code }
            if case .ended = outcome { return nil }
        }
    }

    private static func text(_ end: ClientSession.End) -> String {
        if case .bye(_, let text) = end { text } else { "" }
    }

    /// All that is in the client's mailbox.
    private static func ids(in client: TestClient) async throws -> Set<ChangeID> {
        var ids: Set<ChangeID> = []
        var cursor = CursorToken.start
        while true {
            let tag = try await client.send(.pull(.own, after: cursor, limit: nil))
            var hasMore: Bool?
            while hasMore == nil {
                switch try await client.next() {
                case .change(_, let stored): ids.insert(try Change(line: Array(stored.bytes)).id)
                case .replied(tag, .pull(_, let next, let more)):
                    cursor = next
                    hasMore = more
                case .ended, .replied: throw NotAdmitted()
                default: continue
                }
            }
            if hasMore == false { return ids }
        }
    }
}
