import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// What each row of the replica is about, kept beside its line, so that a part of it is found without reading the rest.
enum ReplicaIndex {
    /// What files of version 3 lacked.
    static let schema = """
        ALTER TABLE replica ADD COLUMN subject TEXT NOT NULL DEFAULT '';
        ALTER TABLE replica ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX replica_subject ON replica (mailbox, subject);
        CREATE INDEX replica_files ON replica (mailbox, position) WHERE files > 0;
        """

    /// How many rows are looked at together while an older file is brought up to date.
    private static let portion = 1_000

    /// Says of everything that was stored before what it is about. O(entries).
    static func fill(_ database: Database) throws {
        for mailbox in ReplicaMailbox.allCases {
            var done = -1
            while true {
                let rows = try Row.fetchAll(
                    database,
                    sql:
                        "SELECT position, line FROM replica WHERE mailbox = ? AND position > ? ORDER BY position LIMIT ?",
                    arguments: [mailbox.rawValue, done, portion])
                guard let last = rows.last else { break }
                for row in rows {
                    guard let change = try? Change(line: [UInt8](row["line"] as Data)) else { continue }
                    try database.execute(
                        sql: "UPDATE replica SET subject = ?, files = ? WHERE mailbox = ? AND position = ?",
                        arguments: [
                            change.subject.text, change.body.files.count, mailbox.rawValue, row["position"] as Int,
                        ])
                }
                done = last["position"]
            }
        }
    }

    /// The rows of the own mailbox that belong to a part, in order.
    ///
    /// - Parameter outbox: what the part may be about.
    static func entries(
        of part: ReplicaPart, outbox: [OutboxItem], _ database: Database
    ) throws -> [ReplicaEntry] {
        // A subject's kind is followed by a slash, and a slash by 0 in ASCII.
        func kind(_ name: String) -> (sql: String, arguments: StatementArguments) {
            ("subject >= ? AND subject < ?", [name + "/", name + "0"])
        }
        var wanted = ["organisation", "region", "mandate"].map(kind)
        switch part {
        case .kinds(let names): wanted += names.map(kind)
        case .about(let subjects):
            let all = Set((outbox.map(\.change.subject) + subjects).flatMap(\.namesWithLetter))
            wanted += all.sorted().map { ("subject = ?", [$0]) }
        }
        return try wanted.flatMap { sql, arguments in
            try entries(by: "replica_subject", where: sql, arguments, database)
        }.sorted { $0.position < $1.position }
    }

    /// The rows of the own mailbox that cite files which weren't all seen here, in order. Of what an earlier history left behind,
    /// the server has no files.
    static func lackingFiles(_ database: Database) throws -> [ReplicaEntry] {
        try entries(
            by: "replica_files", where: "files > 0 AND position < ?", [LeftBehind.beginning], database
        ).sorted { $0.position < $1.position }
    }

    private static func entries(
        by index: String, where sql: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [ReplicaEntry] {
        let statement = try database.cachedStatement(sql: query(by: index, where: sql))
        return try Row.fetchAll(statement, arguments: arguments).map(SQLiteClientStore.entry)
    }

    /// The index is named because SQLite, which doesn't know how many rows a mailbox has, would read all of them.
    static func query(by index: String, where sql: String) -> String {
        "SELECT position, received, line, receipt FROM replica INDEXED BY \(index) WHERE mailbox = 'own' AND " + sql
    }
}

extension SQLiteClientStore {
    /// A part of what there is, as it was at one moment. Costs by the part.
    public func snapshot(of part: ReplicaPart) async throws(ClientError) -> StoreSnapshot {
        try await read { database in
            let outbox = try Self.outbox(database)
            return StoreSnapshot(
                directory: try Self.entries(of: .directory, database),
                own: try ReplicaIndex.entries(of: part, outbox: outbox, database), outbox: outbox)
        }
    }

    /// The lines of the own mailbox that cite files which weren't all seen here, in order. Costs by these.
    public func entriesLackingFiles() async throws(ClientError) -> [ReplicaEntry] {
        try await read(ReplicaIndex.lackingFiles)
    }

    /// Notes that all files which these changes cite were seen here: how many they are becomes negative. Costs by the changes. The
    /// disk isn't waited for: what a power cut takes of it is seen again.
    public func noteFilesHere(_ ids: [ChangeID]) async throws(ClientError) {
        guard !ids.isEmpty else { return }
        try await writeUnsynced { database in
            let row = try RawStatement(
                "UPDATE replica SET files = -files WHERE id = ? AND mailbox = 'own' AND +files > 0", database)
            for id in ids {
                row.bind(id.bytes, at: 1)
                try row.run()
            }
        }
    }

    /// The copy of a mailbox in order. O(entries).
    public func entries(of mailbox: ReplicaMailbox) async throws(ClientError) -> [ReplicaEntry] {
        try await read { database in try Self.entries(of: mailbox, database) }
    }

    static func entries(of mailbox: ReplicaMailbox, _ database: Database) throws -> [ReplicaEntry] {
        try Row.fetchAll(
            database,
            sql: "SELECT position, received, line, receipt FROM replica WHERE mailbox = ? ORDER BY position",
            arguments: [mailbox.rawValue]
        ).map(entry)
    }

    static func entry(_ row: Row) -> ReplicaEntry {
        ReplicaEntry(
            position: row["position"], receivedAt: Timestamp(milliseconds: row["received"]),
            line: [UInt8](row["line"] as Data), receipt: row["receipt"])
    }
}
