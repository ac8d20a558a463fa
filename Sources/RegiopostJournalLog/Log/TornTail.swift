import Glibc
import RegiopostJournal
import RegiopostModel

extension SegmentWalk.Fault {
    /// Says what is broken behind this end, and what to do about it.
    func error(at end: LogEnd) -> JournalError {
        JournalError(
            .corrupt,
            "Record \(end.sequence + 1) of the log is broken (\(rawValue)): \(SegmentName.folder)/\(end.place). "
                + "It was acknowledged, so it is not cut off. Restore this file from a backup; nothing was changed."
        )
    }
}

/// What lies where the log's next record should be and is none: the remains of a write that the power cut short, or
/// damage.
///
/// A group is written only after the one before was synced. So what was torn is the last group, and nothing of it was
/// acknowledged: it may be cut off. Where a record of a later group follows, or the index knew the record, it was
/// acknowledged, and whoever runs the server has to decide.
struct TornTail {
    let file: SegmentFile
    /// Stands where the record should be.
    let walk: SegmentWalk
    let fault: SegmentWalk.Fault
    let hash: LogHash
    /// The last record that the index holds.
    let known: Int

    private var place: LogPlace { walk.end.place }
    private var sequence: Int { walk.end.sequence + 1 }

    /// Whether nothing that was acknowledged is affected.
    func isTorn() throws(JournalError) -> Bool {
        guard sequence > known else { return false }
        return try laterRecord() == nil
    }

    /// The number of a sound record of a later group behind this place.
    private func laterRecord() throws(JournalError) -> Int? {
        let size = try file.size()
        let rest = try file.read(size - place.offset, at: place.offset)
        return rest.withUnsafeBytes { bytes -> Int? in
            var offset = 0
            while let found = memchr(bytes.start + offset, 0x0A, bytes.count - offset) {
                offset = bytes.start.distance(to: UnsafeRawPointer(found)) + 1
                guard offset < bytes.count else { return nil }
                let record = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                guard record[0] == UInt8(ascii: "n"), case .success(let head) = RecordHead.read(record),
                    head.group > sequence,
                    head.textBytes <= record.count, head.bytes <= record.count,
                    record[head.bytes - 1] == UInt8(ascii: "\n")
                else { continue }
                let text = UnsafeRawBufferPointer(rebasing: record[head.headBytes..<head.bytes - 1])
                if hash(text) == head.digest { return head.sequence }
            }
            return nil
        }
    }

    /// Says what is broken and what to do about it.
    func error() -> JournalError {
        fault.error(at: walk.end)
    }

    /// Keeps a copy of what is there, puts zeros in its place, and says so.
    func cut(savingIn folder: String, _ disk: DiskCalls) throws(JournalError) -> JournalNotice {
        let size = try file.size()
        guard let last = try file.lastNonZero(from: place.offset, to: size) else {
            throw JournalError(.unexpected, "Nothing lies behind the log's end.")
        }
        let bytes = try file.read(last + 1 - place.offset, at: place.offset)
        let copy = "\(folder)/\(SegmentName.padded(place.segment))-\(place.offset)"
        try save(bytes, in: folder, as: copy)
        let zeros = [UInt8](repeating: 0, count: bytes.count)
        var number = zeros.withUnsafeBytes { disk.writeAll($0, to: file.descriptor, at: place.offset) }
        guard number == 0 else { throw JournalError(system: number, "write", file.path) }
        number = disk.syncAll(file.descriptor)
        guard number == 0 else { throw JournalError(system: number, "sync", file.path) }
        return JournalNotice(
            .tailCut,
            "\(bytes.count) bytes of a write that was cut short were taken off the log's end "
                + "(\(SegmentName.folder)/\(place)); nothing in them was acknowledged. They are kept in \(copy).")
    }

    private func save(_ bytes: [UInt8], in folder: String, as path: String) throws(JournalError) {
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw JournalError(system: errno, "make", folder) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(system: errno, "make", path) }
        defer { close(descriptor) }
        let number = bytes.withUnsafeBytes { DiskCalls.system.writeAll($0, to: descriptor, at: 0) }
        guard number == 0 else { throw JournalError(system: number, "write", path) }
        guard fsync(descriptor) == 0 else { throw JournalError(system: errno, "sync", path) }
        try SegmentFolder.sync(folder)
    }
}
