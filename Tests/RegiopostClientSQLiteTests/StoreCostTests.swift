import GRDB
import GRDBSQLite
import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostClientSQLite

/// What a command costs hangs on what it is about, and not on what is stored: counted in pages of the file that SQLite looks at.
@Suite("What the store looks at") struct StoreCostTests {
    private let folder = TemporaryFolder()

    /// A store of the formateur's with so many requests of Delft's in its replica, and one of its own that waits.
    private func store(holding count: Int) async throws -> (store: SQLiteClientStore, own: Change) {
        var story = try Story()
        for _ in 0..<count { try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting()) }
        let own = try story.accept("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        let store = try SQLiteClientStore(path: "\(folder.path)/\(count).sqlite")
        let requests = story.accepted.filter { $0.type == .meetingRequest && $0.id != own.id }
        let page = ReplicaPage(
            entries: requests.enumerated().map { entry($1, $0 + 1) }, replaces: "0", cursor: "c", isFirst: true,
            isLast: true)
        #expect(try await store.store(page, of: .own))
        try await store.catchUp()
        return (store, own)
    }

    private func entry(_ change: Change, _ position: Int) -> ReplicaEntry {
        ReplicaEntry(position: position, receivedAt: Timestamp(milliseconds: 7), line: change.line())
    }

    /// How many pages SQLite looks at meanwhile, in its cache or in the file.
    private func pages(_ store: SQLiteClientStore, _ work: () async throws -> Void) async throws -> Int {
        func looked() async throws -> Int {
            try await store.read { database in
                var all = 0
                for status in [SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS] {
                    var (now, highest): (Int32, Int32) = (0, 0)
                    sqlite3_db_status(database.sqliteConnection, status, &now, &highest, 0)
                    all += Int(now)
                }
                return all
            }
        }
        let before = try await looked()
        try await work()
        return try await looked() - before
    }

    /// What each kind of work looks at, in a store that holds so much.
    private func costs(holding count: Int) async throws -> [String: Int] {
        let (store, own) = try await store(holding: count)
        let accepted = OutboxItem.State.accepted(position: count + 1, receivedAt: Timestamp(milliseconds: 7))
        var costs: [String: Int] = [:]
        func cost(_ name: String, _ work: () async throws -> Void) async throws {
            costs[name] = try await pages(store, work)
        }
        try await cost("writing a change") { try await store.enqueue(own, line: own.line(), key: nil) }
        try await cost("giving it up") {
            let isGone = try await store.giveUp(own.id)
            #expect(isGone)
        }
        try await store.enqueue(own, line: own.line(), key: nil)
        try await cost("noting that it leaves") { _ = try await store.noteTried([own.id]) }
        try await cost("an answer that its id is taken") {
            try await store.settle(own.id, as: .refused(Refusal(.idTaken)))
        }
        try await cost("looking whether it was the same") {
            let settled = try await store.settleRepeats()
            #expect(settled.isEmpty)
        }
        try await cost("an answer that it is accepted") { try await store.settle(own.id, as: accepted) }
        try await cost("having it come back") {
            let page = ReplicaPage(
                entries: [entry(own, count + 1)], replaces: "c", cursor: "d", isFirst: false, isLast: true)
            let isStored = try await store.store(page, of: .own)
            #expect(isStored)
        }
        try await cost("taking it in") { try await store.catchUp() }
        #expect(try await store.outbox().isEmpty)
        return costs
    }

    @Test("nothing that is done for one change looks at what else is stored") func counts() async throws {
        let (few, many) = (try await costs(holding: 100), try await costs(holding: 900))
        #expect(few.count == 8)
        for (name, count) in many {
            let fewer = try #require(few[name])
            // A tree may be a level higher.
            #expect(count <= fewer + 40, "\(name): \(fewer) pages with 100 rows, \(count) with 900")
        }
    }

    @Test("what comes again after a new history isn't looked for among all that was left behind") func leftBehind()
        async throws
    {
        var counts: [Int] = []
        for count in [100, 900] {
            let (store, own) = try await store(holding: count)
            let first = ReplicaPage(entries: [], replaces: "c", cursor: "0", isFirst: true, isLast: false)
            #expect(try await store.store(first, of: .own))
            let page = ReplicaPage(
                entries: [entry(own, 1)], replaces: "0", cursor: "e", isFirst: false, isLast: true)
            counts.append(
                try await pages(store) {
                    let isStored = try await store.store(page, of: .own)
                    #expect(isStored)
                })
        }
        #expect(counts[1] <= counts[0] + 40, "\(counts)")
    }

    @Test("what a first sync left for whoever looks first isn't looked through by each later one") func farBehind()
        async throws
    {
        var counts: [Int] = []
        for count in [5_500, 11_000] {
            let store = try SQLiteClientStore(path: "\(folder.path)/\(count).sqlite")
            // Lines of a later version will do: they are rows like any other.
            let entries = (1...count).map { position in
                ReplicaEntry(
                    position: position, receivedAt: Timestamp(milliseconds: 7),
                    line: Array(repeating: 0x20, count: 200))
            }
            let page = ReplicaPage(entries: entries, replaces: "0", cursor: "c", isFirst: true, isLast: true)
            #expect(try await store.store(page, of: .own))
            counts.append(try await pages(store) { try await store.catchUp() })
        }
        #expect(counts[1] <= counts[0] + 40, "\(counts)")
    }
}
