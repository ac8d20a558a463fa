import Foundation
import RegiopostClient
import RegiopostClientSQLite
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("A profile's store on disk") struct SQLiteClientStoreTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/store.sqlite" }

    private func changes() throws -> [Change] {
        var story = try Story()
        try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        try story.accept("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        return Array(story.accepted.suffix(2))
    }

    private func page(
        _ entries: [ReplicaEntry], after stored: String? = "0", _ cursor: String, isFirst: Bool = true
    ) -> ReplicaPage {
        ReplicaPage(entries: entries, replaces: stored, cursor: cursor, isFirst: isFirst, isLast: true)
    }

    private func entry(_ change: Change, _ position: Int) -> ReplicaEntry {
        ReplicaEntry(position: position, receivedAt: Timestamp(milliseconds: 7), line: change.line())
    }

    @Test("what was queued is there after opening again, in order") func durable() async throws {
        let changes = try changes()
        do {
            let store = try SQLiteClientStore(path: path)
            for change in changes { try await store.enqueue(change, line: change.line(), key: "k-\(change.id)") }
        }
        let items = try await SQLiteClientStore(path: path).outbox()
        #expect(items.map(\.change) == changes && items.allSatisfy { $0.state == .queued })
        #expect(items.first?.key == "k-\(changes[0].id)")
    }

    @Test("an accepted change leaves when it comes back, whichever comes first") func settled() async throws {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        for change in changes { try await store.enqueue(change, line: change.line(), key: nil) }
        let accepted = OutboxItem.State.accepted(position: 1, receivedAt: Timestamp(milliseconds: 7))
        try await store.settle(changes[0].id, as: accepted)
        #expect(try await store.outbox().map(\.state) == [accepted, .queued])
        #expect(try await store.store(page([entry(changes[0], 1), entry(changes[1], 2)], "c2"), of: .own))
        #expect(try await store.outbox().isEmpty)
        try await store.settle(changes[1].id, as: accepted)
        #expect(try await store.outbox().isEmpty)
        #expect(try await store.cursor(of: .own) == "c2")
        #expect(try await store.cursor(of: .directory) == "0")
    }

    @Test("a refused change stays, with its reason, until its user decides") func refused() async throws {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        for change in changes { try await store.enqueue(change, line: change.line(), key: nil) }
        let refusal = Refusal(.conflict, ["current": changes[1].id.text])
        try await store.settle(changes[0].id, as: .refused(refusal))
        #expect(try await store.outbox().first?.state == .refused(refusal))
        let seen = try await store.outbox()
        #expect(try await store.replace([seen[0]], with: []))
        #expect(try await store.outbox().map(\.change.id) == [changes[1].id])
    }

    @Test("reading again from the beginning replaces what comes again, and keeps behind it what doesn't")
    func resync() async throws {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        #expect(try await store.store(page([entry(changes[0], 1), entry(changes[1], 2)], "a"), of: .own))
        #expect(try await store.leftBehind() == 0)
        #expect(try await store.store(page([entry(changes[1], 1)], after: "a", "b"), of: .own))
        var entries = try await store.entries(of: .own)
        #expect(
            entries[0] == entry(changes[1], 1) && entries.map(\.line) == [changes[1], changes[0]].map { $0.line() })
        #expect(try await store.leftBehind() == 1)
        #expect(try await store.store(page([], after: "b", "c", isFirst: false), of: .own))
        #expect(try await store.entries(of: .own) == entries)
        // Nothing comes again: all stays, in the order in which it was lost.
        #expect(try await store.store(page([], after: "c", "d"), of: .own))
        #expect(try await store.entries(of: .own).map(\.line) == [changes[0], changes[1]].map { $0.line() })
        #expect(try await store.leftBehind() == 2)
        // What comes by itself later, at the place that is next, leaves too.
        let first = entry(changes[0], 1)
        #expect(try await store.store(page([first], after: "d", "e", isFirst: false), of: .own))
        #expect(try await !store.store(page([entry(changes[1], 3)], after: nil, "f", isFirst: false), of: .own))
        #expect(try await store.store(page([entry(changes[1], 2)], after: nil, "f", isFirst: false), of: .own))
        entries = try await store.entries(of: .own)
        #expect(entries == [first, entry(changes[1], 2)])
        #expect(try await store.leftBehind() == 0)
    }

    @Test("what its address wrote and a server lost is queued again, in order; the rest stays") func offeredAnew()
        async throws
    {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        let entries = changes.enumerated().map { entry($1, $0 + 1) }
        #expect(try await store.store(page(entries, "a"), of: .own))
        #expect(try await store.offerLeftBehind(of: changes[0].author) == 0)
        #expect(try await store.store(page([], after: "a", "b"), of: .own))
        let stranger = try #require(Address("gm0777/griffie"))
        #expect(try await store.offerLeftBehind(of: stranger) == 0)
        let own = changes.filter { $0.author == changes[0].author }
        #expect(try await store.offerLeftBehind(of: changes[0].author) == own.count)
        let items = try await store.outbox()
        #expect(items.map(\.change) == own && items.allSatisfy { $0.state == .queued && $0.isTried })
        #expect(try await store.leftBehind() == changes.count - own.count)
        #expect(try await store.entries(of: .own).count == changes.count - own.count)
        #expect(try await store.offerLeftBehind(of: changes[0].author) == 0)
    }

    @Test("a page that another process overtook takes nothing away and leaves no gap") func overtaken() async throws
    {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        let (first, second) = (entry(changes[0], 1), entry(changes[1], 2))
        #expect(try await store.store(page([first, second], "2"), of: .own))
        #expect(try await store.store(page([first], after: "1", "1", isFirst: false), of: .own))
        #expect(try await !store.store(page([first], "1"), of: .own), "one that begins anew is asked for again")
        #expect(try await !store.store(page([entry(changes[0], 4)], after: nil, "4", isFirst: false), of: .own))
        #expect(try await store.entries(of: .own) == [first, second])
        #expect(try await store.cursor(of: .own) == "2")
        let third = entry(changes[0], 3)
        #expect(try await store.store(page([second, third], after: nil, "3", isFirst: false), of: .own))
        #expect(try await store.entries(of: .own) == [first, second, third])
        #expect(try await store.cursor(of: .own) == "3")
    }

    @Test("an id can't be queued twice") func twice() async throws {
        let store = try SQLiteClientStore(path: path)
        let change = try changes()[0]
        #expect(try await store.enqueue(change, line: change.line(), key: nil))
        #expect(try await store.enqueue(change, line: change.line(), key: "k") == false)
        #expect(try await store.outbox().count == 1)
        #expect(try await store.snapshot().keys.isEmpty)
    }

    @Test("a file that is no store says so") func notAStore() throws {
        try Data("this is no database, and long enough to be looked at".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ClientError.self) { try SQLiteClientStore(path: path) }
    }

    @Test("only its owner reads it, whatever the umask and whoever made it") func mode() async throws {
        let old = umask(0)
        defer { umask(old) }
        let loose = folder.file()
        try #require(
            FileManager.default.createFile(atPath: loose, contents: nil, attributes: [.posixPermissions: 0o644]))
        for path in [path, loose] {
            let store = try SQLiteClientStore(path: path)
            for end in ["", "-wal", "-shm"] {
                let mode = try FileManager.default.attributesOfItem(atPath: path + end)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(path + end)")
            }
            withExtendedLifetime(store) {}
        }
    }

    @Test("what left this machine isn't given up, whatever was seen before") func giveUp() async throws {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        for change in changes { try await store.enqueue(change, line: change.line(), key: nil) }
        #expect(try await store.noteTried([changes[0].id]) == [changes[0].id])
        #expect(try await store.giveUp(changes[0].id) == false)
        try await store.settle(changes[0].id, as: .accepted(position: 1, receivedAt: Timestamp(milliseconds: 7)))
        #expect(try await store.giveUp(changes[0].id) == false)
        #expect(try await store.giveUp(changes[1].id))
        #expect(try await store.giveUp(changes[1].id) == false)
        #expect(
            try await store.noteTried(changes.map(\.id)).isEmpty, "one is there already, the other was given up")
        #expect(try await store.outbox().map(\.change) == [changes[0]])
    }

    @Test("a replacement is all or nothing, and nothing where the old isn't as it was seen") func replaced()
        async throws
    {
        let store = try SQLiteClientStore(path: path)
        let changes = try changes()
        try await store.enqueue(changes[0], line: changes[0].line(), key: "k")
        try await store.settle(changes[0].id, as: .refused(Refusal(.conflict)))
        let seen = try await store.outbox()
        try await store.settle(changes[0].id, as: .queued)
        let new = (change: changes[1], line: changes[1].line(), key: "k" as String?)
        #expect(try await store.replace(seen, with: [new]) == false)
        #expect(try await store.outbox().map(\.change) == [changes[0]])
        try await store.settle(changes[0].id, as: .refused(Refusal(.conflict)))
        #expect(try await store.replace(seen, with: [new]))
        #expect(try await store.snapshot().keys == ["k": changes[1].id])
    }

    @Test("another line with the id of ours doesn't take ours away") func otherLine() async throws {
        let store = try SQLiteClientStore(path: path)
        let mine = try changes()[0]
        try await store.enqueue(mine, line: mine.line(), key: nil)
        let theirs = Change(
            id: mine.id, subject: mine.subject, after: nil, author: mine.author, time: Timestamp(milliseconds: 9),
            type: .meetingRequest, body: mine.body)
        #expect(try await store.store(page([entry(theirs, 1)], "c"), of: .own))
        #expect(try await store.outbox().map(\.state) == [.queued])
        try await store.settle(mine.id, as: .refused(Refusal(.idTaken)))
        #expect(try await store.settleRepeats() == [mine.id])
        #expect(try await store.outbox().isEmpty)
    }
}
