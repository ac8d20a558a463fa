import Foundation
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

/// What one peer does with bad intent costs the others little, and the server no more memory than its limits say.
@Suite("A server under attack", .serialized, .timeLimit(.minutes(5))) struct AttackTests {
    private static let limits = Limits.standard

    @Test("the oldest of those that never finish their handshake makes room for the newest") func oldest()
        async throws
    {
        let office = try await Office()
        let server = try await office.serve()
        let few = 20
        let strangers = try Strangers(Self.limits.strangers + few, port: server.port)
        var closed: [Int] = []
        for _ in 0..<100 where closed.count < few {
            try await Task.sleep(for: .milliseconds(50))
            closed = strangers.closedNow
        }
        // Two loops take them in, each in its order.
        let isOld = closed.allSatisfy { $0 < Self.limits.strangers / 2 }
        #expect(closed.count == few && isOld, "\(closed)")
        #expect(await server.stop() == 0)
    }

    @Test("a thousand stalled handshakes neither lock a client out nor hold it up") func stalled() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit(Story.secretariaat, port: server.port)
        var sender = Sender(try await badge.enter(port: server.port), try Story())
        let quiet = try await sender.submit(for: .seconds(2)) {}
        let strangers = try Strangers(1_000, port: server.port)
        var next = ContinuousClock.now
        let pressed = try await sender.submit(for: .seconds(4)) {
            guard ContinuousClock.now >= next else { return }
            next += .seconds(1)
            try strangers.press()
        }
        let newcomer = try await badge.enter(port: server.port)
        #expect(try await newcomer.ask(.ping) == .ping)
        report("submits, quiet: \(quiet); with 1,000 stalled handshakes: \(pressed)")
        #expect(strangers.opened > 1_000 && strangers.closed > 0)
        // Tests run beside this one: the bound is one that they don't reach, and a client that waits in a queue of
        // strangers does.
        #expect(pressed.median < quiet.median * 10 + .milliseconds(20), "\(pressed)")
        #expect(await server.stop() == 0)
    }

    @Test("one connection too many ends the oldest of the certificate, after its replies") func eleventh()
        async throws
    {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit("gm0503/griffie", port: server.port)
        let other = try await office.admit("gm0503/college", port: server.port)
        let bystander = try await other.enter(port: server.port)
        var clients: [TestClient] = []
        for _ in 0..<Self.limits.sessions { clients.append(try await badge.enter(port: server.port)) }
        for client in clients { #expect(try await client.ask(.ping) == .ping) }
        clients.append(try await badge.enter(port: server.port))
        guard case .ended(.bye(let code, _), []) = try await clients[0].next() else {
            Issue.record("the oldest still stands")
            return
        }
        #expect(code == RefusalCode.tooManyConnections.rawValue)
        for client in clients.dropFirst() + [bystander] { #expect(try await client.ask(.ping) == .ping) }
        #expect(await server.stop() == 0)
    }

    @Test("JSON that is nested too deep costs its reply, however deep it is", arguments: [17, 1_000, 500_000])
    func depth(levels: Int) async throws {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit("gm0503/griffie", port: server.port)
        let client = try await badge.enter(port: server.port)
        let nested = String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
        guard case .no(let rejection) = try await client.ask(.push(Array("{\"v\":\(nested)}".utf8)[...])) else {
            Issue.record("it was taken")
            return
        }
        #expect(rejection.code == RefusalCode.badJSON.rawValue && rejection.retry == .never)
        #expect(try await client.ask(.ping) == .ping)
        #expect(await server.stop() == 0)
    }

    @Test("clients that ask for megabytes and read nothing cost bounded memory, and others are served")
    func slowReaders() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit(Story.secretariaat, port: server.port)
        let college = try await office.admit("gm0503/college", port: server.port)
        var sender = Sender(try await badge.enter(port: server.port), try Story())
        for _ in 0..<20 { try await sender.submit(textOf: 400_000) }
        let before = server.memory
        var readers: [TestClient] = []
        for badge in [badge, college] {
            for _ in 0..<(Self.limits.sessions - 1) {
                let reader = try await badge.enter(port: server.port)
                await reader.stopReading()
                readers.append(reader)
            }
        }
        // One after the other, as a mailbox is read once at a time; whoever answered all of them would hold 400 MB.
        for tag in 0..<20 {
            for reader in readers { try await reader.write("\(tag) PULL mailbox=own cursor=0\n") }
            try await Task.sleep(for: .milliseconds(100))
            try await sender.submit(textOf: 1_000)
        }
        let grown = server.memory - before
        report("\(readers.count) clients that read nothing: \(grown >> 10) KiB")
        #expect(grown < readers.count * Self.mebibytes(4), "\(grown)")
        for reader in readers { await reader.close() }
        #expect(await server.stop() == 0)
    }

    @Test("a flood of requests whose answers nobody reads is no longer read from") func flood() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let badge = try await office.admit(Story.secretariaat, port: server.port)
        let other = try await office.admit("gm0503/college", port: server.port)
        let client = try await other.enter(port: server.port)
        let flooder = try await badge.enter(port: server.port)
        await flooder.stopReading()
        let before = server.memory
        let pings = String(repeating: "1 PING\n", count: 10_000)
        var taken = 0
        for _ in 0..<1_000 {
            guard try await flooder.writes(pings, within: .seconds(2)) else { break }
            taken += 1
        }
        #expect(taken < 1_000, "the server takes all and answers all")
        let grown = server.memory - before
        report("a flood, \(taken * pings.utf8.count >> 10) KiB taken: \(grown >> 10) KiB")
        #expect(grown < Self.mebibytes(8), "\(grown)")
        #expect(try await client.ask(.ping) == .ping)
        await flooder.close()
        #expect(await server.stop() == 0)
    }

    private static func mebibytes(_ count: Int) -> Int { count << 20 }

    private func report(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

/// A client that submits letters one after the other.
private struct Sender {
    let client: TestClient
    var story: Story

    init(_ client: TestClient, _ story: Story) {
        self.client = client
        self.story = story
    }

    /// Submits for so long, and does something else before each.
    mutating func submit(
        for duration: Duration, before: () throws -> Void
    ) async throws -> Latencies {
        var latencies = Latencies()
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            try before()
            let begin = ContinuousClock.now
            try await submit()
            latencies.add(ContinuousClock.now - begin)
        }
        return latencies
    }

    /// Submits a letter with a text of so many bytes.
    mutating func submit(textOf count: Int = 100) async throws {
        guard case .letterPublish(let content) = try story.letter() else { return }
        let body = ChangeBody.letterPublish(
            LetterContent(
                dossier: content.dossier, document: content.document, date: content.date, title: content.title,
                region: content.region, signatories: content.signatories, recipients: content.recipients,
                copies: content.copies, text: String(repeating: "Wij schrijven u. ", count: count / 17) + "\n"))
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, body)
        guard case .push = try await client.ask(.push(letter.line()[...])) else {
            throw NotAdmitted()
        }
    }
}

/// How long things took.
private struct Latencies: CustomStringConvertible {
    private var all: [Duration] = []

    mutating func add(_ duration: Duration) { all.append(duration) }

    var median: Duration { share(0.5) }

    /// What so large a share of them took no longer than.
    func share(_ part: Double) -> Duration {
        let sorted = all.sorted()
        return sorted.isEmpty ? .zero : sorted[min(Int(Double(sorted.count) * part), sorted.count - 1)]
    }

    var description: String {
        func milliseconds(_ duration: Duration) -> String { String(format: "%.2f", duration / .milliseconds(1)) }
        return "\(all.count), p50 \(milliseconds(median)) ms, p99 \(milliseconds(share(0.99))) ms"
    }
}
