import Dispatch
import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostModel

/// The files of a profile, by the digest of their bytes: `files/ab/abcd…`. What is attached is copied here before the
/// change that cites it is queued, so that the original may change or vanish; what is fetched counts once its digest was
/// checked. Works on a queue of its own, since disks block.
public actor FileFolder {
    private let folder: String
    private let executor = QueueExecutor()

    /// Where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The largest file that is taken while no server has said what it takes: 50 MiB.
    public static let standardLimit = 52_428_800

    /// How much is copied or hashed at once, in bytes.
    private static let piece = 1 << 18

    /// Names the folder; it is made when something is put there.
    public init(folder: String) { self.folder = folder }

    // MARK: Attaching

    /// Copies a file in, durably, and says how a change cites it.
    ///
    /// - Throws: a `Refusal` (`blob-too-large`, or `bad-field` for an empty file or a name that can't be one), or a
    ///   `ClientError` for what the disk can't do.
    public func attach(_ path: String, as name: String) throws -> FileReference {
        try stating {
            let source = try OpenFile(reading: path)
            let limit = try limit() ?? Self.standardLimit
            guard try source.size() <= limit else {
                throw Refusal(.blobTooLarge, ["name": name, "limit": String(limit)])
            }
            try DurableFile.makeFolder(folder)
            let draft = folder + "/attached-\(getpid())-\(SystemRandom.word())"
            defer { unlink(draft) }
            let (digest, size) = try Self.copy(source, to: draft, limit: limit)
            guard
                let file = FileReference(name: name, media: MediaType.named(name), size: size, digest: digest)
            else {
                let expected =
                    size == 0 ? "a file with something in it" : "a name of 1 to 255 bytes without / and controls"
                throw Refusal(.badField, ["field": name, "expected": expected])
            }
            try DurableFile.makeFolder(folder(of: digest))
            try DurableFile.move(draft, to: self.path(of: digest))
            return file
        }
    }

    /// Copies what there is, durable in the file but not in its folder, and answers its digest and size.
    private static func copy(
        _ source: borrowing OpenFile, to path: String, limit: Int
    ) throws -> (Digest, Int) {
        let target = try OpenFile(writing: path, mode: 0o600)
        var hash = SHA256()
        var size = 0
        while true {
            let bytes = try source.read(at: size, count: piece)
            if bytes.isEmpty { break }
            hash.update(bytes)
            try target.write(bytes[...], at: size)
            size += bytes.count
            // It may grow while it is read.
            guard size <= limit else { throw Refusal(.blobTooLarge, ["name": path, "limit": String(limit)]) }
        }
        try target.sync()
        guard let digest = Digest(bytes: hash.finalize()) else { preconditionFailure("SHA-256 has 32 bytes") }
        return (digest, size)
    }

    /// Keeps what the server said it takes, so that a larger file is refused at the keyboard.
    public func noteLimit(_ limit: Int) throws(ClientError) {
        try saying { () throws(FileError) in
            guard try self.limit() != limit else { return }
            try DurableFile.makeFolder(folder)
            try DurableFile.write(Array((String(limit) + "\n").utf8), to: folder + "/limit", mode: 0o600)
        }
    }

    private func limit() throws(FileError) -> Int? {
        let path = folder + "/limit"
        guard try DurableFile.size(path) != nil else { return nil }
        return Int(String(decoding: try DurableFile.read(path).filter { $0 != 0x0A }, as: UTF8.self))
    }

    // MARK: What is here

    /// Whether a file is here, whole.
    public func has(_ file: FileReference) throws(ClientError) -> Bool {
        try saying { () throws(FileError) in try DurableFile.size(path(of: file.digest)) == file.size }
    }

    /// The same for whoever shows it: one look at the folder, which is no reason to wait in line.
    public nonisolated func isHere(_ file: FileReference) -> Bool {
        let path = folder + "/" + file.digest.text.prefix(2) + "/" + file.digest.text
        return (try? DurableFile.size(path)) == file.size
    }

    /// Why a file that is to be sent can't be, `nil` where its copy here is as it was. O(bytes).
    public func fault(of file: FileReference) throws(ClientError) -> Refusal? {
        try saying { () throws(FileError) in
            let path = path(of: file.digest)
            guard try DurableFile.size(path) != nil else {
                return Refusal(.blobMissing, ["name": file.name, "sha256": file.digest.text])
            }
            return try Self.digest(of: path) == file.digest ? nil : Refusal(.blobMismatch, ["name": file.name])
        }
    }

    /// Bytes of a file that is here, from an offset on.
    public func read(_ file: FileReference, at offset: Int, count: Int) throws(ClientError) -> [UInt8] {
        try saying { () throws(FileError) in
            try OpenFile(reading: path(of: file.digest)).read(at: offset, count: count)
        }
    }

    /// Copies a file that is here to a path, and checks it on the way. It appears there whole or not at all.
    ///
    /// - Throws: `blob-mismatch` where the copy here is no longer what it was.
    public func copy(_ file: FileReference, to target: String) throws {
        try stating {
            let draft = target + ".new"
            unlink(draft)
            defer { unlink(draft) }
            let source = try OpenFile(reading: path(of: file.digest))
            let (digest, _) = try Self.copy(source, to: draft, limit: FileReference.maximumSize)
            guard digest == file.digest else { throw Refusal(.blobMismatch, ["name": file.name]) }
            try DurableFile.move(draft, to: target)
        }
    }

    // MARK: Fetching

    /// How many bytes of a file were fetched that isn't whole.
    public func fetchedBytes(of file: FileReference) throws(ClientError) -> Int {
        try saying { () throws(FileError) in try DurableFile.size(part(of: file)) ?? 0 }
    }

    /// Keeps the next bytes of a file that is being fetched.
    public func append(_ bytes: [UInt8], to file: FileReference, at offset: Int) throws(ClientError) {
        guard !bytes.isEmpty else { return }
        try saying { () throws(FileError) in
            try DurableFile.makeFolder(folder)
            try DurableFile.makeFolder(folder + "/fetching")
            let target = try OpenFile(writing: part(of: file), mode: 0o600)
            // Another command may fetch it at the same time; the same bytes go to the same place.
            try target.write(bytes[...], at: offset)
        }
    }

    /// Makes a file that was fetched to its end one that is here, durably, where its digest is right.
    ///
    /// - Returns: whether it is; if not, what was fetched is gone.
    public func settle(_ file: FileReference) throws(ClientError) -> Bool {
        try saying { () throws(FileError) in
            let part = part(of: file)
            guard try DurableFile.size(part) != nil else {
                return try DurableFile.size(path(of: file.digest)) != nil
            }
            guard try Self.digest(of: part) == file.digest else {
                try DurableFile.remove(part)
                return false
            }
            try OpenFile(reading: part).sync()
            try DurableFile.makeFolder(folder(of: file.digest))
            try DurableFile.move(part, to: path(of: file.digest))
            return true
        }
    }

    private static func digest(of path: String) throws(FileError) -> Digest? {
        let file = try OpenFile(reading: path)
        var hash = SHA256()
        var offset = 0
        while true {
            let bytes = try file.read(at: offset, count: piece)
            hash.update(bytes)
            offset += bytes.count
            if bytes.count < piece { return Digest(bytes: hash.finalize()) }
        }
    }

    private func path(of digest: Digest) -> String { folder(of: digest) + "/" + digest.text }

    private func folder(of digest: Digest) -> String { folder + "/" + digest.text.prefix(2) }

    private func part(of file: FileReference) -> String { folder + "/fetching/" + file.digest.text }

    private func saying<Value>(_ body: () throws(FileError) -> Value) throws(ClientError) -> Value {
        do throws(FileError) { return try body() } catch { throw ClientError(error) }
    }

    private func stating<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as FileError {
            throw ClientError(error)
        }
    }
}

/// Runs an actor on a queue, away from the threads that may not wait.
private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "regiopost.files")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
