import Glibc

/// A file that stays open: read and written in pieces, so that its size doesn't matter. Closed when it goes away.
public struct OpenFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens a file that is there, for reading.
    public init(reading path: String) throws(FileError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw FileError(errno, .read, path) }
    }

    /// Opens a file for reading and writing, and makes it where there is none, with those rights less the umask's. Its name
    /// is not durable yet.
    public init(writing path: String, mode: mode_t) throws(FileError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode)
        self.path = path
        guard descriptor >= 0 else { throw FileError(errno, .write, path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How many bytes it has now.
    public func size() throws(FileError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(errno, .read, path) }
        return Int(status.st_size)
    }

    /// The bytes from an offset on, at most so many, fewer only at the end.
    public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let free = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                let got = pread(descriptor, free.baseAddress, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { number = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        guard number == 0 else { throw FileError(number, .read, path) }
        return bytes
    }

    /// Writes all these bytes at an offset. Where it throws, some of them may be there.
    public func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.dropFirst(done).withUnsafeBytes { rest in
                pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(count < 0 ? errno : ENOSPC, .write, path) }
            done += count
        }
    }

    /// Makes durable what is in it.
    public func sync() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(errno, .write, path) }
    }
}

extension DurableFile {
    /// The size of a file in bytes, `nil` where there is none.
    public static func size(_ path: String) throws(FileError) -> Int? {
        try status(path).map { Int($0.st_size) }
    }

    /// When a file was last written, in seconds since 1970; `nil` where there is none.
    public static func lastWritten(_ path: String) throws(FileError) -> Int? {
        try status(path).map { Int($0.st_mtim.tv_sec) }
    }

    private static func status(_ path: String) throws(FileError) -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError(errno, .read, path) }
        return nil
    }

    /// Makes a folder where there is none, for its owner alone, and its name durable.
    public static func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) == 0 { return try syncFolder(of: path) }
        guard errno == EEXIST else { throw FileError(errno, .write, path) }
    }

    /// Moves a file, over one that is there, and makes both names durable.
    public static func move(_ path: String, to target: String) throws(FileError) {
        guard rename(path, target) == 0 else { throw FileError(errno, .write, target) }
        try syncFolder(of: target)
        if parent(of: path) != parent(of: target) { try syncFolder(of: path) }
    }

    /// Takes a file away, if it is there, and makes that durable.
    public static func remove(_ path: String) throws(FileError) {
        if unlink(path) == 0 { return try syncFolder(of: path) }
        guard errno == ENOENT else { throw FileError(errno, .write, path) }
    }

    /// The names in a folder, in no order; none where there is no folder.
    public static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw FileError(errno, .read, folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
