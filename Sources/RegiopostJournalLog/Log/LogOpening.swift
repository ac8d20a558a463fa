import RegiopostJournal
import RegiopostModel

/// Finds the log's end when the journal is opened, and makes sure that everything before it is sound and on the disk.
///
/// The segment in which the index ends is read from its beginning, and everything after it: what the index doesn't
/// hold yet is handed on to be indexed. Where it doesn't hold anything, that is the whole log.
struct LogOpening {
    /// What the index holds of a log.
    struct Covered {
        let log: String
        let end: LogEnd
    }

    /// What was found.
    struct Found {
        let name: String
        let end: LogEnd
        /// How many bytes all segments before the last have.
        let bytesBefore: Int
        let notices: [JournalNotice]
    }

    /// The index is one of another history: it has to be made anew.
    struct IndexIsOther: Error {
        let reason: String
    }

    let folder: SegmentFolder
    let hash: LogHash
    let disk: DiskCalls
    /// Where bytes go that are cut off.
    let tornFolder: String

    /// The first lines of all segments. O(segments).
    func headers() throws(JournalError) -> [SegmentHeader] {
        var headers: [SegmentHeader] = []
        let last = try folder.numbers()
        for number in 1...last {
            let path = folder.path(of: number)
            let file = try SegmentFile(number, path: path, forWriting: false)
            let bytes = try file.read(min(SegmentHeader.maximumBytes, try file.size()), at: 0)
            let header = try SegmentHeader(bytes, path: path)
            guard header.segment == number, headers.isEmpty || header.log == headers[0].log else {
                throw JournalError(
                    .corrupt, "\(path) belongs to another log or another place of it; restore the right file.")
            }
            headers.append(header)
        }
        guard headers[0].first == 1, headers[0].chain == ChainRule.beginning(log: headers[0].log, hash) else {
            throw JournalError(.corrupt, "\(folder.path(of: 1)) is not the beginning of a log.")
        }
        return headers
    }

    /// Walks from where the index ends to the log's end. `each` is given what the index doesn't hold.
    ///
    /// - Throws: `JournalError`, or `IndexIsOther`, before which `each` may have been called in vain.
    func run(
        _ headers: [SegmentHeader], from covered: Covered?, each: (RecordHead, LogPlace) throws -> Void
    ) throws -> Found {
        if let covered, covered.log != headers[0].log { throw IndexIsOther(reason: "it belongs to another log") }
        let known = covered?.end
        let first = known?.place.segment ?? 1
        guard first <= headers.count else { throw shorter(than: known, ends: headers.last.map { $0.first - 1 }) }
        var bytesBefore = 0
        for number in 1..<first { bytesBefore += try size(number) }
        var hasMet = known == nil
        var lastGroup: LogPlace?
        var notices: [JournalNotice] = []
        for number in first...headers.count {
            let isLast = number == headers.count
            let file = try SegmentFile(number, path: folder.path(of: number), forWriting: isLast)
            var walk = try SegmentWalk(file, headers[number - 1], hash: hash)
            try meet(walk.end, known, &hasMet)
            steps: while true {
                switch try walk.next() {
                case .record(let head, let offset):
                    let place = LogPlace(segment: number, offset: offset)
                    if head.group == head.sequence { lastGroup = place }
                    if known.map({ place >= $0.place }) ?? true { try each(head, place) }
                    try meet(walk.end, known, &hasMet)
                case .end: break steps
                case .broken(let fault):
                    let tail = TornTail(
                        file: file, walk: walk, fault: fault, hash: hash, known: known?.sequence ?? 0)
                    guard isLast, try tail.isTorn() else { throw tail.error() }
                    notices.append(try tail.cut(savingIn: tornFolder, disk))
                    break steps
                }
            }
            if isLast {
                guard hasMet else { throw shorter(than: known, ends: walk.end.sequence) }
                if walk.end.sequence > known?.sequence ?? 0, let lastGroup, lastGroup.segment == number {
                    try rewrite(file, from: lastGroup.offset, to: walk.end.place.offset)
                }
                return Found(name: headers[0].log, end: walk.end, bytesBefore: bytesBefore, notices: notices)
            }
            guard headers[number].chain == walk.end.chain, headers[number].first == walk.end.sequence + 1 else {
                throw JournalError(
                    .corrupt,
                    "\(folder.path(of: number + 1)) does not go on where \(SegmentName.file(number)) ends, at byte "
                        + "\(walk.end.place.offset) with record \(walk.end.sequence). Restore both from a backup. "
                        + "Nothing was changed.")
            }
            bytesBefore += walk.end.place.offset
        }
        throw JournalError(.unexpected, "The log has no last segment.")
    }

    private func size(_ number: Int) throws(JournalError) -> Int {
        try SegmentFile(number, path: folder.path(of: number), forWriting: false).size()
    }

    /// Compares the walk with the index where the index ends.
    private func meet(_ end: LogEnd, _ known: LogEnd?, _ hasMet: inout Bool) throws {
        guard let known, !hasMet, end.place >= known.place else { return }
        guard end == known else { throw IndexIsOther(reason: "it does not agree with the log") }
        hasMet = true
    }

    private func shorter(than known: LogEnd?, ends sequence: Int?) -> JournalError {
        JournalError(
            .corrupt,
            "The index knew \(known?.sequence ?? 0) records, but the log ends with record \(sequence ?? 0): "
                + "acknowledged changes are missing. Restore \(folder.path) from the newest copy; if it is that "
                + "already, remove the index (index.sqlite and what begins with that name) and start again. Nothing was changed."
        )
    }

    /// Writes the last group once more and syncs it. After a sync that failed, the operating system shows what was
    /// written although it isn't on the disk, and takes it for clean: only writing it again puts it there.
    private func rewrite(_ file: SegmentFile, from start: Int, to end: Int) throws(JournalError) {
        for offset in stride(from: start, to: end, by: 1 << 20) {
            let piece = try file.read(min(1 << 20, end - offset), at: offset)
            let number = piece.withUnsafeBytes { disk.writeAll($0, to: file.descriptor, at: offset) }
            guard number == 0 else { throw JournalError(system: number, "write", file.path) }
        }
        let number = disk.syncAll(file.descriptor)
        guard number == 0 else { throw JournalError(system: number, "sync", file.path) }
    }
}
