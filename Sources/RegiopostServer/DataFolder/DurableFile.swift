import Glibc
import RegiopostModel

/// Reads and writes small whole files. What `write` made survives a power cut.
enum DurableFile {
    /// No file that is read here is larger: 4 MiB.
    static let maximumBytes = 4 << 20

    /// Writes a file beside its path, with exactly these rights, and moves it there when it is on the disk.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(OperatorError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotWrite, path) }
        do throws(OperatorError) {
            defer { close(descriptor) }
            // The rights must not depend on the umask.
            guard fchmod(descriptor, mode) == 0 else { throw .system(errno, OperatorError.cannotWrite, path) }
            try write(bytes, to: descriptor, path)
            guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
                throw .system(errno, OperatorError.cannotWrite, path)
            }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder(of: path)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(OperatorError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(errno, OperatorError.cannotWrite, path) }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes of a file of at most `maximumBytes`.
    static func read(_ path: String) throws(OperatorError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotRead, path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(errno, OperatorError.cannotRead, path) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= maximumBytes else { throw .system(EFBIG, OperatorError.cannotRead, path) }
        }
    }

    /// Makes a folder's entries durable: the names in it, not what is in the files.
    static func syncFolder(_ path: String) throws(OperatorError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotWrite, path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(errno, OperatorError.cannotWrite, path) }
    }

    /// Makes the name of a file durable.
    static func syncFolder(of path: String) throws(OperatorError) { try syncFolder(parent(of: path)) }

    /// The folder that a path is in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
