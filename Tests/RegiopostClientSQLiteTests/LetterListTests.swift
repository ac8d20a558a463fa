import GRDB
import RegiopostClient
import RegiopostCrypto
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostClientSQLite

@Suite("The list of letters") struct LetterListTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/store.sqlite" }
    private let delft = OrganisationCode("gm0503")
    private let college = "gm0503/college"

    /// What the server accepted of a letter, in pieces: published; opened, answered and answered anew; the answer read and
    /// the term moved; the answer taken back, and one given together; that one read; the letter taken back.
    private func story() throws -> (story: Story, pieces: [Range<Int>]) {
        var story = try Story()
        var ends = [story.accepted.count]
        let delft = try #require(delft)
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        try story.accept(college, nil, .meetingRequest, try story.meeting())
        ends.append(story.accepted.count)
        let response = SubjectID.response(letter: letter.id, organisation: delft)
        let formateur = try #require(Address("gm0503/formateur"))
        try story.accept(
            "gm0503/formateur", .receipt(letter: letter.id, address: formateur), .receiptOpened,
            .receiptOpened(try story.route()))
        for _ in 0..<2 { try story.accept(college, response, .responseSubmit, try story.response()) }
        ends.append(story.accepted.count)
        try story.accept(Story.accounthouder, response, .responseAcknowledge, .responseAcknowledge(note: "dank"))
        guard case .letterPublish(let content) = letter.body else { preconditionFailure("a letter") }
        let route = TermRoute(route: try story.route(), roles: content.roles(at: delft))
        let due = try #require(CalendarDate("2026-06-01"))
        try story.accept(
            Story.accounthouder, .term(letter: letter.id, organisation: delft), .termSet,
            .term(.set(route, due: due, note: nil)))
        ends.append(story.accepted.count)
        try story.accept(college, response, .responseWithdraw, .responseWithdraw(reason: "fout"))
        let draft = try story.accept(college, nil, .draftSave, try story.jointDraft(to: letter.id))
        for signer in [college, "gm0518/college"] {
            try story.accept(signer, draft.subject, .draftSign, try story.signature(of: draft.id))
        }
        try story.accept(college, .joint(draft.id), .jointSubmit, try story.joint(from: draft.id))
        ends.append(story.accepted.count)
        try story.accept(Story.accounthouder, .joint(draft.id), .jointAcknowledge, .jointAcknowledge(note: nil))
        ends.append(story.accepted.count)
        try story.accept(Story.secretariaat, letter.subject, .letterWithdraw, .letterWithdraw(reason: "fout"))
        ends.append(story.accepted.count)
        return (story, zip(ends, ends.dropFirst()).map { $0..<$1 })
    }

    private func workspace(_ store: SQLiteClientStore) throws -> Workspace {
        let zero = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        return Workspace(
            address: try #require(Address(college)), store: store,
            surroundings: Workspace.Surroundings(
                clock: { Timestamp(milliseconds: 1_774_000_000_000) }, random: { (1, 2) },
                digest: { Digest(bytes: SHA256.hash($0)) ?? zero }))
    }

    /// The list is what a fold of everything makes.
    private func expectFold(_ store: SQLiteClientStore, _ count: Int, _ comment: Comment) async throws {
        let workspace = try workspace(store)
        let folded = LetterSummary.all(in: try await workspace.view().correspondence)
        let listed = try await workspace.letters().letters
        let whole = try await workspace.view()
        #expect(try await workspace.worklist().work.items == Worklist(whole).items, comment)
        #expect(listed == LetterSummary.newestFirst(folded) && listed.count == count, comment)
    }

    private func put(
        _ changes: some Collection<Change>, from position: Int, in store: SQLiteClientStore, isFirst: Bool = false
    ) async throws {
        let entries = changes.enumerated().map { offset, change in
            ReplicaEntry(
                position: position + offset, receivedAt: Timestamp(milliseconds: Int64(position + offset)),
                line: change.line())
        }
        let page = ReplicaPage(
            entries: entries, replaces: try await store.cursor(of: .own), cursor: "\(position)", isFirst: isFirst,
            isLast: true)
        try #require(try await store.store(page, of: .own))
    }

    @Test(
        "shows what a fold of everything would, after each piece, whoever brings it up to date",
        arguments: [false, true])
    func pieces(bySync: Bool) async throws {
        let (story, pieces) = try story()
        let store = try SQLiteClientStore(path: path)
        var position = 1
        for (number, piece) in pieces.enumerated() {
            try await put(story.accepted[piece], from: position, in: store, isFirst: number == 0)
            position += piece.count
            if bySync { try await store.catchUp() }
            try await expectFold(store, 1, "piece \(number)")
        }
    }

    @Test("shows what the outbox makes of a letter, and what is there once it is given up") func outbox()
        async throws
    {
        let (story, pieces) = try story()
        let store = try SQLiteClientStore(path: path)
        try await put(story.accepted[pieces[0]], from: 1, in: store, isFirst: true)
        try await expectFold(store, 1, "published")
        let before = try await workspace(store).letters().letters
        let answer = try #require(story.accepted.first { $0.type == .responseSubmit })
        try await store.enqueue(answer, line: answer.line(), key: nil)
        try await expectFold(store, 1, "answered in the queue")
        let party = try await workspace(store).letters().letters.first?.parties.first { $0.organisation == delft }
        #expect(party?.answer == .submitted && party?.isResponseReceived == false)
        #expect(try await store.giveUp(answer.id))
        #expect(try await workspace(store).letters().letters == before)
    }

    @Test("shows what an earlier history left behind, and not what its author gave up of it") func leftBehind()
        async throws
    {
        let (story, pieces) = try story()
        let store = try SQLiteClientStore(path: path)
        try await put(
            story.accepted[pieces[0].lowerBound..<pieces[1].upperBound], from: 1, in: store, isFirst: true)
        try await expectFold(store, 1, "before")
        try await put(story.accepted[pieces[0]], from: 1, in: store, isFirst: true)
        try await expectFold(store, 1, "left behind")
        #expect(try await store.offerLeftBehind(of: try #require(Address(college))) == 2)
        try await expectFold(store, 1, "offered")
        for item in try await store.outbox() {
            try await store.settle(item.change.id, as: .refused(Refusal(.conflict)))
        }
        for item in try await store.outbox() { #expect(try await store.giveUp(item.change.id)) }
        try await expectFold(store, 1, "given up")
        try await put([], from: 1, in: store, isFirst: true)
        try await expectFold(store, 1, "all left behind")
    }

    @Test("is made anew where another version of the program made it") func version() async throws {
        let (story, pieces) = try story()
        let store = try SQLiteClientStore(path: path)
        try await put(story.accepted[pieces[0]], from: 1, in: store, isFirst: true)
        try await expectFold(store, 1, "made")
        try await store.write { database in
            try database.execute(
                sql:
                    "UPDATE derived SET version = version + 1; UPDATE letter SET summary = x'00'; INSERT INTO letter (id, summary) VALUES (x'01', x'02')"
            )
        }
        try await expectFold(store, 1, "made anew")
        // Nor does one that can't be read keep anybody from the letters, which are all there.
        try await store.write { database in try database.execute(sql: "UPDATE letter SET summary = x'00'") }
        try await expectFold(store, 1, "mended")
    }

    @Test("reads nothing but the letters' summaries, however much else is stored") func cost() async throws {
        var (story, pieces) = try story()
        let store = try SQLiteClientStore(path: path)
        try await put(story.accepted[pieces[0]], from: 1, in: store, isFirst: true)
        _ = try await workspace(store).letters()
        let last = pieces[0].count
        let start = story.accepted.count
        for _ in 0..<300 { try story.accept(college, nil, .meetingRequest, try story.meeting()) }
        try await put(story.accepted[start...], from: last + 1, in: store)
        try await store.catchUp()
        let snapshot = try await store.letters(with: [])
        #expect(snapshot.own.isEmpty && snapshot.others.count == 1)
    }

    @Test("a summary is read as it was written, and nothing else is") func bytes() throws {
        let (story, _) = try story()
        let world = story.accepted.reduce(into: Correspondence()) {
            $0.take($1, receivedAt: Timestamp(milliseconds: 5))
        }
        for summary in LetterSummary.all(in: world) {
            let bytes = summary.bytes
            #expect(try bytes.withUnsafeBytes { try LetterSummary(bytes: $0) } == summary)
            for count in 0..<bytes.count {
                #expect(throws: LetterSummary.Damaged.self) {
                    try bytes.prefix(count).withUnsafeBytes { try LetterSummary(bytes: $0) }
                }
            }
        }
    }
}
