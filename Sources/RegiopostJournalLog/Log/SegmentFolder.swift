import Dispatch
import Glibc
import RegiopostJournal
import Synchronization

/// The folder of the segments: which there are, and how a new one comes to be.
final class SegmentFolder: Sendable {
    let path: String
    /// Held by whoever makes a segment.
    private let making = Mutex(())

    init(path: String) { self.path = path }

    func path(of segment: Int) -> String { path + "/" + SegmentName.file(segment) }

    private func draft(of segment: Int) -> String {
        path + "/" + SegmentName.padded(segment) + SegmentName.draftSuffix
    }

    /// The numbers of all segments, which have to be 1, 2, 3 … without holes.
    func numbers() throws(JournalError) -> Int {
        guard let stream = opendir(path) else { throw JournalError(system: errno, "read", path) }
        defer { closedir(stream) }
        var found: Set<Int> = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = SegmentName.number(name) { found.insert(number) }
        }
        guard let last = found.max() else {
            throw JournalError(.missing, "There are no segments in \(path); restore them from a backup.")
        }
        if let hole = (1...last).first(where: { !found.contains($0) }) {
            throw JournalError(
                .corrupt, "\(path(of: hole)) is missing; restore it from a backup. Nothing was changed.")
        }
        return last
    }

    /// Takes away what an interrupted making left.
    func removeDrafts(after last: Int) {
        for number in [last, last + 1] { unlink(draft(of: number)) }
    }

    /// Makes a file of zeros ahead of use, if there isn't one yet. A failure is none: it will show again when the
    /// segment is needed.
    func prepare(_ segment: Int, bytes: Int) {
        DispatchQueue.global(qos: .utility).async {
            self.making.withLock { _ in _ = try? self.makeDraft(of: segment, bytes: bytes) }
        }
    }

    /// Makes a segment with this header and at least so many bytes. It is there under its name, durably, or not at
    /// all.
    func make(_ header: SegmentHeader, bytes: Int) throws(JournalError) {
        do {
            try making.withLock { _ in try makeWhole(header, bytes: bytes) }
        } catch {
            throw error as? JournalError ?? JournalError(.unexpected, "A segment can't be made.")
        }
    }

    private func makeWhole(_ header: SegmentHeader, bytes: Int) throws(JournalError) {
        let draft = draft(of: header.segment)
        try makeDraft(of: header.segment, bytes: bytes)
        let descriptor = open(draft, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError(system: errno, "open", draft) }
        defer { close(descriptor) }
        let number = header.line.withUnsafeBytes { DiskCalls.system.writeAll($0, to: descriptor, at: 0) }
        guard number == 0 else { throw JournalError(system: number, "write", draft) }
        guard fsync(descriptor) == 0 else { throw JournalError(system: errno, "sync", draft) }
        guard rename(draft, path(of: header.segment)) == 0 else { throw JournalError(system: errno, "make", draft) }
        try Self.sync(path)
    }

    /// Makes a file of zeros beside the segments, unless there is one that is large enough.
    private func makeDraft(of segment: Int, bytes: Int) throws(JournalError) {
        let path = draft(of: segment)
        var status = stat()
        if stat(path, &status) == 0, status.st_size >= bytes { return }
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError(system: errno, "make", path) }
        defer { close(descriptor) }
        // Zeros are written and not only reserved: filling a reserved place changes the file system's own records,
        // which would make every sync of it dearer.
        let zeros = [UInt8](repeating: 0, count: 1 << 18)
        for offset in stride(from: 0, to: bytes, by: zeros.count) {
            let piece = zeros.prefix(min(zeros.count, bytes - offset))
            let number = piece.withUnsafeBytes { DiskCalls.system.writeAll($0, to: descriptor, at: offset) }
            guard number == 0 else {
                unlink(path)
                throw JournalError(system: number, "make", path)
            }
        }
        guard fsync(descriptor) == 0 else {
            let number = errno
            unlink(path)
            throw JournalError(system: number, "sync", path)
        }
    }

    /// Makes the names in a folder durable.
    static func sync(_ folder: String) throws(JournalError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError(system: errno, "open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw JournalError(system: errno, "sync", folder) }
    }
}
