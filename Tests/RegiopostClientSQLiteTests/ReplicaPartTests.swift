import GRDB
import RegiopostClient
import RegiopostCrypto
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostClientSQLite

@Suite("A part of the replica") struct ReplicaPartTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/store.sqlite" }
    private let ofLetters = ReplicaPart.kinds(["letter", "receipt", "response", "term", "joint"])

    /// Two letters, one opened and answered, one with a file; and many meetings.
    private func story(meetings: Int) throws -> (story: Story, letters: [Change]) {
        var story = try Story()
        let first = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        guard case .letterPublish(let content) = try story.letter() else { preconditionFailure("a letter") }
        let digest = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        let file = try #require(FileReference(name: "kaart.pdf", media: "application/pdf", size: 3, digest: digest))
        let second = try story.accept(
            Story.secretariaat, nil, .letterPublish, .letterPublish(content.with(files: [file])))
        for _ in 0..<meetings {
            try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        }
        let delft = try #require(OrganisationCode("gm0503"))
        let college = try #require(Address("gm0503/formateur"))
        try story.accept(
            "gm0503/formateur", .receipt(letter: first.id, address: college), .receiptOpened,
            .receiptOpened(try story.route()))
        try story.accept(
            "gm0503/college", .response(letter: first.id, organisation: delft), .responseSubmit,
            try story.response())
        return (story, [first, second])
    }

    private func store(_ story: Story) async throws -> SQLiteClientStore {
        let store = try SQLiteClientStore(path: path)
        for mailbox in ReplicaMailbox.allCases {
            let changes = story.accepted.filter { $0.subject.isInDirectory == (mailbox == .directory) }
            try await put(changes, in: store, mailbox)
        }
        return store
    }

    private func put(
        _ changes: [Change], in store: SQLiteClientStore, _ mailbox: ReplicaMailbox, replacing cursor: String = "0"
    ) async throws {
        let entries = changes.enumerated().map { offset, change in
            ReplicaEntry(
                position: offset + 1, receivedAt: Timestamp(milliseconds: Int64(offset + 1)), line: change.line())
        }
        let page = ReplicaPage(entries: entries, replaces: cursor, cursor: "c", isFirst: true, isLast: true)
        try #require(try await store.store(page, of: mailbox))
    }

    private func view(_ snapshot: StoreSnapshot) throws -> View {
        let zero = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        return View(address: try #require(Address("gm0503/college")), snapshot) {
            Digest(bytes: SHA256.hash($0)) ?? zero
        }
    }

    private func expectLetters(in store: SQLiteClientStore, _ count: Int) async throws {
        let whole = try view(try await store.snapshot())
        let part = try view(try await store.snapshot(of: ofLetters))
        #expect(part.letters.map(\.id) == whole.letters.map(\.id) && part.letters.count == count)
        #expect(part.letters.map(\.state) == whole.letters.map(\.state))
        #expect(part.responses == whole.responses && part.meetings.isEmpty)
        for letter in whole.letters {
            for address in letter.state.content.recipients {
                #expect(part.receipt(of: letter.id, by: address) == whole.receipt(of: letter.id, by: address))
            }
        }
        #expect(part.correspondence.directory.organisations == whole.correspondence.directory.organisations)
    }

    @Test("a part shows its subjects as the whole does") func letters() async throws {
        try await expectLetters(in: try await store(try story(meetings: 3).story), 2)
    }

    @Test("the queue's part is what the queue is about, however much else is stored", arguments: [2, 200])
    func queue(meetings: Int) async throws {
        let (story, letters) = try story(meetings: meetings)
        let store = try await store(story)
        #expect(try await store.snapshot(of: .queue).own.isEmpty)
        let request = try #require(story.accepted.first { $0.type == .meetingRequest })
        var other = story
        let opened = try other.change(
            "gm0503/college",
            .receipt(letter: letters[1].id, address: try #require(Address("gm0503/college"))), .receiptOpened,
            .receiptOpened(try story.route()))
        let cancel = try other.change(
            "gm0503/college", request.subject, .meetingCancel, .meeting(.cancel(reason: "x")))
        for change in [opened, cancel] { try await store.enqueue(change, line: change.line(), key: nil) }
        let snapshot = try await store.snapshot(of: .queue)
        #expect(snapshot.own.map { try? Change(line: $0.line).id } == [letters[1].id, request.id])
        #expect(snapshot.outbox.map(\.change) == [opened, cancel])
        let part = ReplicaPart.about([.letter(letters[0].id)])
        let expected = story.accepted.filter { change in
            !change.subject.isInDirectory && part.includes(change.subject, outbox: snapshot.outbox)
        }
        #expect(try await store.snapshot(of: part).own.map(\.line) == expected.map { $0.line() })
        #expect(expected.count == 3)
    }

    @Test("no part is found by reading all rows") func plans() async throws {
        let store = try await store(try story(meetings: 1).story)
        for (index, condition, used) in [
            ("replica_subject", "subject = 'letter/x'", "(mailbox=? AND subject=?)"),
            (
                "replica_subject", "subject >= 'letter/' AND subject < 'letter0'",
                "(mailbox=? AND subject>? AND subject<?)"
            ),
            ("replica_files", "files > 0", "replica_files (mailbox=?)"),
        ] {
            let plan = try await store.read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + ReplicaIndex.query(by: index, where: condition)
                ).map { $0["detail"] as String }.joined(separator: "; ")
            }
            #expect(plan.contains(index) && plan.hasSuffix(used), "\(condition): \(plan)")
        }
    }

    @Test(
        "only lines that cite files which weren't seen here are read to fetch them, also after a replica that began anew"
    ) func files()
        async throws
    {
        let (story, published) = try story(meetings: 2)
        let store = try await store(story)
        #expect(try await store.entriesLackingFiles().map(\.line) == [published[1].line()])
        try await store.noteFilesHere(published.map(\.id))
        #expect(try await store.entriesLackingFiles().isEmpty)
        try await store.noteFilesHere(published.map(\.id))
        #expect(try await store.entriesLackingFiles().isEmpty, "noted twice is noted once")
        let synchronous = try await store.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(synchronous == 2, "everything else is synced as before")
        let rest = story.accepted.filter { $0.type == .meetingRequest }
        try await put(rest, in: store, .own, replacing: "c")
        #expect(try await store.entriesLackingFiles().isEmpty)
        // What was left behind is still shown.
        #expect(try await store.snapshot(of: ofLetters).own.prefix(2).map(\.line) == published.map { $0.line() })
    }

    @Test("a profile of an earlier version has its parts once it is opened", arguments: [3, 4, 5])
    func migration(version: Int) async throws {
        let (story, letters) = try story(meetings: 1_100)
        _ = try await store(story)
        try EarlierStore.make(at: path, version: version)
        let store = try SQLiteClientStore(path: path)
        try await expectLetters(in: store, 2)
        #expect(try await store.entriesLackingFiles().map(\.line) == [letters[1].line()])
        #expect(try await store.snapshot().own.count == story.accepted.count { !$0.subject.isInDirectory })
        #expect(try await store.cursor(of: .own) == "c")
    }
}
