import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// The rows of the replica: each line as it came, and beside it what it is called and about.
enum ReplicaRows {
    /// A table with rowids: rows of a thousand bytes would each get a page of their own in one without.
    static let schema = """
        CREATE TABLE replica (
            mailbox TEXT NOT NULL, position INTEGER NOT NULL, received INTEGER NOT NULL, id BLOB NOT NULL,
            line BLOB NOT NULL, subject TEXT NOT NULL, files INTEGER NOT NULL, receipt TEXT,
            UNIQUE (mailbox, position));
        CREATE INDEX replica_id ON replica (id);
        CREATE INDEX replica_subject ON replica (mailbox, subject);
        CREATE INDEX replica_files ON replica (mailbox, position) WHERE files > 0;
        """

    /// An id is looked for in one mailbox. With an index on the id alone SQLite, which doesn't know how many rows a mailbox has,
    /// went through all of them instead.
    static let index = "DROP INDEX replica_id; CREATE INDEX replica_id ON replica (id, mailbox)"

    /// Brings the rows of an earlier version here, in their order. O(entries).
    static let move = """
        ALTER TABLE replica RENAME TO earlier;
        DROP INDEX replica_id; DROP INDEX replica_subject; DROP INDEX replica_files;
        \(schema)
        INSERT INTO replica (mailbox, position, received, id, line, subject, files, receipt)
        SELECT mailbox, position, received, id, line, subject, files, receipt FROM earlier
        ORDER BY mailbox, position;
        DROP TABLE earlier;
        """

    /// Stores lines of a mailbox, and lets what came back leave the outbox. Costs by the lines.
    static func insert(_ entries: [ReplicaEntry], _ mailbox: ReplicaMailbox, _ database: Database) throws {
        guard let first = entries.first else { return }
        if mailbox == .own { try Derived.rewind(before: first.position, database) }
        let queued = try queued(database)
        let row = try RawStatement(insertion, database)
        for entry in entries {
            // A line that this version can't read is kept for one that can; nothing of ours is in it.
            let names = ChangeNames(line: entry.line)
            let id = names?.id.bytes ?? []
            row.bind(mailbox.rawValue, at: 1)
            row.bind(entry.position, at: 2)
            row.bind(entry.receivedAt.milliseconds, at: 3)
            row.bind(id, at: 4)
            row.bind(entry.line, at: 5)
            row.bind(names?.subject ?? "", at: 6)
            row.bind(names?.files ?? 0, at: 7)
            row.bind(entry.receipt, at: 8)
            try row.run()
            guard queued.contains(id) else { continue }
            // Another line with its id is for the server to refuse, not for us to lose.
            try database.cachedStatement(sql: "DELETE FROM outbox WHERE id = ? AND line = ? AND state <> 'refused'")
                .execute(arguments: [Data(id), Data(entry.line)])
        }
    }

    private static let insertion = """
        INSERT INTO replica (mailbox, position, received, id, line, subject, files, receipt)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (mailbox, position)
        DO UPDATE SET received = excluded.received, id = excluded.id, line = excluded.line,
            subject = excluded.subject, files = excluded.files, receipt = excluded.receipt
        """

    /// What may leave the outbox.
    private static func queued(_ database: Database) throws -> Set<[UInt8]> {
        let rows = try RawStatement("SELECT id FROM outbox WHERE state <> 'refused'", database)
        var ids: Set<[UInt8]> = []
        while try rows.step() { ids.insert(rows.bytes(0)) }
        return ids
    }

    /// The position of the last row of a mailbox that isn't left behind; 0 where there is none.
    static func end(of mailbox: ReplicaMailbox, _ database: Database) throws -> Int {
        let row = try RawStatement(
            "SELECT max(position) FROM replica WHERE mailbox = ? AND position < ?", database)
        row.bind(mailbox.rawValue, at: 1)
        row.bind(LeftBehind.beginning, at: 2)
        return try row.first { $0.number(0) } ?? 0
    }
}
