import Foundation
import GRDB
import RegiopostJournal
import RegiopostModel

/// The tables, and how a file is known to hold them.
///
/// `change` is the record: nothing there is ever updated or deleted. All the others but `setting`, `invitation` and
/// `certificate` are an index that the lines in order would give again.
enum Schema {
    /// What `PRAGMA user_version` says of files made by this code. A newer one is refused.
    static let version = 2
    /// `PRAGMA application_id`: the letters RGPJ.
    static let applicationID = 0x5247_504A

    static let tables = """
        CREATE TABLE history (epoch TEXT NOT NULL) STRICT;
        CREATE TABLE mailbox (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

        -- The line comes last, so that reading the rest of a long record touches none of its overflow pages.
        -- Subjects stand there by name: a table of keys would cost a new subject two more pages to write.
        CREATE TABLE change (
            sequence INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            digest BLOB NOT NULL,
            subject TEXT NOT NULL,
            number INTEGER NOT NULL, -- 1, 2, 3 … in the subject
            author INTEGER NOT NULL,
            position INTEGER NOT NULL, -- in the author's mailbox, 0 outside the audience
            received_at INTEGER NOT NULL, -- milliseconds since 1970
            line BLOB NOT NULL,
            UNIQUE (subject, number)
        ) STRICT;

        -- Written only when an audience changes: who is in it holds everything.
        CREATE TABLE audience (
            subject TEXT NOT NULL,
            mailbox INTEGER NOT NULL,
            held INTEGER, -- how many of the subject's changes a mailbox that left holds; NULL in the audience
            PRIMARY KEY (subject, mailbox)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE delivery (
            mailbox INTEGER NOT NULL,
            position INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (mailbox, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE invitation (
            secret_digest BLOB PRIMARY KEY,
            address TEXT NOT NULL,
            expires INTEGER NOT NULL,
            key BLOB, -- these three are NULL until it is used
            serial TEXT,
            certificate BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX invitation_address ON invitation (address);

        CREATE TABLE certificate (
            serial TEXT PRIMARY KEY,
            address TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX certificate_address ON certificate (address);
        """ + citations

    /// Which subjects have a change that cites a file: since version 2.
    private static let citations = """

        CREATE TABLE citation (
            file BLOB NOT NULL, -- the SHA-256 of its bytes
            subject TEXT NOT NULL,
            PRIMARY KEY (file, subject)
        ) STRICT, WITHOUT ROWID;
        """

    /// Brings a file of an earlier version up to this one, in one transaction; its index comes from the lines.
    static func upgrade(_ database: Database) throws {
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 1 else { return }
        try database.inTransaction(.immediate) {
            // Another connection may have come first.
            guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 1 else { return .commit }
            try database.execute(sql: citations)
            // A server that knew no files took changes that name some, as members that nobody knows.
            let lines = try Row.fetchCursor(
                database, sql: "SELECT subject, line FROM change WHERE instr(line, CAST('\"sha256\"' AS BLOB)) > 0")
            let cite = try database.makeStatement(
                sql: "INSERT OR IGNORE INTO citation (file, subject) VALUES (?, ?)")
            while let row = try lines.next() {
                let files = (try? Change(line: [UInt8](row["line"] as Data)))?.body.files ?? []
                for file in files {
                    try cite.execute(arguments: [Data(file.digest.bytes), row["subject"] as String])
                }
            }
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// Throws `notJournal` or `newerFormat` where a file was made by something else. Changes nothing.
    static func check(_ database: Database, path: String) throws {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard application == applicationID, found >= 1 else {
            throw JournalError(.notJournal, "\(path) is an SQLite database, but no journal of Regiopost.")
        }
        guard found <= version else {
            throw JournalError(
                .newerFormat,
                "\(path) has format \(found), and this Regiopost knows formats up to \(version); use a newer one.")
        }
    }

    /// Makes the tables in an empty database.
    static func create(in database: Database, epoch: String) throws {
        try database.execute(sql: tables)
        try database.execute(sql: "INSERT INTO history (epoch) VALUES (?)", arguments: [epoch])
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }
}
