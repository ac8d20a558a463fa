import RegiopostJournal
import RegiopostModel

/// The parts of an open journal and the threads they run on: one that writes the index, some that read. Appending is done on
/// the thread of whoever asks for it, one at a time.
final class LogEngine: Sendable {
    let reader: LogReader
    private let overlay: SharedOverlay
    private let failure: FirstFailure
    private let appends = AppendQueue()
    private let indexing: IndexThread
    private let readings = WorkThreads()

    private init(_ overlay: SharedOverlay, _ reader: LogReader, _ failure: FirstFailure, sizing: LogSizing) {
        self.overlay = overlay
        self.reader = reader
        self.failure = failure
        indexing = IndexThread(sizing: sizing)
    }

    /// Opens log and index, and starts the threads. Blocks for as long as that takes.
    static func open(
        _ folder: JournalFolder, _ failure: FirstFailure, sizing: LogSizing, hash: @escaping LogHash,
        disk: DiskCalls
    ) throws -> (LogEngine, [JournalNotice]) {
        let opened = try OpenedLog(folder, hash: hash, disk: disk)
        let index = IndexFile(path: folder.index)
        let overlay = SharedOverlay(after: opened.found.end)
        overlay.withLock { $0.logBytes = opened.found.bytesBefore + opened.found.end.place.offset }
        let segments = opened.segments
        let engine = LogEngine(overlay, LogReader(overlay, segments, index), failure, sizing: sizing)
        let writer = IndexWriter(opened.connection, segments, log: opened.found.name)
        try engine.indexing.start {
            engine.writeIndex(writer, index)
        } ended: {
            writer.close()
        }
        do {
            let log = try LogWriter(
                opened.folder, log: opened.found.name, end: opened.found.end, bytesBefore: opened.found.bytesBefore,
                sizing: sizing, disk: disk)
            let ledger = try Ledger(overlay, try index.reader())
            let appender = Appender(
                log, ledger, overlay, segments, hash: hash,
                Appender.Listeners(
                    published: { engine.indexing.published(records: $0, bytes: $1) },
                    index: { () throws(JournalError) in try engine.indexAll() }, failed: { engine.failure.set($0) })
            )
            engine.appends.start {
                engine.append($0, with: appender)
            } ended: {
                appender.close()
            }
        } catch {
            engine.indexing.close()
            throw error
        }
        try engine.readings.start(count: 2)
        return (engine, opened.notices)
    }

    /// How much there is, as far as it was published.
    var size: JournalSize {
        overlay.withLock { overlay in
            let end = overlay.pending.end
            return JournalSize(records: end.sequence, segments: end.place.segment, bytes: overlay.logBytes)
        }
    }

    /// How many records wait for the index.
    var waiting: Int { overlay.withLock { $0.pending.records.count + ($0.flushing?.records.count ?? 0) } }

    // MARK: Appending

    /// Writes a call behind all others, on this thread where nobody writes.
    func append(_ call: AppendCall) {
        if !appends.add(call) { call.answer(.failure(.closed)) }
    }

    /// Once something failed, nothing is written: nobody knows what reached the disk.
    private func append(_ calls: [AppendCall], with appender: Appender) {
        guard let first = failure.value else { return appender.append(calls) }
        for call in calls { call.answer(.failure(.stopped(after: first))) }
    }

    // MARK: The index

    private func writeIndex(_ writer: IndexWriter, _ file: IndexFile) {
        // What can't be indexed stays in memory to be read, and is in the log for the next start.
        guard !hasIndexFailed, let generation = overlay.withLock({ $0.beginFlushing() }) else { return }
        do throws(JournalError) {
            try writer.write(generation)
            overlay.withLock { $0.flushingEnded() }
        } catch {
            indexFailed.set(error)
            failure.set(error)
            // The next start makes it anew.
            if error.code == .corrupt { file.remove() }
        }
    }

    private let indexFailed = FirstFailure()
    private var hasIndexFailed: Bool { indexFailed.value != nil }

    /// Returns when everything that was published is in the index.
    func indexAll() throws(JournalError) {
        indexing.finish()
        if let error = indexFailed.value { throw error }
    }

    // MARK: Reading

    /// Runs what reads long on a thread that may wait for the disk.
    func reading<Value: Sendable>(
        _ body: @escaping @Sendable () throws(JournalError) -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            let isTaken = readings.add {
                do throws(JournalError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !isTaken { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Lets everything under way end.
    func close() {
        appends.close()
        indexing.close()
        readings.close()
        reader.close()
    }
}
