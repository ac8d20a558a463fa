import GRDB
import RegiopostJournal

/// The register: what the server keeps beside the log, each by itself durable. Who may get in, and a few settings.
enum RegisterSchema {
    /// What `PRAGMA user_version` says of files made by this code. A newer one is refused.
    static let version = 1
    /// `PRAGMA application_id`: the letters RGPR.
    static let applicationID = 0x5247_5052

    static let tables = """
        CREATE TABLE history (epoch TEXT NOT NULL) STRICT;

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
        """

    /// Throws `notJournal` or `newerFormat` where a file was made by something else. Changes nothing.
    static func check(_ database: Database, path: String) throws {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard application == applicationID, found >= 1 else {
            throw JournalError(.notJournal, "\(path) is an SQLite database, but no register of Regiopost.")
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
