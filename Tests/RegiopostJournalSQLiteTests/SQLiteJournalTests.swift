import RegiopostJournal
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalSQLite

@Suite("The SQLite journal") struct SQLiteJournalTests {
    @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
        try await withFolder { folder in
            let journal = try await SQLiteJournal.create(at: folder + "/journal.sqlite", epoch: "first")
            try await rule.check(journal)
            try await journal.close()
        }
    }
}
