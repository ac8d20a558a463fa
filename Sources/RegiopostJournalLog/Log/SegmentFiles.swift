import RegiopostJournal
import RegiopostModel
import Synchronization

/// The segments that are open for reading.
final class SegmentFiles: Sendable {
    /// No more are kept open.
    private static let maximum = 64

    private let folder: SegmentFolder
    private let open = Mutex<[Int: SegmentFile]>([:])

    init(_ folder: SegmentFolder) { self.folder = folder }

    func file(_ number: Int) throws(JournalError) -> SegmentFile {
        if let known = open.withLock({ $0[number] }) { return known }
        let file = try SegmentFile(number, path: folder.path(of: number), forWriting: false)
        open.withLock { open in
            // Whoever reads one keeps it open by that.
            if open.count >= Self.maximum { open.removeAll(keepingCapacity: true) }
            open[number] = file
        }
        return file
    }

    /// The attributes of a record.
    func head(at stored: StoredPlace) throws(JournalError) -> RecordHead {
        let bytes = try file(stored.place.segment).read(stored.headBytes, at: stored.place.offset)
        guard case .success(let head) = bytes.withUnsafeBytes({ RecordHead.read($0) }) else {
            throw Self.noRecord(stored.place)
        }
        return head
    }

    static func noRecord(_ place: LogPlace) -> JournalError {
        JournalError(
            .corrupt,
            "There is no record at \(SegmentName.folder)/\(place), where the index says there is one. Stop the server "
                + "and see: regiopostd verify")
    }
}
