import GRDB
import RegiopostJournal
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalSQLite

@Suite("The SQLite journal") struct SQLiteJournalTests {
    @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
        try await withJournal { journal, _ in try await rule.check(journal) }
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
        try await withJournal { journal, _ in
            var comparison = try JournalComparison(InMemoryJournal(epoch: "model"), journal, seed: seed)
            try await comparison.run(calls: 40)
        }
    }

    @Test("commits are synced: the log's level is FULL, which is 2") func durable() async throws {
        try await withJournal { journal, _ in
            let pragmas = try await journal.store.write { database in
                [
                    try String.fetchOne(database, sql: "PRAGMA synchronous"),
                    try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                ]
            }
            #expect(pragmas == ["2", "wal"])
        }
    }

    @Test("every statement finds its rows by an index", arguments: JournalSQL.allCases) func plan(sql: JournalSQL)
        async throws
    {
        try await withJournal { journal, _ in
            let plan = try await journal.store.read { database in
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql.rawValue)
                // Parameters stay unbound: the plan does not depend on them.
                statement.setUncheckedArguments([])
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
            let slow = plan.filter { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }
            let isList = sql == .allInvitations || sql == .allCertificates
            // The lists are the control: were nothing slow there, this test would see nothing.
            #expect(isList ? !slow.isEmpty : slow.isEmpty, "\(plan)")
        }
    }

    @Test("appending takes as many steps with 3,000 stored as with 30") func flat() async throws {
        func steps(stored: Int) async throws -> Int {
            try await withJournal { journal, _ in
                var maker = try ProposalMaker()
                let long = maker.nextSubject()
                var proposals = [try maker.propose(long)]
                var lastLong = 0
                for number in 1..<stored {
                    let isOnSame = number.isMultiple(of: 2)
                    proposals.append(
                        try maker.propose(
                            isOnSame ? long : maker.nextSubject(), after: isOnSame ? proposals[lastLong].id : nil))
                    if isOnSame { lastLong = number }
                }
                try await journal.appendAll(proposals)
                let next = [
                    try maker.propose(maker.nextSubject()), try maker.propose(long, after: proposals[lastLong].id),
                ]
                let count = StepCount()
                try await journal.store.write { count.start(on: $0) }
                try await journal.appendAll(next)
                try await journal.store.write { count.stop(on: $0) }
                return count.steps
            }
        }
        let few = try await steps(stored: 30)
        #expect(few > 0)
        #expect(try await steps(stored: 3_000) == few)
    }
}
