import GRDB
import RegiopostClient

/// What follows from the rows of the own mailbox and is kept so that it needn't be made for each command. It isn't made
/// where a page is stored, but behind it: by the sync where little came, else by who first looks at it. How far it has come
/// is kept with it, in the same transaction, so that it is never behind unnoticed.
enum Derived: String, CaseIterable {
    /// The words of each change.
    case search
    /// What the list of letters shows of each.
    case letters

    static let schema = """
        CREATE TABLE derived (name TEXT PRIMARY KEY, position INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
        """

    /// The position up to which it has come, if it was made by this version of what makes it.
    func position(version: Int, _ database: Database) throws -> Int? {
        let row = try RawStatement("SELECT position FROM derived WHERE name = ? AND version = ?", database)
        row.bind(rawValue, at: 1)
        row.bind(version, at: 2)
        return try row.first { $0.number(0) }
    }

    /// Notes how far it has come.
    func reach(_ position: Int, version: Int, _ database: Database) throws {
        let row = try RawStatement(
            "INSERT OR REPLACE INTO derived (name, position, version) VALUES (?, ?, ?)", database)
        row.bind(rawValue, at: 1)
        row.bind(position, at: 2)
        row.bind(version, at: 3)
        try row.run()
    }

    /// Has it made anew from nothing.
    func forget(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM derived WHERE name = ?", arguments: [rawValue])
    }

    /// Rows are stored from a position on. Where there were others, what was made of them has to be made anew.
    static func rewind(before position: Int, _ database: Database) throws {
        for one in allCases {
            let row = try RawStatement("SELECT 1 FROM derived WHERE name = ? AND position >= ?", database)
            row.bind(one.rawValue, at: 1)
            row.bind(position, at: 2)
            if try row.first({ _ in true }) != nil { try one.forget(database) }
        }
    }
}
