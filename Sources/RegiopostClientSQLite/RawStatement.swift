import Foundation
import GRDB
import GRDBSQLite
import RegiopostModel

/// A prepared statement without GRDB's rows and arguments in between, for what is done once for each change.
struct RawStatement {
    private let statement: SQLiteStatement
    private let database: Database

    /// SQLite copies what it is given.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Takes the connection's prepared statement, made the first time.
    init(_ sql: String, _ database: Database) throws {
        statement = try database.cachedStatement(sql: sql).sqliteStatement
        self.database = database
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    // MARK: Giving, by places from 1

    func bind(_ number: Int, at place: Int32) { sqlite3_bind_int64(statement, place, Int64(number)) }
    func bind(_ number: Int64, at place: Int32) { sqlite3_bind_int64(statement, place, number) }

    func bind(_ text: String?, at place: Int32) {
        guard var text else {
            sqlite3_bind_null(statement, place)
            return
        }
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                _ = sqlite3_bind_text(statement, place, characters.baseAddress, Int32(bytes.count), Self.copied)
            }
        }
    }

    func bind(_ bytes: [UInt8], at place: Int32) {
        // An empty array has no address, which would be NULL.
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(statement, place, 0)
            return
        }
        bytes.withUnsafeBytes { buffer in
            _ = sqlite3_bind_blob(statement, place, buffer.baseAddress, Int32(buffer.count), Self.copied)
        }
    }

    func bind(_ id: ChangeID, at place: Int32) { bind(id.bytes, at: place) }

    // MARK: Doing

    /// Goes on to the next row.
    ///
    /// - Returns: whether there is one.
    func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(statement)
            return false
        case let code:
            let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
            sqlite3_reset(statement)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }

    /// Does it once.
    func run() throws { while try step() {} }

    /// What the first row says; `nil` where there is none.
    func first<Value>(_ read: (RawStatement) throws -> Value) throws -> Value? {
        guard try step() else { return nil }
        defer { sqlite3_reset(statement) }
        return try read(self)
    }

    // MARK: Taking, by columns from 0

    func number(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func text(_ column: Int32) -> String? { sqlite3_column_text(statement, column).map { String(cString: $0) } }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    /// Lends the bytes, until the next step.
    func withBytes<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        let start = sqlite3_column_blob(statement, column)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}
