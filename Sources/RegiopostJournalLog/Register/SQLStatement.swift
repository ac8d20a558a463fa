import GRDB
import GRDBSQLite
import RegiopostJournal
import RegiopostModel

/// A value that goes into a statement as it is.
protocol SQLBindable {
    /// Binds the value to a parameter, counted from 1; SQLite's result code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// A prepared statement, bound and stepped by SQLite's own calls: GRDB's rows and value wrappers would cost more than
/// the statement. GRDB keeps the connection, its thread and the cache of statements.
struct SQLStatement {
    // Kept, because the handle lives as long as this.
    private let statement: Statement
    private let handle: OpaquePointer

    /// Takes the statement from the connection's cache, or prepares it.
    init(_ sql: RegisterSQL, in database: Database) throws {
        try self.init(sql.rawValue, in: database)
    }

    /// Takes the statement of that text from the connection's cache, or prepares it.
    init(_ text: String, in database: Database) throws {
        statement = try database.cachedStatement(sql: text)
        handle = statement.sqliteStatement
    }

    /// Runs a statement that has no rows, with these values; how many rows of a table it changed.
    @discardableResult
    func run<each Value: SQLBindable>(_ values: repeat each Value) throws -> Int {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        _ = try step()
        return Int(sqlite3_changes(sqlite3_db_handle(handle)))
    }

    /// Inserts a row with these values; the key it got.
    func insert<each Value: SQLBindable>(_ values: repeat each Value) throws -> Int {
        try run(repeat each values)
        return Int(sqlite3_last_insert_rowid(sqlite3_db_handle(handle)))
    }

    /// The first row, read by `read`, or `nil`.
    func first<each Value: SQLBindable, Row>(
        _ values: repeat each Value, read: (SQLRow) throws -> Row
    ) throws -> Row? {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        return try step() ? read(SQLRow(handle: handle)) : nil
    }

    /// The rows in order, read by `read`, up to the first it answers `nil` to.
    func rows<each Value: SQLBindable, Row>(
        _ values: repeat each Value, read: (SQLRow) throws -> Row?
    ) throws -> [Row] {
        defer { sqlite3_reset(handle) }
        try bind(repeat each values)
        var rows: [Row] = []
        while try step(), let row = try read(SQLRow(handle: handle)) { rows.append(row) }
        return rows
    }

    private func bind<each Value: SQLBindable>(_ values: repeat each Value) throws {
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            try check(value.bind(to: handle, at: index))
        }
    }

    /// Whether there is a row.
    private func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        try check(code)
        return false
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}

/// The row a statement stands at. Columns are counted from 0.
struct SQLRow {
    fileprivate let handle: OpaquePointer

    /// Whether the column holds no value.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// A whole number.
    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    /// Bytes, copied.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: byteCount(column)))
    }

    /// How many bytes there are, without reading them.
    func byteCount(_ column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }

    /// Text.
    func text(_ column: Int32) -> String {
        sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
    }

    /// A moment.
    func timestamp(_ column: Int32) -> Timestamp { Timestamp(milliseconds: sqlite3_column_int64(handle, column)) }

    /// A digest; throws `corrupt` where it is none.
    func digest(_ column: Int32) throws(JournalError) -> Digest { try sound(Digest(bytes: bytes(column))) }

    /// A change's id; throws `corrupt` where it is none.
    func changeID(_ column: Int32) throws(JournalError) -> ChangeID { try sound(ChangeID(bytes: bytes(column))) }

    /// A mailbox's name; throws `corrupt` where it is none.
    func mailbox(_ column: Int32) throws(JournalError) -> Mailbox { try sound(Mailbox(text(column))) }

    /// A subject's name; throws `corrupt` where it is none.
    func subject(_ column: Int32) throws(JournalError) -> SubjectID { try sound(SubjectID(text(column))) }

    /// An address; throws `corrupt` where it is none.
    func address(_ column: Int32) throws(JournalError) -> Address { try sound(Address(text(column))) }

    private func sound<Value>(_ value: Value?) throws(JournalError) -> Value {
        guard let value else {
            throw JournalError(.corrupt, "The journal holds a value that nobody wrote there.")
        }
        return value
    }
}
