import Dispatch
import GRDB
import GRDBSQLite
import RegiopostJournal
import Synchronization

/// One SQLite file: a connection that writes, some that read, and the rule that nothing is written after a failure.
///
/// No caller's thread waits: each connection has a queue of its own, and callers are resumed from there. GRDB's
/// `async` methods are not used, because they interrupt a transaction when the calling task is cancelled.
final class SQLiteStore: Sendable {
    private let writer: DatabaseQueue
    private let readers: DatabasePool
    private let isClosed = Mutex(false)
    /// The log shares it: where one can't be written any more, neither is the other.
    private let failure: FirstFailure

    /// Opens an existing file; blocks.
    init(path: String, failure: FirstFailure) throws {
        self.failure = failure
        writer = try DatabaseQueue(path: path, configuration: Self.writing(path: path))
        var reading = Configuration()
        reading.readonly = true
        reading.maximumReaderCount = 4
        readers = try DatabasePool(path: path, configuration: reading)
    }

    /// How the writing connection is set up. `journalMode` stays at its default: `.wal` would set `synchronous` to
    /// NORMAL after `prepareDatabase`, and a power cut would take what was acknowledged.
    private static func writing(path: String) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        // A rollback that fails must not end the process: the store is stopped by then.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try RegisterSchema.check(database, path: path)
            try makeDurable(database)
        }
        return configuration
    }

    /// Sets what makes a commit survive a power cut.
    static func makeDurable(_ database: Database) throws {
        guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw JournalError(.ioFailed, "SQLite can't keep a write-ahead log at that place.")
        }
        try database.execute(sql: "PRAGMA synchronous = FULL")
        sqlite3_wal_hook(database.sqliteConnection, checkpoint, nil)
    }

    /// Runs `body` in one transaction on the writing connection and commits it durably. Whatever it throws stops the
    /// store: every later write throws `stopped`.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            // Under the lock, so that `close` comes after all that was begun before it.
            isClosed.withLock { isClosed in
                guard !isClosed else { return continuation.resume(returning: .failure(.closed)) }
                writer.asyncWriteWithoutTransaction { database in
                    continuation.resume(returning: self.commit(body, on: database))
                }
            }
        }
        return try result.get()
    }

    private func commit<Value>(
        _ body: (Database) throws -> Value, on database: Database
    ) -> Result<Value, JournalError> {
        if let first = failure.value { return .failure(.stopped(after: first)) }
        do {
            // From the cache: GRDB's own calls prepare these anew each time.
            try SQLStatement("BEGIN IMMEDIATE", in: database).run()
            let value = try body(database)
            try SQLStatement("COMMIT", in: database).run()
            return .success(value)
        } catch {
            // SQLite may have rolled back by itself, which makes this one fail.
            _ = try? SQLStatement("ROLLBACK", in: database).run()
            let error = JournalError(from: error)
            failure.set(error)
            return .failure(error)
        }
    }

    /// Runs `body` on a reading connection, on what was committed when it begins.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            isClosed.withLock { isClosed in
                guard !isClosed else { return continuation.resume(returning: .failure(.closed)) }
                readers.asyncRead { database in
                    let value = Result { try body(database.get()) }
                    continuation.resume(returning: value.mapError { JournalError(from: $0) })
                }
            }
        }
        return try result.get()
    }

    /// Lets what was begun finish, then gives the file back.
    func close() async throws(JournalError) {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        guard !wasClosed else { return }
        try await blocking {
            try self.readers.close()
            try self.writer.close()
        }
    }
}

/// Runs after every commit, in the place of SQLite's own, which forgets a checkpoint that failed. A later one could
/// then succeed although the disk dropped what the failed one wrote, and the log that still had it would be reused.
/// What this answers is what COMMIT answers, so that a failure stops the store.
private func checkpoint(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ pages: Int32
) -> Int32 {
    guard pages >= 1_000 else { return SQLITE_OK }
    let code = sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    // A backup that holds the file: the next commit tries again.
    return code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED ? SQLITE_OK : code
}

/// Runs what blocks on a thread of its own, never on one of the cooperative pool.
func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws(JournalError) -> Value {
    let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(returning: Result { try body() }.mapError { JournalError(from: $0) })
        }
    }
    return try result.get()
}
