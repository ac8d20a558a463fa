import RegiopostJournal
import RegiopostModel

/// Reads the whole log and compares the index with it.
struct LogVerification {
    let folder: JournalFolder
    let hash: LogHash

    /// Checks everything up to where the index ends now; what comes after that was checked when it was written.
    /// Throws `corrupt` with the first difference.
    func run() throws(JournalError) -> JournalSize {
        let index = try IndexFile(path: folder.index).reader()
        defer { index.close() }
        // Everything below reads the index as it is at this moment.
        try index.run(.begin)
        guard let covered = try index.covered() else { return JournalSize(records: 0, segments: 1, bytes: 0) }
        let check = IndexFile(path: folder.index + ".check")
        check.remove()
        defer { check.remove() }
        let made = try check.open()
        defer { made.connection.close() }
        let segmentFolder = SegmentFolder(path: folder.segments)
        let segments = SegmentFiles(segmentFolder)
        let headers = try LogOpening(folder: segmentFolder, hash: hash, disk: .system, tornFolder: folder.torn)
            .headers()
        let beginning = LogEnd(
            place: LogPlace(segment: 1, offset: headers[0].line.count), sequence: 0, chain: headers[0].chain)
        let replay = try Replay(check, IndexWriter(made.connection, segments, log: covered.log), after: beginning)
        defer { replay.close() }
        let bytes = try walk(headers, segmentFolder, to: covered.end, replay)
        try replay.finish()
        try IndexComparison(index, made.connection).run()
        try index.run(.commit)
        return JournalSize(
            records: covered.end.sequence, segments: covered.end.place.segment, bytes: bytes)
    }

    private func walk(
        _ headers: [SegmentHeader], _ folder: SegmentFolder, to end: LogEnd, _ replay: Replay
    ) throws(JournalError) -> Int {
        guard end.place.segment <= headers.count else {
            throw JournalError(.corrupt, "Segments are missing that the index knows.")
        }
        var bytes = 0
        var last: LogEnd?
        for header in headers.prefix(end.place.segment) {
            let file = try SegmentFile(header.segment, path: folder.path(of: header.segment), forWriting: false)
            if let last, header.chain != last.chain || header.first != last.sequence + 1 {
                throw JournalError(.corrupt, "\(file.path) does not go on where the segment before it ends.")
            }
            var walk = try SegmentWalk(file, header, hash: hash)
            steps: while walk.end.place < end.place {
                switch try walk.next() {
                case .record(let head, let offset):
                    try replay.add(head, at: LogPlace(segment: header.segment, offset: offset))
                case .end: break steps
                case .broken(let fault): throw fault.error(at: walk.end)
                }
            }
            bytes += walk.end.place.offset
            last = walk.end
        }
        guard last == end else {
            throw JournalError(
                .corrupt,
                "The index ends with record \(end.sequence) at \(SegmentName.folder)/\(end.place), and the log does not "
                    + "have it there.")
        }
        return bytes
    }
}

/// Compares two indexes table by table, row by row.
struct IndexComparison {
    private let index: IndexConnection
    private let made: IndexConnection

    private static let tables = [
        ("change", "sequence"), ("identity", "id"), ("subject", "name"), ("mailbox", "key"),
        ("delivery", "mailbox, run"), ("citation", "file, subject"), ("covered", "key"),
    ]

    /// - Parameters:
    ///   - index: the one that is checked.
    ///   - made: one that was made from the log.
    init(_ index: IndexConnection, _ made: IndexConnection) {
        self.index = index
        self.made = made
    }

    /// Throws `corrupt` with the first row that differs.
    func run() throws(JournalError) {
        for (table, key) in Self.tables {
            let sql = "SELECT * FROM \(table) ORDER BY \(key)"
            let (left, right) = (try index.rows(sql), try made.rows(sql))
            while true {
                let (found, wanted) = (try left.next(), try right.next())
                if found == nil, wanted == nil { break }
                guard found != wanted else { continue }
                throw JournalError(
                    .corrupt,
                    "The index differs from the log: table \(table) has \(found ?? "no row"), and the log makes it "
                        + "\(wanted ?? "no row"). Stop the server, remove the index (index.sqlite and what begins with "
                        + "that name) and start: it is made anew from the log.")
            }
        }
    }
}
