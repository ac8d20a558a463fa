import RegiopostJournal
import RegiopostModel

/// A log whose end was found, and an index that goes as far.
struct OpenedLog {
    let folder: SegmentFolder
    let segments: SegmentFiles
    let found: LogOpening.Found
    /// The connection that writes the index.
    let connection: IndexConnection
    let notices: [JournalNotice]

    init(_ folder: JournalFolder, hash: @escaping LogHash, disk: DiskCalls) throws {
        self.folder = SegmentFolder(path: folder.segments)
        segments = SegmentFiles(self.folder)
        let opening = LogOpening(folder: self.folder, hash: hash, disk: disk, tornFolder: folder.torn)
        let headers = try opening.headers()
        self.folder.removeDrafts(after: headers.count)
        let file = IndexFile(path: folder.index)
        var index = try file.open()
        var done: (LogOpening.Found, Int)?
        while done == nil {
            do {
                done = try Self.bring(index, file, segments, opening, headers)
            } catch let other as LogOpening.IndexIsOther {
                index.connection.close()
                // Only an index that holds something can be another one, so this happens once.
                index = try file.begin(because: other.reason)
            }
        }
        guard let done else { throw JournalError(.unexpected, "The log was not opened.") }
        found = done.0
        connection = index.connection
        let rebuilt = index.reason.map { reason in
            JournalNotice(
                .indexRebuilt, "The index was made anew from the log (\(done.1) records), because \(reason).")
        }
        notices = found.notices + [rebuilt].compactMap(\.self)
    }

    /// Walks the log and brings into the index what it lacks.
    private static func bring(
        _ index: IndexFile.Opened, _ file: IndexFile, _ segments: SegmentFiles, _ opening: LogOpening,
        _ headers: [SegmentHeader]
    ) throws -> (LogOpening.Found, Int) {
        let beginning = LogEnd(
            place: LogPlace(segment: 1, offset: headers[0].line.count), sequence: 0, chain: headers[0].chain)
        let writer = IndexWriter(index.connection, segments, log: headers[0].log)
        let replay = try Replay(file, writer, after: index.covered?.end ?? beginning)
        defer { replay.close() }
        let found = try opening.run(headers, from: index.covered) { try replay.add($0, at: $1) }
        try replay.finish()
        return (found, replay.records)
    }
}
