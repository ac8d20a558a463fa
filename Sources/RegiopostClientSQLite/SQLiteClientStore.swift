import Foundation
import GRDB
import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// A profile's replica and outbox in one SQLite file. Every write is synced to disk before its method returns, but
/// for a note that can be made again (`noteFilesHere`), and several processes of the same user may have it open at once.
public final class SQLiteClientStore: ClientStore {
    private static let version = 8
    private let queue: DatabaseQueue

    /// Opens the file, making it where there is none.
    ///
    /// - Throws: `store-failed`, `disk-full`, `store-corrupt` or `store-newer`, with the path.
    public init(path: String) throws(ClientError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(20)
        configuration.prepareDatabase { database in
            // Set here and not by GRDB's journalMode, which would lower synchronous to NORMAL afterwards.
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                    PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000
                    """)
        }
        try StoreFile.keepPrivate(path)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in try Self.prepare(database, path: path) }
        } catch let error as ClientError {
            throw error
        } catch {
            throw Self.translate(error, path: path)
        }
    }

    private static func prepare(_ database: Database, path: String) throws {
        // Whoever only reads shouldn't have to wait for whoever writes.
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") != version else { return }
        try database.inTransaction(.immediate) {
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found <= version else { throw ClientError(.storeNewer, ["path": path]) }
            if found == 0 {
                try database.execute(sql: Self.schema)
            }
            if found < 2 {
                try database.execute(sql: Self.keySchema)
            }
            if found < 3 {
                try database.execute(sql: SearchIndex.schema)
                try SearchIndex.fill(database)
            } else if found < 6 {
                try database.execute(
                    sql: "DROP TRIGGER outbox_left; DROP TRIGGER replica_left; DROP TRIGGER replica_replaced")
            }
            if found < 4 {
                try database.execute(sql: ReplicaIndex.schema)
                try ReplicaIndex.fill(database)
            }
            if found < 5 {
                try database.execute(sql: Self.receiptSchema)
            }
            if found < 6 {
                try database.execute(sql: ReplicaRows.move)
                try database.execute(sql: SearchIndex.triggers)
                try database.execute(sql: Derived.schema)
                if found >= 3 { try SearchIndex.isComplete(database) }
            }
            if found < 7 {
                try database.execute(sql: LetterTable.schema)
            }
            if found < 8 {
                try database.execute(sql: ReplicaRows.index)
                try database.execute(sql: "PRAGMA user_version = \(version)")
            }
            return .commit
        }
    }

    private static let schema = """
        CREATE TABLE replica (
            mailbox TEXT NOT NULL, position INTEGER NOT NULL, received INTEGER NOT NULL, id BLOB NOT NULL,
            line BLOB NOT NULL, PRIMARY KEY (mailbox, position)) WITHOUT ROWID;
        CREATE INDEX replica_id ON replica (id);
        CREATE TABLE cursor (mailbox TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, line BLOB NOT NULL, key TEXT,
            state TEXT NOT NULL, tried INTEGER NOT NULL DEFAULT 0, position INTEGER, received INTEGER, code TEXT, details BLOB);
        """

    /// Which change a script's key stands for: more than its digest says, because a change written anew has another id.
    private static let keySchema = """
        CREATE TABLE key (name TEXT PRIMARY KEY, id BLOB NOT NULL) WITHOUT ROWID;
        INSERT OR REPLACE INTO key SELECT key, id FROM outbox WHERE key IS NOT NULL ORDER BY number;
        """

    /// What the server wants to see with a line should it lose it. What came before it gave any has none.
    private static let receiptSchema = "ALTER TABLE replica ADD COLUMN receipt TEXT;"

    // MARK: Outbox

    /// Puts a change in the outbox, behind all others, unless one of its id is there.
    @discardableResult public func enqueue(
        _ change: Change, line: [UInt8], key: String?
    ) async throws(ClientError) -> Bool {
        try await write { database in try Self.insert(change, line, key, database) }
    }

    static func insert(
        _ change: Change, _ line: [UInt8], _ key: String?, _ database: Database
    ) throws -> Bool {
        let id = Data(change.id.bytes)
        try database.execute(
            sql: "INSERT INTO outbox (id, line, key, state) VALUES (?, ?, ?, 'queued') ON CONFLICT (id) DO NOTHING",
            arguments: [id, Data(line), key])
        guard database.changesCount == 1 else { return false }
        if try !isInReplica(change.id, database) { try SearchIndex.add(change, receivedAt: nil, database) }
        if let key {
            try database.execute(sql: "INSERT OR REPLACE INTO key (name, id) VALUES (?, ?)", arguments: [key, id])
        }
        return true
    }

    /// Everything in the outbox, in order. O(items).
    public func outbox() async throws(ClientError) -> [OutboxItem] {
        try await read { database in try Self.outbox(database) }
    }

    static func outbox(_ database: Database) throws -> [OutboxItem] {
        try Row.fetchAll(database, sql: "SELECT * FROM outbox ORDER BY number").map { row in
            let line = [UInt8](row["line"] as Data)
            return OutboxItem(
                change: try Self.change(line), line: line, key: row["key"], state: try Self.state(row),
                isTried: row["tried"])
        }
    }

    /// Everything there is, as it was at one moment. O(entries).
    public func snapshot() async throws(ClientError) -> StoreSnapshot {
        try await read { database in
            var keys: [String: ChangeID] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT name, id FROM key") {
                keys[row["name"]] = ChangeID(bytes: [UInt8](row["id"] as Data))
            }
            return StoreSnapshot(
                directory: try Self.entries(of: .directory, database), own: try Self.entries(of: .own, database),
                outbox: try Self.outbox(database), keys: keys)
        }
    }

    /// Notes that items are about to leave this machine.
    @discardableResult public func noteTried(_ ids: [ChangeID]) async throws(ClientError) -> Set<ChangeID> {
        guard !ids.isEmpty else { return [] }
        return try await write { database in
            var noted: Set<ChangeID> = []
            for id in ids {
                try database.execute(
                    sql: "UPDATE outbox SET tried = 1 WHERE id = ? AND state = 'queued'",
                    arguments: [Data(id.bytes)])
                if database.changesCount == 1 { noted.insert(id) }
            }
            return noted
        }
    }

    /// Notes what became of an item.
    public func settle(_ id: ChangeID, as state: OutboxItem.State) async throws(ClientError) {
        try await write { database in
            let key = Data(id.bytes)
            switch state {
            case .queued:
                try database.execute(
                    sql: """
                        UPDATE outbox SET state = 'queued', code = NULL, details = NULL
                        WHERE id = ? AND state = 'refused'
                        """, arguments: [key])
            case .accepted(let position, let receivedAt):
                try database.execute(
                    sql: """
                        UPDATE outbox SET state = 'accepted', position = ?, received = ?, code = NULL, details = NULL
                        WHERE id = ?
                        """, arguments: [position, receivedAt.milliseconds, key])
                // It may have come back while the answer was on its way.
                try database.execute(
                    sql: "DELETE FROM outbox WHERE id = ? AND EXISTS (SELECT 1 FROM replica WHERE id = ?)",
                    arguments: [key, key])
            case .refused(let refusal):
                let details = JSONValue.object(
                    refusal.details.sorted { $0.key < $1.key }.map { name, value in
                        JSONMember(name, .string(value))
                    })
                try database.execute(
                    sql: "UPDATE outbox SET state = 'refused', code = ?, details = ? WHERE id = ?",
                    arguments: [refusal.code.rawValue, Data(details.encoded()), key])
            }
        }
    }

    /// Takes an item out if that is still safe.
    public func giveUp(_ id: ChangeID) async throws(ClientError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    DELETE FROM outbox
                    WHERE id = ? AND (state = 'refused' OR (state = 'queued' AND tried = 0))
                    """, arguments: [Data(id.bytes)])
            return database.changesCount == 1
        }
    }

    /// Puts new items in the place of old ones, all or none.
    public func replace(
        _ old: [OutboxItem], with new: [(change: Change, line: [UInt8], key: String?)]
    ) async throws(ClientError) -> Bool {
        do {
            try await queue.write { database in
                for item in old {
                    try database.execute(
                        sql: "DELETE FROM outbox WHERE id = ? AND state = ? AND tried = ?",
                        arguments: [Data(item.change.id.bytes), Self.name(of: item.state), item.isTried])
                    guard database.changesCount == 1 else { throw Moved() }
                }
                for item in new {
                    guard try Self.insert(item.change, item.line, item.key, database) else { throw Moved() }
                }
            }
            return true
        } catch is Moved {
            return false
        } catch {
            throw Self.translate(error, path: queue.path)
        }
    }

    /// The outbox isn't as it was seen: takes the transaction back.
    private struct Moved: Error {}

    /// Queues again what was accepted and hasn't come back.
    public func offerAgain() async throws(ClientError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE outbox SET state = 'queued', position = NULL, received = NULL WHERE state = 'accepted'"
            )
        }
    }

    /// Takes out what was refused because the same had been asked under its id before. Costs by the outbox: `CROSS JOIN` has
    /// SQLite go through that, and not through the replica.
    public func settleRepeats() async throws(ClientError) -> [ChangeID] {
        try await write { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT outbox.id AS id, outbox.line AS line, replica.line AS known FROM outbox
                    CROSS JOIN replica ON replica.id = outbox.id AND replica.mailbox = ?
                    WHERE outbox.state = 'refused' AND outbox.code = ?
                    """, arguments: [ReplicaMailbox.own.rawValue, RefusalCode.idTaken.rawValue])
            var settled: [ChangeID] = []
            for row in rows {
                let change = try Self.change([UInt8](row["line"] as Data))
                guard let known = try? Change(line: [UInt8](row["known"] as Data)), change.asks(theSameAs: known)
                else { continue }
                try database.execute(sql: "DELETE FROM outbox WHERE id = ?", arguments: [row["id"] as Data])
                settled.append(change.id)
            }
            return settled
        }
    }

    // MARK: Replica

    /// Where the copy of a mailbox ends; `0` for the beginning.
    public func cursor(of mailbox: ReplicaMailbox) async throws(ClientError) -> String {
        try await read { database in try Self.cursor(of: mailbox, database) }
    }

    /// Stores lines and cursor in one transaction, where they follow what is stored. Costs by the lines.
    public func store(_ page: ReplicaPage, of mailbox: ReplicaMailbox) async throws(ClientError) -> Bool {
        try await write { database in
            if try page.replaces == Self.cursor(of: mailbox, database) {
                if page.isFirst { try LeftBehind.setAside(mailbox, database) }
                try ReplicaRows.insert(page.entries, mailbox, database)
                try LeftBehind.leave(page.entries, mailbox, database)
                try Self.setCursor(page.cursor, of: mailbox, database)
                return true
            }
            // Another process was here in between. What it stored stays; only what follows it is new.
            let end = try ReplicaRows.end(of: mailbox, database)
            let new = page.entries.filter { $0.position > end }
            guard let first = new.first else { return !page.isFirst }
            guard first.position == end + 1, !page.isFirst else { return false }
            try ReplicaRows.insert(new, mailbox, database)
            try LeftBehind.leave(new, mailbox, database)
            try Self.setCursor(page.cursor, of: mailbox, database)
            return true
        }
    }

    private static func cursor(of mailbox: ReplicaMailbox, _ database: Database) throws -> String {
        try String.fetchOne(
            database, sql: "SELECT value FROM cursor WHERE mailbox = ?", arguments: [mailbox.rawValue]) ?? "0"
    }

    private static func setCursor(_ cursor: String, of mailbox: ReplicaMailbox, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO cursor (mailbox, value) VALUES (?, ?)",
            arguments: [mailbox.rawValue, cursor])
    }

    /// Takes in, for searches and for the list of letters, what came since the last time, as far as a sync may wait for it.
    public func catchUp() async throws(ClientError) {
        let isBehind = try await read { database in
            try SearchIndex.isBehind(database) || LetterTable.isBehind(database)
        }
        guard isBehind else { return }
        try await write { database in
            try SearchIndex.catchUp(atMost: 1_000, database)
            try LetterTable.catchUp(atMost: 5_000, database)
        }
    }

    // MARK: Transactions and errors

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ClientError) -> Value {
        do {
            return try await queue.read(body)
        } catch {
            throw Self.translate(error, path: queue.path)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(ClientError) -> Value {
        do {
            return try await queue.write(body)
        } catch {
            throw Self.translate(error, path: queue.path)
        }
    }

    /// Writes what may be lost with a power cut, whole and in its order among the other writes.
    func writeUnsynced(_ body: @escaping @Sendable (Database) throws -> Void) async throws(ClientError) {
        do {
            try await queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                let result = Result {
                    try database.inTransaction(.immediate) {
                        try body(database)
                        return .commit
                    }
                }
                // Whatever came of it: everything else is synced.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try result.get()
            }
        } catch {
            throw Self.translate(error, path: queue.path)
        }
    }

    private static func translate(_ error: any Error, path: String) -> ClientError {
        if let error = error as? ClientError { return error }
        guard let failure = error as? DatabaseError else {
            return ClientError(.storeFailed, ["path": path, "reason": String(describing: error)])
        }
        let code: ClientError.Code =
            switch failure.resultCode {
            case .SQLITE_FULL: .diskFull
            // SQLite's index of the log is made anew at each opening: what it needs first on a full disk.
            case .SQLITE_IOERR where failure.extendedResultCode == .SQLITE_IOERR_SHMSIZE: .diskFull
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .storeCorrupt
            default: .storeFailed
            }
        return ClientError(code, ["path": path, "reason": failure.message ?? failure.resultCode.description])
    }
}
