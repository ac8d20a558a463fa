import GRDB
import GRDBSQLite
import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostClientSQLite

@Suite("Searching offline") struct SearchTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/store.sqlite" }

    /// A letter, an answer to it, and a meeting that comes out of it, with a step.
    private func correspondence() throws -> (story: Story, own: [Change]) {
        var story = try Story()
        let letter = LetterContent(
            dossier: try #require(DossierNumber("DOS-2026-0001081")),
            document: try #require(DocumentNumber("PZH-2026-888179004")),
            date: try #require(CalendarDate("2026-03-27")), title: "Samen verder", region: "haagse-regio",
            yourReference: "Z/26/0815", themes: ["Netcongestie en warmte"],
            recipients: ["gm0503/formateur", "gm0518/formateur"].compactMap(Address.init(_:)),
            copies: [],
            text: "Geachte formateur,\n\nWij vragen u de woningbouw te versnellen. Reünie in café De Brug.")
        let published = try story.accept(Story.secretariaat, nil, .letterPublish, .letterPublish(letter))
        let delft = try #require(OrganisationCode("gm0503"))
        try story.accept(
            "gm0503/college", .response(letter: published.id, organisation: delft), .responseSubmit,
            .responseSubmit(
                ResponseContent(
                    route: try story.route(), roles: [.formateur], dossier: DossierNumber("DOS-2026-0001081"),
                    text: "Wij nemen dit over in het akkoord.", reference: "DLF 2026/77-b")))
        let meeting = try story.accept(
            "gm0503/college", nil, .meetingRequest,
            .meetingRequest(
                MeetingContent(
                    kind: .conversation, accounthouder: try #require(Address(Story.accounthouder)),
                    letter: published.id, dossier: DossierNumber("DOS-2026-0001081"), note: "Over drinkwater.")))
        try story.accept(
            Story.accounthouder, meeting.subject, .meetingPropose,
            .meeting(
                .propose(slot: try Story.slot("2026-05-19T20:00/21:00"), place: "Raadzaal", note: "Met kaarten.")))
        return (story, Array(story.accepted.suffix(4)))
    }

    private func store(_ changes: [Change], from position: Int = 1, at path: String) async throws
        -> SQLiteClientStore
    {
        let store = try SQLiteClientStore(path: path)
        try await put(changes, in: store)
        return store
    }

    private func put(_ changes: [Change], in store: SQLiteClientStore, replacing cursor: String = "0") async throws
    {
        let entries = changes.enumerated().map { offset, change in
            ReplicaEntry(
                position: offset + 1, receivedAt: Timestamp(milliseconds: 1_000 * Int64(offset + 1)),
                line: change.line())
        }
        let page = ReplicaPage(entries: entries, replaces: cursor, cursor: "c", isFirst: true, isLast: true)
        try #require(try await store.store(page, of: .own))
    }

    private func kinds(_ words: String..., kind: String? = nil, in store: SQLiteClientStore) async throws
        -> [String]
    {
        let directory = try correspondence().story.world.directory
        return try await store.search(SearchQuery(SearchQuery.terms(of: words, in: directory), kind: kind))
            .map(\.kind)
    }

    private func kinds(_ field: SearchQuery.Field, _ text: String, in store: SQLiteClientStore) async throws
        -> [String]
    {
        try await store.search(SearchQuery([SearchQuery.Term(field, text)])).map(\.kind)
    }

    @Test(
        "a number is found whole, in part, without hyphens and without its zeros",
        arguments: [
            "DOS-2026-0001081", "dos-2026-0001081", "2026-0001081", "0001081", "1081", "DOS20260001081",
            "20260001081", "DOS 2026 0001081", "dos 2026-1081", "DOS-2026-0001",
        ])
    func numbers(text: String) async throws {
        let store = try await store(try correspondence().own, at: path)
        #expect(try await kinds(.dossier, text, in: store) == ["meeting", "response", "letter"])
        #expect(try await kinds(text, in: store) == ["meeting", "response", "letter"])
    }

    @Test("documents, references of either side, themes and texts are found, whatever their accents")
    func fields() async throws {
        let store = try await store(try correspondence().own, at: path)
        for text in ["PZH-2026-888179004", "888179004", "pzh2026888179004", "PZH-2026-888"] {
            #expect(try await kinds(.document, text, in: store) == ["letter"], "\(text)")
        }
        for text in ["Z/26/0815", "z260815", "0815", "Z-26-0815"] {
            #expect(try await kinds(.reference, text, in: store) == ["letter"], "\(text)")
        }
        #expect(try await kinds(.reference, "dlf2026/77b", in: store) == ["response"])
        #expect(try await kinds(.theme, "netcongestie", in: store) == ["letter"])
        #expect(try await kinds(.theme, "woningbouw", in: store) == [])
        for text in ["woningb", "reunie", "CAFÉ", "cafe"] {
            #expect(try await kinds(text, in: store) == ["letter"], "\(text)")
        }
        #expect(try await kinds("akkoord", in: store) == ["response"])
        #expect(try await kinds("akkoord", kind: "letter", in: store) == [])
    }

    @Test("words may stand in different changes of one subject, and all must be there") func together() async throws
    {
        let store = try await store(try correspondence().own, at: path)
        #expect(try await kinds("drinkwater", "kaarten", in: store) == ["meeting"])
        #expect(try await kinds("drinkwater", "akkoord", in: store) == [])
        let hit = try #require(try await store.search(SearchQuery([SearchQuery.Term(.anywhere, "kaarten")])).first)
        #expect(hit.snippet.contains("Met kaarten.") && hit.author.text == "gm0503/college")
        let answer = try #require(
            try await store.search(SearchQuery([SearchQuery.Term(.anywhere, "akkoord")])).first)
        #expect(answer.title == "Samen verder" && answer.moment == Timestamp(milliseconds: 2_000))
    }

    @Test("a municipality is found by name and by code, though texts have neither") func municipalities()
        async throws
    {
        let store = try await store(try correspondence().own, at: path)
        #expect(try await kinds("Den", "Haag", in: store) == ["letter"])
        #expect(try await kinds("den haag", in: store) == ["letter"])
        #expect(try await kinds("gm0518", in: store) == ["letter"])
        #expect(try await kinds("delft", in: store) == ["meeting", "response", "letter"])
        #expect(try await kinds("delft", "akkoord", in: store) == ["response"])
        #expect(try await kinds("Rijswijk", in: store) == [])
    }

    @Test("what waits is found and says so; given up, it is gone; come back, it is there once") func outbox()
        async throws
    {
        let own = try correspondence().own
        let store = try SQLiteClientStore(path: path)
        try await store.enqueue(own[0], line: own[0].line(), key: nil)
        let waiting = try await store.search(SearchQuery([SearchQuery.Term(.anywhere, "woningbouw")]))
        #expect(waiting.map(\.isWaiting) == [true])
        #expect(try await store.giveUp(own[0].id))
        #expect(try await kinds("woningbouw", in: store) == [])
        try await store.enqueue(own[0], line: own[0].line(), key: nil)
        try await put(own, in: store)
        let arrived = try await store.search(SearchQuery([SearchQuery.Term(.anywhere, "woningbouw")]))
        #expect(arrived.map(\.isWaiting) == [false] && arrived[0].moment == Timestamp(milliseconds: 1_000))
        #expect(try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM search") } == 4)
    }

    @Test("what an earlier history left behind is found still, and what comes again is there once") func resync()
        async throws
    {
        let own = try correspondence().own
        let store = try await store(own, at: path)
        try await put([own[1], own[0]], in: store, replacing: "c")
        #expect(try await kinds("kaarten", in: store) == ["meeting"])
        #expect(try await kinds("drinkwater", in: store) == ["meeting"])
        #expect(try await kinds("akkoord", in: store) == ["response"])
        #expect(try await kinds("woningbouw", in: store) == ["letter"])
        let rows = try await store.read { database in
            try ["search", "searchable"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        }
        #expect(rows == [4, 4])
    }

    @Test("a profile of an earlier version can be searched once it is opened", arguments: [2, 3, 5])
    func migration(version: Int) async throws {
        let own = try correspondence().own
        do {
            let store = try await store(Array(own.prefix(3)), at: path)
            try await store.enqueue(own[3], line: own[3].line(), key: nil)
            try await store.catchUp()
        }
        try EarlierStore.make(at: path, version: version)
        let store = try SQLiteClientStore(path: path)
        #expect(try await kinds("woningbouw", in: store) == ["letter"])
        #expect(try await kinds("kaarten", in: store) == ["meeting"])
    }

    @Test("what came is found, whether a sync took it in or the search has to") func behind() async throws {
        let own = try correspondence().own
        let store = try await store(own, at: path)
        func count() async throws -> Int {
            try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM searchable") ?? 0 }
        }
        #expect(try await count() == 0)
        #expect(try await kinds("woningbouw", in: store) == ["letter"])
        #expect(try await count() == own.count)
        let other = try SQLiteClientStore(path: folder.path + "/other.sqlite")
        try await put(own, in: other)
        try await other.catchUp()
        #expect(try await other.read { try SearchIndex.isBehind($0) } == false)
        #expect(try await kinds("woningbouw", in: other) == ["letter"])
        // What an earlier history left behind before anybody searched is found too.
        let third = try SQLiteClientStore(path: folder.path + "/third.sqlite")
        try await put(own, in: third)
        try await put([], in: third, replacing: "c")
        #expect(try await kinds("woningbouw", in: third) == ["letter"])
    }

    @Test(
        "whatever is typed is data",
        arguments: [
            "\"", "*", "NEAR(a b)", "-", ":", "^", "a AND", "OR", "NOT", "(", ")", "{a b}:c", "dossier:x", "'",
            "\\",
            "\"\" *", "%", "a\u{0}b", "🏠", "\u{301}", "١", "½", "＂", "--", "; DROP TABLE search", " ", "",
        ])
    func data(text: String) async throws {
        let store = try await store(try correspondence().own, at: path)
        for field: SearchQuery.Field in [.anywhere, .dossier, .document, .reference, .municipality, .theme] {
            _ = try await store.search(SearchQuery([SearchQuery.Term(field, text)]))
            _ = try await store.search(
                SearchQuery([SearchQuery.Term(field, text), SearchQuery.Term(.anywhere, "woningbouw")]))
        }
        _ = try await kinds(text, in: store)
        _ = try await store.search(SearchQuery([], kind: text))
    }

    @Test("a search reads what fits and no more, however much there is") func cost() async throws {
        let store = try await store(try correspondence().own, at: path)
        let query = SearchQuery(
            [SearchQuery.Term(.anywhere, "akkoord"), SearchQuery.Term(.dossier, "1081")], kind: "response")
        for query in [query, SearchQuery([], kind: "letter")] {
            for step in try await store.plan(of: query) where step.hasPrefix("SCAN") {
                // The index of words, by its own MATCH; what the terms have in common; never a table of all changes.
                #expect(step.contains("VIRTUAL TABLE") || step.contains("matched"), "\(step)")
            }
        }
        for table in ["searchable", "replica", "outbox"] {
            #expect(try await store.plan(of: query).allSatisfy { !$0.hasPrefix("SCAN \(table)") })
        }
    }

    @Test("taking in a change, and finding one, takes the same steps with few and with many there already")
    func constantCost() async throws {
        var story = try Story()
        let store = try SQLiteClientStore(path: path)
        var position = 0
        func add(_ count: Int) async throws -> Int {
            var entries: [ReplicaEntry] = []
            for _ in 0..<count {
                position += 1
                let change = try story.change("gm0503/college", nil, .meetingRequest, try story.meeting())
                entries.append(
                    ReplicaEntry(
                        position: position, receivedAt: Timestamp(milliseconds: Int64(position)),
                        line: change.line()))
            }
            let page = ReplicaPage(
                entries: entries, replaces: position == count ? "0" : "c", cursor: "c", isFirst: position == count,
                isLast: true)
            return try await steps(of: store) {
                try #require(try await store.store(page, of: .own))
                try await store.catchUp()
            }
        }
        _ = try await store.store(
            ReplicaPage(entries: [], replaces: "0", cursor: "0", isFirst: true, isLast: true), of: .own)
        let few = try await add(100)
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        try await store.enqueue(letter, line: letter.line(), key: nil)
        let query = SearchQuery([SearchQuery.Term(.anywhere, "schrijven"), SearchQuery.Term(.dossier, "0000042")])
        let found = try await steps(of: store) { try await expectOne(query, in: store) }
        _ = try await add(1_000)
        #expect(try await add(100) < few * 2)
        let foundAgain = try await steps(of: store) { try await expectOne(query, in: store) }
        #expect(foundAgain < found * 2, "\(found) \(foundAgain)")
    }

    private func expectOne(_ query: SearchQuery, in store: SQLiteClientStore) async throws {
        #expect(try await store.search(query).count == 1)
    }

    /// How many instructions of SQLite's virtual machine the body takes.
    private func steps(of store: SQLiteClientStore, _ body: () async throws -> Void) async throws -> Int {
        let count = Count()
        try await store.read { database in
            sqlite3_progress_handler(
                database.sqliteConnection, 1,
                { counter in
                    counter?.assumingMemoryBound(to: Int.self).pointee += 1
                    return 0
                }, count.pointer)
        }
        try await body()
        try await store.read { database in sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil) }
        return count.pointer.pointee
    }
}

/// A number that C can count up. Only the store's own queue touches it between its being set and read.
private final class Count: @unchecked Sendable {
    let pointer = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    init() { pointer.initialize(to: 0) }
    deinit { pointer.deallocate() }
}
