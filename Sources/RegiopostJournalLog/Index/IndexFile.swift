import Glibc
import RegiopostJournal

/// The index's file: how it is opened, and thrown away where it is of no use.
struct IndexFile: Sendable {
    let path: String

    /// An index that was opened.
    struct Opened {
        let connection: IndexConnection
        /// `nil` where it is empty.
        let covered: LogOpening.Covered?
        /// Why the one that was there had to be thrown away.
        let reason: String?
    }

    /// Opens the index for the one who writes it. What is no index of this form is thrown away: it follows from the
    /// log.
    func open() throws(JournalError) -> Opened {
        let isThere = access(path, F_OK) == 0
        guard isThere else { return try begin(because: nil) }
        do throws(JournalError) {
            let connection = try connect()
            do throws(JournalError) {
                guard try connection.integer("PRAGMA application_id") == IndexSchema.applicationID,
                    try connection.integer("PRAGMA user_version") == IndexSchema.version
                else {
                    connection.close()
                    return try begin(because: "it has another form")
                }
                return Opened(connection: connection, covered: try connection.covered(), reason: nil)
            } catch {
                connection.close()
                throw error
            }
        } catch {
            guard error.code == .corrupt || error.code == .unexpected else { throw error }
            return try begin(because: "it is damaged")
        }
    }

    /// Throws away what is there and begins with nothing.
    func begin(because reason: String?) throws(JournalError) -> Opened {
        remove()
        // Made before SQLite opens it, so that nobody else could ever read it; its log gets the same rights.
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(system: errno, "make", path) }
        close(descriptor)
        let connection = try connect()
        try connection.execute("BEGIN IMMEDIATE")
        try connection.execute(IndexSchema.tables)
        try connection.execute("PRAGMA application_id = \(IndexSchema.applicationID)")
        try connection.execute("PRAGMA user_version = \(IndexSchema.version)")
        try connection.execute("COMMIT")
        return Opened(connection: connection, covered: nil, reason: reason)
    }

    /// Takes the files away. Whoever has them open keeps them.
    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    /// A power cut may take the last transactions, but leaves a sound index, which the log completes.
    private func connect() throws(JournalError) -> IndexConnection {
        let connection = try IndexConnection(path: path, writes: true)
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = NORMAL")
        // In pages of 4 KiB: larger checkpoints write pages that change often less often.
        try connection.execute("PRAGMA wal_autocheckpoint = 4000")
        try connection.execute("PRAGMA cache_size = -4000")
        return connection
    }

    /// A connection that only reads.
    func reader() throws(JournalError) -> IndexConnection {
        let connection = try IndexConnection(path: path, writes: false)
        try connection.execute("PRAGMA query_only = ON")
        try connection.execute("PRAGMA cache_size = -2000")
        return connection
    }
}
