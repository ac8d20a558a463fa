import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

@Suite("The journal in a log", .timeLimit(.minutes(5))) struct LogJournalTests {
    @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
        try await withJournal { journal, _ in try await rule.check(journal) }
    }

    @Test("keeps the contract over segments of a few records", arguments: JournalContract.all)
    func contractInTinySegments(rule: JournalContract) async throws {
        try await withJournal(sizing: tiny) { journal, _ in try await rule.check(journal) }
    }

    @Test("keeps the contract when the index is written after every group", arguments: JournalContract.all)
    func contractIndexed(rule: JournalContract) async throws {
        try await withJournal(sizing: eager) { journal, _ in try await rule.check(journal) }
    }

    @Test("keeps settings") func settings() async throws {
        try await withJournal { journal, _ in try await SettingContract.check(journal) }
    }

    @Test("keeps the enrolment contract", arguments: EnrolmentContract.all)
    func enrolment(rule: EnrolmentContract) async throws {
        try await withJournal { journal, _ in try await rule.check(journal.enrolment) }
    }

    @Test("answers as the in-memory journal does, whatever comes", arguments: 1...20 as ClosedRange<UInt64>)
    func random(seed: UInt64) async throws {
        let sizing = [nil, tiny, eager][Int(seed % 3)]
        try await withJournal(sizing: sizing) { journal, _ in
            var comparison = try JournalComparison(InMemoryJournal(epoch: "model"), journal, seed: seed)
            try await comparison.run(calls: 40)
        }
    }

    @Test(
        "answers as the in-memory journal does when it is opened again between calls, with or without its index",
        arguments: 1...20 as ClosedRange<UInt64>)
    func reopened(seed: UInt64) async throws {
        try await withFolder { folder in
            let test = TestJournal(folder: JournalFolder(path: folder + "/journal"), sizing: tiny)
            let journal = ReopenedJournal(try await test.create(), test, seed: seed)
            var comparison = try JournalComparison(InMemoryJournal(epoch: "model"), journal, seed: seed)
            try await comparison.run(calls: 30)
            #expect(await journal.openings > 5)
            try await journal.close()
        }
    }

    @Test("has at hand what was just written, and lets go of what was indexed") func atHand() async throws {
        var sizing = LogSizing()
        sizing.indexedMilliseconds = 600_000
        try await withJournal(sizing: sizing) { journal, _ in
            var maker = try ProposalMaker()
            let limit = PageLimit(records: 10, bytes: .max)
            #expect(journal.headAtHand(of: maker.griffie) == nil)
            let first = try maker.propose(maker.nextSubject())
            try await journal.appendAll([first])
            #expect(
                journal.pageAtHand(of: maker.griffie, after: 0, limit: limit)?.entries.map(\.line) == [first.line])
            #expect(journal.headAtHand(of: maker.griffie) == nil)
            let head = try await journal.head(of: maker.griffie)
            #expect(journal.headAtHand(of: maker.griffie) == head)
            try journal.engine.indexAll()
            #expect(journal.pageAtHand(of: maker.griffie, after: 0, limit: limit) == nil)
            #expect(
                journal.pageAtHand(of: maker.griffie, after: 1, limit: limit) == MailboxPage(entries: [], head: 1))
            #expect(journal.headAtHand(of: maker.griffie) == head)
            try await journal.appendAll([maker.propose(maker.nextSubject())])
            #expect(journal.headAtHand(of: maker.griffie) == nil)
            // Whoever checks a cursor at the end will come again with it.
            let digest = try await journal.digest(in: maker.griffie, at: 2)
            #expect(journal.headAtHand(of: maker.griffie) == MailboxHead(position: 2, digest: digest))
            try await journal.close()
            #expect(journal.pageAtHand(of: maker.griffie, after: 1, limit: limit) == nil)
        }
    }

    /// The index is written behind every group, so that every answer is looked for in all places.
    private var eager: LogSizing {
        var sizing = LogSizing(smallestSegment: 64 << 10, largestSegment: 64 << 10)
        sizing.indexedRecords = 1
        return sizing
    }
}

/// Closes its journal now and then and opens it again, at times without the index.
private actor ReopenedJournal: ForwardingJournal {
    nonisolated let epoch: String
    private var journal: LogJournal
    var behind: any Journal { journal }
    private let test: TestJournal
    private var random: SeededGenerator
    private(set) var openings = 0

    init(_ journal: LogJournal, _ test: TestJournal, seed: UInt64) {
        self.journal = journal
        self.test = test
        epoch = journal.epoch
        random = SeededGenerator(seed: seed)
    }

    func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        let outcomes = try await journal.append(proposals)
        let dice = Int.random(in: 0..<10, using: &random)
        if dice < 4 {
            try await journal.close()
            if dice < 2 { test.removeIndex() }
            journal = try await test.open()
            openings += 1
        }
        return outcomes
    }
}
