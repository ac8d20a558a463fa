import GRDB
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalSQLite

@Suite("A disk that fails") struct FailingDiskTests {
    @Test("a full disk stops the journal, and nothing of the call is there") func full() async throws {
        try await stops(with: .full) { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    @Test("a file that may not be written stops the journal") func readOnly() async throws {
        try await stops(with: .readOnly) { database in
            try database.execute(sql: "PRAGMA query_only = ON")
        }
    }

    @Test("a lock that somebody else holds stops the journal") func locked() async throws {
        try await withJournal { journal, path in
            try await journal.store.write { try $0.execute(sql: "PRAGMA busy_timeout = 10") }
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let holder = try DatabaseQueue(path: path, configuration: configuration)
            try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            await expect(.locked) { try await journal.append([proposal]) }
            try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            await expect(.stopped) { try await journal.append([proposal]) }
            try holder.close()
        }
    }

    @Test("a commit that fails after all was written stops the journal") func commit() async throws {
        try await stops(with: .unexpected) { database in
            // A deferred foreign key that nothing satisfies: every statement succeeds, the commit does not.
            try database.execute(
                sql: """
                    CREATE TABLE absent (key INTEGER PRIMARY KEY);
                    CREATE TABLE wrong (key INTEGER REFERENCES absent (key) DEFERRABLE INITIALLY DEFERRED);
                    CREATE TEMP TRIGGER fails AFTER INSERT ON main.change BEGIN INSERT INTO wrong VALUES (1); END;
                    """)
        }
    }

    /// Writes one change, breaks the disk by `fault`, and checks what has to follow.
    private func stops(
        with code: JournalError.Code, _ fault: @escaping @Sendable (Database) throws -> Void
    ) async throws {
        try await withJournal { journal, path in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let receipts = try await journal.appendAll([first])
            try await journal.store.write { try fault($0) }

            let small = try maker.propose(subject, after: first.id)
            let large = try maker.propose(subject, after: small.id, line: Array(repeating: 1, count: 1 << 20))
            await expect(code) { try await journal.append([small, large]) }

            // From here on nothing is acknowledged, not even what was there before.
            await expect(.stopped) { try await journal.append([first]) }
            await expect(.stopped) { try await journal.append([small]) }
            await expect(.stopped) { try await journal.set("name", to: [1]) }
            let address = try #require(Address("gm0503/griffie"))
            await expect(.stopped) {
                try await journal.enrolment.revoke(address: address, at: Timestamp(milliseconds: 1))
            }
            // Reading goes on.
            #expect(try await journal.digests(in: maker.griffie) == [first.digest])
            #expect(try await journal.receipt(of: small.id) == nil)

            try await journal.close()
            let again = try await SQLiteJournal.open(at: path)
            #expect(try await again.append([first]) == receipts.map { .already($0) })
            #expect(try await again.appendAll([small, large]).map(\.position) == [2, 3])
            try await again.close()
        }
    }

    private func expect<Value>(
        _ code: JournalError.Code, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
    ) async {
        let error = await #expect(throws: JournalError.self, sourceLocation: location) { _ = try await body() }
        #expect(error?.code == code, sourceLocation: location)
    }
}
