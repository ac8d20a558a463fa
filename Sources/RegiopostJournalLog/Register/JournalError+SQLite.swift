import GRDB
import RegiopostJournal

extension JournalError {
    /// Says in our words what SQLite answered.
    init(from error: any Error) {
        if let error = error as? JournalError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(
                .unexpected, "The journal failed in a way it does not know.", cause: String(describing: error))
            return
        }
        let cause = error.description
        switch error.resultCode {
        // Opening on a full disk fails first at SQLite's index of the log, which SQLite calls an I/O error.
        case .SQLITE_FULL,
            .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
            self.init(.full, "There is no room for the journal; make room, then open it again.", cause: cause)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PROTOCOL, .SQLITE_NOMEM:
            self.init(.ioFailed, "The journal can't be read or written.", cause: cause)
        case .SQLITE_NOTADB:
            self.init(.notJournal, "The file is no SQLite database, so no journal or a ruined one.", cause: cause)
        case .SQLITE_CORRUPT:
            self.init(.corrupt, "The journal's file is damaged; restore it from a backup.", cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "Somebody else holds the journal's file.", cause: cause)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.readOnly, "The journal may be read, but not written.", cause: cause)
        default:
            self.init(.unexpected, "The journal failed in a way it does not know.", cause: cause)
        }
    }
}
