import GRDB
import RegiopostJournal
import RegiopostModel
import Synchronization

/// The journal in one SQLite file (write-ahead log, `synchronous=FULL`): what is answered survives a power cut.
///
/// One connection writes, on a queue of its own; some others read, and see what was committed. Use `enrolment` for
/// invitations and certificates in the same file.
public final class SQLiteJournal: Journal {
    /// Names this history.
    public let epoch: String
    /// Invitations and certificates, in the same file.
    public var enrolment: some EnrolmentStore { SQLiteEnrolmentStore(store: store) }

    let store: SQLiteStore
    // Touched in write transactions alone, which come one after the other, so that nobody ever waits for it.
    private let known = Mutex(KnownMailboxes())

    private init(store: SQLiteStore, epoch: String) {
        self.store = store
        self.epoch = epoch
    }

    /// Makes a new journal at a path, readable by its owner alone, and opens it.
    ///
    /// `epoch` is random, made by the caller. The file appears at the path whole or not at all. Throws
    /// `alreadyExists` where there is a file already.
    public static func create(at path: String, epoch: String) async throws(JournalError) -> SQLiteJournal {
        try await blocking { try JournalFile(path: path).create(epoch: epoch) }
        return try await open(at: path)
    }

    /// Opens an existing journal. What another program made is refused before anything is changed in it.
    ///
    /// With `newEpoch` it begins a new epoch, as after a restore from backup. Throws `missing`, `notJournal` or
    /// `newerFormat` where there is nothing this code may open.
    public static func open(
        at path: String, newEpoch: String? = nil
    ) async throws(JournalError) -> SQLiteJournal {
        let store = try await blocking {
            try JournalFile(path: path).checkIsThere()
            return try SQLiteStore(path: path)
        }
        if let newEpoch {
            try await store.write { try $0.execute(sql: "UPDATE history SET epoch = ?", arguments: [newEpoch]) }
        }
        let epoch = try await store.read { try String.fetchOne($0, sql: "SELECT epoch FROM history") }
        guard let epoch else { throw JournalError(.corrupt, "The journal has no epoch.") }
        return SQLiteJournal(store: store, epoch: epoch)
    }

    /// Writes what fits, in the order given, in one durable transaction, and answers each proposal.
    public func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        try await store.write { database in
            try self.known.withLock { known in
                var transaction = try AppendTransaction(database, known: known)
                // Moved, not shared: two holders would have the whole dictionary copied at the first new head.
                known = KnownMailboxes()
                let outcomes = try proposals.map { try transaction.take($0) }
                known = transaction.known
                return outcomes
            }
        }
    }

    /// Lets what is under way finish and gives the file back.
    public func close() async throws(JournalError) {
        try await store.close()
    }
}
