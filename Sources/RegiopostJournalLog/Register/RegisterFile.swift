import GRDB
import Glibc
import RegiopostJournal

/// The register's file: how it comes to be at its path.
struct RegisterFile {
    let path: String

    /// Makes the file beside its path, empty of changes, and moves it there when it is whole.
    func create(epoch: String) throws {
        guard access(path, F_OK) != 0 else {
            throw JournalError(.alreadyExists, "There is a file at \(path) already.")
        }
        let draft = path + ".new"
        for leftover in [draft, draft + "-wal", draft + "-shm", draft + "-journal"] { unlink(leftover) }
        // Made before SQLite opens it, so that nobody else could ever read it; the log gets the same rights.
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", draft) }
        Glibc.close(descriptor)

        var configuration = Configuration()
        configuration.prepareDatabase { try SQLiteStore.makeDurable($0) }
        let queue = try DatabaseQueue(path: draft, configuration: configuration)
        try queue.write { try RegisterSchema.create(in: $0, epoch: epoch) }
        // Closing empties the log into the file, so that one file is all there is to move.
        try queue.close()
        guard rename(draft, path) == 0 else { throw failure("make", path) }
        try SegmentFolder.sync(folder)
    }

    /// Throws `missing` where there is no file.
    func checkIsThere() throws(JournalError) {
        guard access(path, F_OK) == 0 else {
            throw JournalError(.missing, "There is no register at \(path).")
        }
    }

    private var folder: String {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private func failure(_ verb: String, _ path: String) -> JournalError {
        JournalError(system: errno, verb, path)
    }
}
