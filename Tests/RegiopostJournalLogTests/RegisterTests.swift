import Foundation
import GRDB
import RegiopostJournal
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

@Suite("The register beside the log") struct RegisterTests {
    @Test("commits are synced: the level is FULL, which is 2") func durable() async throws {
        try await withJournal { journal, _ in
            let pragmas = try await journal.register.write { database in
                [
                    try String.fetchOne(database, sql: "PRAGMA synchronous"),
                    try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                ]
            }
            #expect(pragmas == ["2", "wal"])
        }
    }

    @Test("every statement finds its rows by an index", arguments: RegisterSQL.allCases) func plan(sql: RegisterSQL)
        async throws
    {
        try await withJournal { journal, _ in
            let plan = try await journal.register.read { database in
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

    @Test("a register of a newer format, or somebody else's, is refused and left alone", arguments: [true, false])
    func foreign(isNewer: Bool) async throws {
        try await withJournal { journal, test in
            try await journal.close()
            if !isNewer { try FileManager.default.removeItem(atPath: test.folder.register) }
            let queue = try DatabaseQueue(path: test.folder.register)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 2") }
            try queue.close()
            let before = try Data(contentsOf: URL(filePath: test.folder.register))
            let error = await #expect(throws: JournalError.self) { try await test.open() }
            #expect(error?.code == (isNewer ? .newerFormat : .notJournal))
            #expect(try Data(contentsOf: URL(filePath: test.folder.register)) == before)
        }
    }

    @Test("a failed write to the register stops the log too") func stops() async throws {
        try await withJournal { journal, _ in
            try await journal.register.write { try $0.execute(sql: "PRAGMA query_only = ON") }
            let error = await #expect(throws: JournalError.self) { try await journal.set("name", to: [1]) }
            #expect(error?.code == .readOnly)
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            let stopped = await #expect(throws: JournalError.self) { try await journal.append([proposal]) }
            #expect(stopped?.code == .stopped)
        }
    }
}
