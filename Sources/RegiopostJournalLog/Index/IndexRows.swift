import GRDBSQLite
import RegiopostJournal

/// The rows of any statement, as text.
final class IndexRows {
    private let connection: IndexConnection
    private let handle: OpaquePointer

    init(_ connection: IndexConnection, _ handle: OpaquePointer) {
        self.connection = connection
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    /// The next row's columns; `nil` after the last.
    func next() throws(JournalError) -> String? {
        let code = sqlite3_step(handle)
        if code == SQLITE_DONE { return nil }
        guard code == SQLITE_ROW else { throw connection.error(code) }
        var columns: [String] = []
        for column in 0..<sqlite3_column_count(handle) {
            if sqlite3_column_type(handle, column) == SQLITE_BLOB {
                let count = Int(sqlite3_column_bytes(handle, column))
                let bytes = UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, column), count: count)
                columns.append(
                    bytes.map { byte in
                        let digits = String(byte, radix: 16)
                        return digits.utf8.count == 1 ? "0" + digits : digits
                    }.joined())
            } else {
                columns.append(sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "")
            }
        }
        return columns.joined(separator: " ")
    }
}
