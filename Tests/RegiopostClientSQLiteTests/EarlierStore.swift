import GRDB

/// Makes a store what an earlier version left: its tables as that version had them, with all that is in them.
enum EarlierStore {
    /// Turns the file at a path, which nobody has open, into one of a version from 2 to 5.
    static func make(at path: String, version: Int) throws {
        let file = try DatabaseQueue(path: path)
        try file.write { database in
            for trigger in ["outbox_left", "replica_left", "replica_replaced"] {
                try database.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try database.execute(sql: "DROP TABLE derived; DROP TABLE letter; DROP TABLE joint")
            try database.execute(sql: "ALTER TABLE replica RENAME TO later")
            try database.execute(sql: "DROP INDEX replica_id; DROP INDEX replica_subject; DROP INDEX replica_files")
            try database.execute(sql: replica)
            var columns = "mailbox, position, received, id, line"
            if version >= 4 {
                try database.execute(sql: about)
                columns += ", subject, files"
            }
            if version >= 5 {
                try database.execute(sql: "ALTER TABLE replica ADD COLUMN receipt TEXT")
                columns += ", receipt"
            }
            try database.execute(
                sql: "INSERT INTO replica (\(columns)) SELECT \(columns) FROM later; DROP TABLE later")
            if version >= 3 {
                try database.execute(sql: triggers)
            } else {
                try database.execute(sql: "DROP TABLE search; DROP TABLE searchable")
            }
            try database.execute(sql: "PRAGMA user_version = \(version)")
        }
        try file.close()
    }

    private static let replica = """
        CREATE TABLE replica (
            mailbox TEXT NOT NULL, position INTEGER NOT NULL, received INTEGER NOT NULL, id BLOB NOT NULL,
            line BLOB NOT NULL, PRIMARY KEY (mailbox, position)) WITHOUT ROWID;
        CREATE INDEX replica_id ON replica (id);
        """

    private static let about = """
        ALTER TABLE replica ADD COLUMN subject TEXT NOT NULL DEFAULT '';
        ALTER TABLE replica ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX replica_subject ON replica (mailbox, subject);
        CREATE INDEX replica_files ON replica (mailbox, position) WHERE files > 0;
        """

    private static let triggers = """
        CREATE TRIGGER outbox_left AFTER DELETE ON outbox
            WHEN NOT EXISTS (SELECT 1 FROM replica WHERE id = OLD.id AND mailbox = 'own')
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        CREATE TRIGGER replica_left AFTER DELETE ON replica WHEN OLD.mailbox = 'own'
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        CREATE TRIGGER replica_replaced AFTER UPDATE OF id ON replica WHEN OLD.mailbox = 'own' AND OLD.id <> NEW.id
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        """
}
