import Glibc

/// Reads and writes small whole files. What `write` made survives a power cut.
public enum DurableFile {
    /// No file that is read here is larger: 4 MiB.
    public static let maximumBytes = 4 << 20

    /// Writes a file beside its path, with exactly these rights, and moves it there when it is on the disk. Several who write the
    /// same file do so one after the other, also from several processes.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(FileError) {
        let draft = path + ".new"
        let descriptor = try openAlone(draft, for: path, mode: mode)
        defer { close(descriptor) }
        do throws(FileError) {
            // What a crash left goes, and the rights must not depend on the umask.
            guard ftruncate(descriptor, 0) == 0, fchmod(descriptor, mode) == 0 else {
                throw FileError(errno, .write, path)
            }
            try write(bytes, to: descriptor, path)
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
                throw FileError(errno, .write, path)
            }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Opens a draft that nobody else writes. Whoever waited for it finds it moved or gone, and opens another.
    private static func openAlone(_ draft: String, for path: String, mode: mode_t) throws(FileError) -> Int32 {
        while true {
            let descriptor = open(draft, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode)
            guard descriptor >= 0 else { throw FileError(errno, .write, path) }
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else {
                    let number = errno
                    close(descriptor)
                    throw FileError(number, .write, path)
                }
            }
            var (opened, named) = (stat(), stat())
            if fstat(descriptor, &opened) == 0, lstat(draft, &named) == 0, opened.st_ino == named.st_ino,
                opened.st_dev == named.st_dev
            {
                return descriptor
            }
            close(descriptor)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(errno, .write, path) }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes of a file of at most `maximumBytes`.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno, .read, path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(errno, .read, path) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= maximumBytes else { throw FileError(EFBIG, .read, path) }
        }
    }

    /// Makes a folder's entries durable: the names in it, not what is in the files.
    public static func syncFolder(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno, .write, path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(errno, .write, path) }
    }

    /// Makes the name of a file durable.
    public static func syncFolder(of path: String) throws(FileError) { try syncFolder(parent(of: path)) }

    /// The folder that a path is in.
    public static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
