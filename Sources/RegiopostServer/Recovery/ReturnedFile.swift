import Glibc
import RegiopostFiles

/// The bytes of what clients have given back. A file, where no simulation brings its own.
package protocol ReturnedFile: Sendable {
    /// How many bytes there are.
    func size() throws(FileError) -> Int

    /// The bytes from an offset on, at most so many, fewer only at the end.
    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8]

    /// Writes bytes at the end, durably. Where it throws, some of them may be there.
    func append(_ bytes: [UInt8], at end: Int) throws(FileError)

    /// Cuts off what comes after so many bytes.
    func cut(to size: Int) throws(FileError)
}

/// A file of that path, made where there is none. Opened each time: a recovery is short, and most servers never have one.
struct ReturnedFileOnDisk: ReturnedFile {
    private let path: String

    init(path: String) throws(FileError) {
        self.path = path
        _ = try OpenFile(writing: path, mode: 0o600)
        try DurableFile.syncFolder(of: path)
    }

    func size() throws(FileError) -> Int { try OpenFile(reading: path).size() }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try OpenFile(reading: path).read(at: offset, count: count)
    }

    func append(_ bytes: [UInt8], at end: Int) throws(FileError) {
        let file = try OpenFile(writing: path, mode: 0o600)
        try file.write(bytes[...], at: end)
        try file.sync()
    }

    func cut(to size: Int) throws(FileError) {
        guard truncate(path, off_t(size)) == 0 else { throw FileError(errno, .write, path) }
    }
}
