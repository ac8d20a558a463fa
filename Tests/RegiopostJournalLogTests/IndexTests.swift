import Foundation
import GRDB
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

@Suite("The index behind the log", .timeLimit(.minutes(5))) struct IndexTests {
    /// Writes records on subjects whose audiences change, and closes.
    private func written(_ test: TestJournal, seed: UInt64 = 7) async throws {
        let journal = try await test.create()
        var comparison = try JournalComparison(InMemoryJournal(epoch: "model"), journal, seed: seed)
        try await comparison.run(calls: 30)
        try await journal.close()
    }

    private func withWritten(_ body: (TestJournal) async throws -> Void) async throws {
        try await withFolder { folder in
            let test = TestJournal(folder: JournalFolder(path: folder + "/journal"), sizing: tiny)
            try await written(test)
            try await body(test)
        }
    }

    private func alter(_ test: TestJournal, _ sql: String) throws {
        let queue = try DatabaseQueue(path: test.folder.index)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("it is the same when it is made anew") func same() async throws {
        try await withWritten { test in
            let journal = try await test.open()
            let size = try await journal.verify()
            let said = try await journal.size()
            #expect(size == said)
            #expect(size.records > 30 && size.segments > 5)
            try await journal.close()
        }
    }

    @Test(
        "it is made anew where it is missing, damaged, of another form or of another log, and that is said",
        arguments: ["missing", "ruined", "cut", "form", "log", "empty"]) func rebuilt(how: String) async throws
    {
        try await withWritten { test in
            switch how {
            case "missing": test.removeIndex()
            case "ruined": try Data(repeating: 0x41, count: 20_000).write(to: URL(filePath: test.folder.index))
            case "cut":
                let bytes = try Data(contentsOf: URL(filePath: test.folder.index))
                try bytes.prefix(1_000).write(to: URL(filePath: test.folder.index))
            case "form": try alter(test, "PRAGMA user_version = 99")
            case "log": try alter(test, "UPDATE covered SET log = 'another'")
            default: try Data().write(to: URL(filePath: test.folder.index))
            }
            let journal = try await test.open()
            #expect(journal.notices.map(\.code) == (how == "missing" ? [] : [.indexRebuilt]))
            #expect(try await journal.verify().records > 30)
            try await journal.close()
            let again = try await test.open()
            #expect(again.notices.isEmpty)
            try await again.close()
        }
    }

    @Test("an index that agrees with the log's name and not with its records is made anew") func fork() async throws
    {
        try await withWritten { test in
            try alter(test, "UPDATE covered SET chain = zeroblob(32)")
            let journal = try await test.open()
            #expect(journal.notices.map(\.code) == [.indexRebuilt])
            #expect(try await journal.verify().records > 30)
            try await journal.close()
        }
    }

    @Test(
        "a difference between index and log is found and named",
        arguments: [
            ("UPDATE change SET place = place + 1 WHERE sequence = 3", "table change"),
            ("DELETE FROM identity WHERE sequence = 5", "table identity"),
            ("UPDATE subject SET count = count + 1", "table subject"),
            ("UPDATE mailbox SET head = head + 1 WHERE key = 1", "table mailbox"),
            ("UPDATE delivery SET sequences = zeroblob(8) WHERE run = 0 AND mailbox = 1", "table delivery"),
        ]) func differs(sql: String, named: String) async throws
    {
        try await withWritten { test in
            try alter(test, sql)
            let journal = try await test.open()
            let error = await #expect(throws: JournalError.self) { try await journal.verify() }
            #expect(
                error?.code == .corrupt && error?.sentence.contains(named) == true, "\(error?.description ?? "")")
            try await journal.close()
            #expect(!FileManager.default.fileExists(atPath: test.folder.index + ".check"))
        }
    }

    @Test("going from record to record finds what looking for each finds, near and far") func walk() async throws {
        try await withWritten { test in
            let index = try IndexFile(path: test.folder.index).reader()
            defer { index.close() }
            var dice = SeededGenerator(seed: 3)
            for _ in 0..<50 {
                var walk = try PlaceWalk(index)
                var sequence = 0
                while true {
                    sequence += Int.random(in: 1...(Bool.random(using: &dice) ? 3 : 20), using: &dice)
                    guard let place = try? index.place(of: sequence) else { break }
                    #expect(try walk.place(of: sequence) == place)
                }
                #expect(throws: JournalError.self) { try walk.place(of: sequence) }
            }
        }
    }

    @Test("every statement finds its rows by an index", arguments: IndexSQL.allCases) func plan(sql: IndexSQL)
        async throws
    {
        try await withWritten { test in
            guard ![.begin, .beginImmediate, .commit, .rollback].contains(sql) else { return }
            let queue = try DatabaseQueue(path: test.folder.index)
            let plan = try await queue.read { database in
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql.text)
                statement.setUncheckedArguments([])
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") && !$0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test("records that the index did not get before a kill are read from the log") func behind() async throws {
        var sizing = tiny
        sizing.indexedMilliseconds = 3_600_000
        try await withJournal(sizing: sizing) { journal, test in
            var maker = try ProposalMaker()
            var proposals: [Proposal] = []
            for _ in 0..<10 { proposals.append(try maker.propose(maker.nextSubject())) }
            let receipts = try await journal.appendAll(proposals)
            // Nothing is indexed yet, which is what a kill would leave.
            let copy = try test.copy(to: test.folder.path + "-copy")
            let again = try await copy.open()
            #expect(try await again.append(proposals) == receipts.map { .already($0) })
            #expect(try await again.verify().records == 10)
            try await again.close()
        }
    }

    @Test("memory for what is not indexed yet is bounded: appending waits") func bounded() async throws {
        var sizing = LogSizing(smallestSegment: 1 << 20, largestSegment: 1 << 20)
        sizing.indexedMilliseconds = 3_600_000
        sizing.indexedRecords = 50
        try await withJournal(sizing: sizing) { journal, _ in
            var maker = try ProposalMaker()
            var most = 0
            for _ in 0..<40 {
                var proposals: [Proposal] = []
                for _ in 0..<20 { proposals.append(try maker.propose(maker.nextSubject())) }
                try await journal.appendAll(proposals)
                most = max(most, journal.engine.waiting)
            }
            #expect(most > 0 && most <= 2 * 50 * LogSizing.patience + 2 * 20, "\(most)")
            #expect(try await journal.verify().records == 800)
        }
    }
}
