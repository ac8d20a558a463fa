import Glibc

/// The calls that put records on the disk, so that tests can count them and let them fail. Both answer as the
/// operating system's do.
struct DiskCalls: Sendable {
    /// `pwrite`: to a file, these bytes, at this offset.
    var write: @Sendable (Int32, UnsafeRawBufferPointer, Int) -> Int
    /// `fdatasync`.
    var sync: @Sendable (Int32) -> Int32

    static let system = DiskCalls(
        write: { pwrite($0, $1.baseAddress, $1.count, off_t($2)) }, sync: { fdatasync($0) })

    /// Writes all of the bytes.
    func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = write(file, UnsafeRawBufferPointer(rebasing: bytes[done...]), offset + done)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno }
            if count == 0 { return EIO }
            done += count
        }
        return 0
    }

    /// Syncs what was written; the error's number, 0 for none. Not tried again: a second try could succeed although
    /// the disk has dropped what the first one failed to write.
    func syncAll(_ file: Int32) -> Int32 { sync(file) == 0 ? 0 : errno }
}
