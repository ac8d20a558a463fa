import GRDBSQLite
import RegiopostJournal

/// One connection to the index. SQLite's own calls, because GRDB's take longer than the lookups.
///
/// Used by one thread at a time, which whoever hands it on sees to.
final class IndexConnection: @unchecked Sendable {
    /// SQLite's own name for it.
    let handle: OpaquePointer
    private var isOpen = true
    private let path: String
    private var statements: [OpaquePointer?]

    /// Opens the file, and makes it where `writes`.
    init(path: String, writes: Bool) throws(JournalError) {
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE)
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            if let opened { sqlite3_close_v2(opened) }
            throw JournalError(index: code, path, "")
        }
        handle = opened
        self.path = path
        statements = Array(repeating: nil, count: IndexSQL.allCases.count)
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 5_000)
    }

    deinit { close() }

    /// Gives everything back; the connection is of no use afterwards. Whoever wants to remove the file has to wait
    /// for this: the last connection that closes takes SQLite's log away by its name, and it may be another file's
    /// by then.
    func close() {
        guard isOpen else { return }
        isOpen = false
        for statement in statements { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs statements that have no values and whose rows don't matter.
    func execute(_ text: String) throws(JournalError) {
        try check(sqlite3_exec(handle, text, nil, nil, nil))
    }

    /// The first column of the first row, as a number.
    func integer(_ text: String) throws(JournalError) -> Int? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, text, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return nil }
        guard code == SQLITE_ROW else { throw error(code) }
        return Int(sqlite3_column_int64(statement, 0))
    }

    /// The statement, prepared once.
    func statement(_ sql: IndexSQL) throws(JournalError) -> IndexStatement {
        if let known = statements[sql.rawValue] { return IndexStatement(handle: known, connection: self) }
        var made: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let made else { throw error(SQLITE_INTERNAL) }
        statements[sql.rawValue] = made
        return IndexStatement(handle: made, connection: self)
    }

    /// The rows of a statement without values.
    func rows(_ text: String) throws(JournalError) -> IndexRows {
        var made: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, text, -1, &made, nil))
        guard let made else { throw error(SQLITE_INTERNAL) }
        return IndexRows(self, made)
    }

    /// Runs one of the statements that have neither values nor rows.
    func run(_ sql: IndexSQL) throws(JournalError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        _ = try statement.step()
    }

    func check(_ code: Int32) throws(JournalError) {
        if code != SQLITE_OK { throw error(code) }
    }

    func error(_ code: Int32) -> JournalError {
        let cause = sqlite3_errmsg(handle).map { String(cString: $0) } ?? ""
        return JournalError(index: code, path, cause)
    }
}

/// A prepared statement. Values are bound from 1 on, columns counted from 0.
struct IndexStatement {
    fileprivate let handle: OpaquePointer
    fileprivate let connection: IndexConnection

    // SQLITE_STATIC: SQLite reads the bytes where they are; they outlive the step. A macro that Swift does not see.
    private static var inPlace: sqlite3_destructor_type? { nil }

    func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(handle, index, Int64(value)) }

    /// The text has to stay until the statement is reset.
    func bind(_ index: Int32, text: UnsafeBufferPointer<UInt8>) {
        text.withMemoryRebound(to: CChar.self) { text in
            _ = sqlite3_bind_text(handle, index, text.baseAddress, Int32(text.count), Self.inPlace)
        }
    }

    /// The bytes have to stay until the statement is reset.
    func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
        // No address would bind NULL.
        if let start = blob.baseAddress, !blob.isEmpty {
            sqlite3_bind_blob(handle, index, start, Int32(blob.count), Self.inPlace)
        } else {
            sqlite3_bind_zeroblob(handle, index, 0)
        }
    }

    /// Goes to the next row; false where there is none.
    func step() throws(JournalError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw connection.error(code)
    }

    /// Runs a statement that has no rows.
    func run() throws(JournalError) {
        defer { reset() }
        _ = try step()
    }

    func reset() { sqlite3_reset(handle) }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    func text(_ column: Int32) -> String {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The bytes, for as long as the statement stays at this row.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        guard let start = sqlite3_column_blob(handle, column) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}

extension JournalError {
    /// What SQLite answered about the index.
    init(index code: Int32, _ path: String, _ cause: String) {
        switch code & 0xFF {
        case SQLITE_FULL:
            self.init(.full, "There is no room for the index \(path).", cause: cause)
        // SQLITE_IOERR_SHMSIZE, a macro that Swift does not see: a full disk shows first at SQLite's index of its
        // log.
        case SQLITE_IOERR where code == SQLITE_IOERR | 19 << 8:
            self.init(.full, "There is no room for the index \(path).", cause: cause)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(.corrupt, "The index \(path) is damaged.", cause: cause)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(.readOnly, "The index \(path) may not be written.", cause: cause)
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(.locked, "Somebody else holds the index \(path).", cause: cause)
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PROTOCOL:
            self.init(.ioFailed, "The index \(path) can't be read or written.", cause: cause)
        default:
            self.init(.unexpected, "The index \(path) failed in a way that is not known (\(code)).", cause: cause)
        }
    }
}
