import Glibc
import RegiopostJournal

/// An open segment. It stays open for as long as somebody holds it.
final class SegmentFile: Sendable {
    let number: Int
    let path: String
    let descriptor: Int32

    init(_ number: Int, path: String, forWriting: Bool) throws(JournalError) {
        self.number = number
        self.path = path
        descriptor = open(path, (forWriting ? O_RDWR : O_RDONLY) | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError(system: errno, "open", path) }
    }

    deinit { close(descriptor) }

    /// How long it is now.
    func size() throws(JournalError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError(system: errno, "read", path) }
        return Int(status.st_size)
    }

    /// Reads as many bytes as there are, up to those that the buffer takes.
    func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.start + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw JournalError(system: errno, "read", path) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// These bytes; throws `corrupt` where the file ends before.
    func read(_ count: Int, at offset: Int) throws(JournalError) -> [UInt8] {
        var failure: JournalError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(JournalError) {
                filled = try read(UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard bytes.count == count else {
            throw JournalError(
                .corrupt, "\(path) is shorter than it was; restore it from a backup.", cause: "at byte \(offset)")
        }
        return bytes
    }
}

extension JournalError {
    /// What the operating system answered about a file of the journal.
    init(system number: Int32, _ verb: String, _ path: String) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, EROFS: .readOnly
            case ENOENT: .missing
            default: .ioFailed
            }
        self.init(code, "Can't \(verb) \(path).", cause: String(cString: strerror(number)))
    }
}
