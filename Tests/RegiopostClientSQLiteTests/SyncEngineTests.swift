import RegiopostClient
import RegiopostClientSQLite
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Syncing over a line that breaks") struct SyncEngineTests {
    private let folder = TemporaryFolder()

    private func store() throws -> SQLiteClientStore { try SQLiteClientStore(path: folder.file()) }

    private func engine(_ store: SQLiteClientStore, _ line: some ServerConnection) -> SyncEngine {
        SyncEngine(store: store, connection: line, files: FileFolder(folder: folder.file()))
    }

    /// A chain and single changes by one address, none of them known to the server yet.
    private func work(_ story: inout Story) throws -> [Change] {
        let before = story.accepted.count
        for _ in 0..<6 {
            let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
            try story.accept(
                "gm0503/college", request.subject, .meetingCancel, .meeting(.cancel(reason: "Toch niet.")))
        }
        return Array(story.accepted.dropFirst(before))
    }

    @Test("whatever is cut in between, everything arrives once", arguments: 1...40 as ClosedRange<UInt64>)
    func exactlyOnce(seed: UInt64) async throws {
        var story = try Story()
        let server = SimulatedServer(story, seed: seed, breaks: 0.2)
        let changes = try work(&story)
        let address = try #require(Address("gm0503/college"))
        let store = try store()
        for change in changes { try await store.enqueue(change, line: change.line(), key: nil) }
        var cuts = 0
        for attempt in 0..<200 {
            if attempt == 199 { server.mend() }
            do {
                _ = try await engine(store, server.connection(for: address)).sync()
                break
            } catch {
                cuts += 1
            }
        }
        #expect(changes.allSatisfy { server.writes[$0.id] == 1 })
        #expect(try await store.outbox().isEmpty)
        let replica = try await store.entries(of: .own).map { try Change(line: $0.line) }
        #expect(Set(replica.map(\.id)) == Set(changes.map(\.id)) && replica.count == changes.count)
        #expect(try await store.entries(of: .directory).count == 6)
    }

    @Test("a conflict is kept, what builds on it waits, and the rest goes out") func conflict() async throws {
        var story = try Story()
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let body = ChangeBody.meeting(.propose(slot: slot, place: nil, note: nil))
        let mine = try story.change(Story.accounthouder, request.subject, .meetingPropose, body)
        let next = try story.change(
            Story.accounthouder, request.subject, .meetingConfirm,
            .meeting(.confirm(slot: slot, place: nil, note: nil)), after: mine.id)
        try story.accept(Story.accounthouder, request.subject, .meetingPropose, body)
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        let store = try store()
        for change in [mine, next] { try await store.enqueue(change, line: change.line(), key: nil) }
        let address = try #require(Address(Story.accounthouder))
        let engine = self.engine(store, server.connection(for: address))
        let report = try await engine.sync()
        #expect(report.refused == [mine] && report.sent.isEmpty)
        let items = try await store.outbox()
        #expect(items.map(\.change) == [mine, next] && items[1].state == .queued)
        guard case .refused(let refusal) = items[0].state else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .conflict && OutboxItem.held(in: items) == [next.id])
    }

    @Test("a restored server is read again from the beginning, and the outbox stays") func restored() async throws {
        var story = try Story()
        try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        let store = try store()
        let address = try #require(Address("gm0503/college"))
        let engine = self.engine(store, server.connection(for: address))
        _ = try await engine.sync()
        server.restore()
        let report = try await engine.sync()
        #expect(report.resynced == [.directory, .own])
        #expect(try await store.entries(of: .own).count == 1)
    }

    @Test("what a restored server lost before it came back is offered again at once") func restoredWithout()
        async throws
    {
        var story = try Story()
        let before = SimulatedServer(story, seed: 1, breaks: 0)
        let after = SimulatedServer(story, seed: 1, breaks: 0)
        after.restore()
        let address = try #require(Address("gm0503/college"))
        let store = try store()
        _ = try await engine(store, before.connection(for: address)).sync()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        try await store.enqueue(request, line: request.line(), key: nil)
        // It was accepted, and the line broke before it came back.
        _ = await before.connection(for: address).push([request.line()])
        try await store.settle(request.id, as: .accepted(position: 1, receivedAt: Timestamp(milliseconds: 1)))
        let report = try await engine(store, after.connection(for: address)).sync()
        #expect(report.sent.map(\.change) == [request] && after.writes[request.id] == 1)
        #expect(try await store.outbox().isEmpty)
    }

    @Test("what a restored server lost is offered again, also by who had never read a mailbox") func neverRead()
        async throws
    {
        var story = try Story()
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let store = try store()
        try await store.enqueue(request, line: request.line(), key: nil)
        // It was accepted by a server that has lost it since, and nothing was read in between.
        try await store.settle(request.id, as: .accepted(position: 1, receivedAt: Timestamp(milliseconds: 1)))
        let address = try #require(Address("gm0503/college"))
        let report = try await engine(store, server.connection(for: address)).sync()
        #expect(report.sent.map(\.change) == [request] && server.writes[request.id] == 1)
        #expect(try await store.outbox().isEmpty)
    }

    @Test("what a restored server lost is offered anew, also where the sync that read it anew was cut off then")
    func cutOffWhileReadingAnew() async throws {
        var story = try Story()
        let after = SimulatedServer(story, seed: 1, breaks: 0)
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let before = SimulatedServer(story, seed: 1, breaks: 0)
        after.restore()
        let address = try #require(Address("gm0503/college"))
        let store = try store()
        _ = try await engine(store, before.connection(for: address)).sync()
        // The first page of the restored server was stored, and then the line broke.
        let cursor = try await store.cursor(of: .own)
        let page = ReplicaPage(entries: [], replaces: cursor, cursor: "2:0", isFirst: true, isLast: true)
        #expect(try await store.store(page, of: .own))
        let report = try await engine(store, after.connection(for: address)).sync()
        #expect(report.sent.map(\.change) == [request] && after.writes[request.id] == 1)
        #expect(try await store.leftBehind() == 0)
        #expect(try await store.outbox().isEmpty)
    }
}
