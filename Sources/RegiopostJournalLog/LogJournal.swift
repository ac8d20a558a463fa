import GRDB
import RegiopostJournal
import RegiopostModel
import Synchronization

/// The journal whose exact lines lie in an append-only log, with an index that follows from it.
///
/// What is answered is in the log and synced: it survives a power cut. The index is written behind, on a thread of
/// its own, and brought up to date from the log when the journal is opened. Use `enrolment` for invitations and
/// certificates, which lie beside the log in a file of their own.
public final class LogJournal: Journal {
    /// Names this history.
    public let epoch: String
    /// What opening did that the operator should know.
    public let notices: [JournalNotice]
    /// Invitations and certificates, beside the log.
    public var enrolment: some EnrolmentStore { RegisterEnrolmentStore(store: register) }

    let register: SQLiteStore
    let engine: LogEngine
    let folder: JournalFolder
    let hash: LogHash
    private let isClosed = Mutex(false)

    init(
        epoch: String, _ folder: JournalFolder, _ register: SQLiteStore, _ engine: LogEngine,
        hash: @escaping LogHash,
        _ notices: [JournalNotice]
    ) {
        self.epoch = epoch
        self.folder = folder
        self.hash = hash
        self.register = register
        self.engine = engine
        self.notices = notices
    }

    /// Makes a new journal in a folder that is not there yet, for its owner alone, and opens it.
    ///
    /// - Parameters:
    ///   - epoch: random, made by the caller.
    ///   - hash: SHA-256; the digests in proposals have to be made by it too.
    /// - Throws: `alreadyExists` where there is something at the path. The folder appears whole or not at all.
    public static func create(
        at path: String, epoch: String, sizing: LogSizing = LogSizing(), hash: @escaping LogHash
    ) async throws(JournalError) -> LogJournal {
        try await blocking { try JournalFolder(path: path).create(epoch: epoch, sizing: sizing, hash: hash) }
        return try await open(at: path, sizing: sizing, hash: hash)
    }

    /// Opens an existing journal. What is torn at the log's end is cut off, and the index brought up to date;
    /// `notices` says so. Costs by the last segment and by what the index lacks.
    ///
    /// - Parameter newEpoch: begins a new epoch, as after a restore from backup; settings of the epoch before are forgotten.
    /// - Throws: `missing`, `notJournal` or `newerFormat` where there is nothing this code may open, and `corrupt`
    ///   with the place where a record that was acknowledged is broken.
    public static func open(
        at path: String, newEpoch: String? = nil, sizing: LogSizing = LogSizing(), hash: @escaping LogHash
    ) async throws(JournalError) -> LogJournal {
        try await open(at: path, newEpoch: newEpoch, sizing: sizing, hash: hash, disk: .system)
    }

    static func open(
        at path: String, newEpoch: String? = nil, sizing: LogSizing = LogSizing(), hash: @escaping LogHash,
        disk: DiskCalls
    ) async throws(JournalError) -> LogJournal {
        let folder = JournalFolder(path: path)
        let failure = FirstFailure()
        let (register, engine, notices) = try await blocking {
            try folder.checkIsThere()
            try RegisterFile(path: folder.register).checkIsThere()
            let register = try SQLiteStore(path: folder.register, failure: failure)
            let (engine, notices) = try LogEngine.open(folder, failure, sizing: sizing, hash: hash, disk: disk)
            return (register, engine, notices)
        }
        if let newEpoch {
            try await register.write { database in
                try database.execute(sql: "UPDATE history SET epoch = ?", arguments: [newEpoch])
                // A backup's register may be newer than its log.
                try database.execute(sql: "DELETE FROM setting WHERE name LIKE '%/%'")
            }
        }
        let epoch = try await register.read { try String.fetchOne($0, sql: "SELECT epoch FROM history") }
        guard let epoch else { throw JournalError(.corrupt, "The register has no epoch.") }
        return LogJournal(epoch: epoch, folder, register, engine, hash: hash, notices)
    }

    /// Takes away what an interrupted `create` may have left at a path. Never a journal that was used: whoever calls
    /// this knows that none was.
    public static func discard(at path: String) throws(JournalError) { try JournalFolder.discard(path) }

    /// Writes what fits, in the order given, and answers each proposal when it is on the disk. Where nobody writes at the
    /// moment, this waits for the disk on the caller's thread: call it from one that may.
    public func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        let result: Result<[AppendOutcome], JournalError> = await withCheckedContinuation { continuation in
            engine.append(AppendCall(proposals: proposals) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    /// Lets what is under way finish and gives the files back.
    public func close() async throws(JournalError) {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        guard !wasClosed else { return }
        try await blocking { [engine] in engine.close() }
        try await register.close()
    }

    var isOpen: Bool { !isClosed.withLock { $0 } }

    func checkOpen() throws(JournalError) {
        if !isOpen { throw .closed }
    }
}
