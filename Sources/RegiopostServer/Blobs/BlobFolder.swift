import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostModel
import RegiopostWire

/// Blobs in files. `blobs/ab/abcd…` is a blob whose digest was checked; `uploads/ADDRESS/` has, for one address, what is not
/// whole yet (`DIGEST-SIZE.part`), and which blobs it has uploaded (`DIGEST-SIZE.done`, empty).
///
/// Every method blocks. Uploads of one blob by one address must not run at the same time as each other.
package struct BlobFolder: Sendable {
    /// Where blobs are.
    let blobs: String
    /// Where uploads are.
    let uploads: String
    /// How many bytes one address may have uploaded that nothing cites yet.
    let uploadLimit: Int

    /// Names both folders, and how many bytes one address may have uploaded that nothing cites yet.
    package init(blobs: String, uploads: String, uploadLimit: Int) {
        self.blobs = blobs
        self.uploads = uploads
        self.uploadLimit = uploadLimit
    }

    /// How much is hashed or verified at once, in bytes.
    private static let piece = 1 << 18

    /// Makes both folders where they aren't there.
    func prepare() throws(FileError) {
        try DurableFile.makeFolder(blobs)
        try DurableFile.makeFolder(uploads)
    }

    // MARK: Blobs

    /// How many bytes a blob has, `nil` where it isn't there, whoever asks.
    func size(of digest: Digest) throws(FileError) -> Int? { try DurableFile.size(path(of: digest)) }

    /// Bytes of a blob from an offset on, none past its end, and how many it has; `nil` where it isn't there.
    func read(_ digest: Digest, at offset: Int, count: Int) throws(FileError) -> (bytes: [UInt8], size: Int)? {
        guard try size(of: digest) != nil else { return nil }
        let file = try OpenFile(reading: path(of: digest))
        return (try file.read(at: offset, count: count), try file.size())
    }

    /// The digest of what is in a file. O(its size), of which little is held at once.
    static func digest(of path: String) throws(FileError) -> Digest? {
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

    /// Every blob there is, by name. O(blobs).
    func all() throws(FileError) -> [Digest] {
        var digests: [Digest] = []
        for folder in try DurableFile.names(in: blobs) {
            digests += try DurableFile.names(in: blobs + "/" + folder).compactMap(Digest.init(_:))
        }
        return digests.sorted { $0.text < $1.text }
    }

    /// Takes a blob away that nothing cites.
    func remove(_ digest: Digest) throws(FileError) { try DurableFile.remove(path(of: digest)) }

    func path(of digest: Digest) -> String { folder(of: digest) + "/" + digest.text }

    private func folder(of digest: Digest) -> String { blobs + "/" + digest.text.prefix(2) }

    // MARK: Uploads

    /// Whether this address has uploaded that blob, whole.
    func isUploaded(_ blob: Blob, by address: Address) throws(FileError) -> Bool {
        guard try DurableFile.size(done(blob, address)) != nil else { return false }
        return try size(of: blob.digest) == blob.size
    }

    /// How much of a blob is there from this address, durable. What was whole when something went wrong is checked now.
    func progress(of blob: Blob, by address: Address) throws -> BlobProgress {
        if try isUploaded(blob, by: address) {
            return BlobProgress(digest: blob.digest, offset: blob.size, isComplete: true)
        }
        let part = part(blob, address)
        guard let held = try DurableFile.size(part) else {
            return BlobProgress(digest: blob.digest, offset: 0, isComplete: false)
        }
        if held == blob.size { return try complete(blob, by: address) }
        try OpenFile(reading: part).sync()
        try DurableFile.syncFolder(of: part)
        return BlobProgress(digest: blob.digest, offset: held, isComplete: false)
    }

    /// How many bytes of a blob lie here unchecked from this address.
    func held(_ blob: Blob, by address: Address) throws(FileError) -> Int {
        try DurableFile.size(part(blob, address)) ?? 0
    }

    /// The file that a blob of this address grows in.
    func openPart(_ blob: Blob, by address: Address) throws(FileError) -> OpenFile {
        try DurableFile.makeFolder(folder(of: address))
        return try OpenFile(writing: part(blob, address), mode: 0o600)
    }

    /// Makes durable that the file is there.
    func syncPart(_ blob: Blob, by address: Address) throws(FileError) {
        try DurableFile.syncFolder(folder(of: address))
    }

    /// Checks what was uploaded and makes it a blob of this address.
    ///
    /// - Throws: `blob-mismatch` where the bytes are others: then they are gone.
    func complete(_ blob: Blob, by address: Address) throws -> BlobProgress {
        let part = part(blob, address)
        guard try Self.digest(of: part) == blob.digest else {
            try DurableFile.remove(part)
            throw Refusal(.blobMismatch)
        }
        // First whose it is: a cut in between leaves the whole part, which the next offer finds.
        try DurableFile.write([], to: done(blob, address), mode: 0o600)
        try DurableFile.makeFolder(folder(of: blob.digest))
        try DurableFile.move(part, to: path(of: blob.digest))
        return BlobProgress(digest: blob.digest, offset: blob.size, isComplete: true)
    }

    /// What an address has uploaded, or begun to.
    struct Trace: Hashable, Sendable {
        let blob: Blob
        let isDone: Bool
        let address: Address
    }

    /// What this address has uploaded or begun to, beside what is cited. O(its uploads).
    func traces(of address: Address) throws(FileError) -> [Trace] {
        try DurableFile.names(in: folder(of: address)).compactMap { Self.trace($0, address) }
    }

    /// The addresses that have something here.
    func addresses() throws(FileError) -> [Address] {
        try DurableFile.names(in: uploads).compactMap { Address($0.replacing(".", with: "/", maxReplacements: 1)) }
    }

    /// When somebody last added to it, in seconds since 1970.
    func lastWritten(_ trace: Trace) throws(FileError) -> Int? { try DurableFile.lastWritten(path(of: trace)) }

    /// Forgets what an address has uploaded, or begun to. The blob stays.
    func forget(_ trace: Trace) throws(FileError) { try DurableFile.remove(path(of: trace)) }

    /// Whether there is room for so many bytes more of this address.
    func hasRoom(for blob: Blob, of address: Address) throws(FileError) -> Bool {
        let others = try traces(of: address).filter { $0.blob != blob }
        return others.reduce(blob.size) { $0 + $1.blob.size } <= uploadLimit
    }

    private func path(of trace: Trace) -> String {
        trace.isDone ? done(trace.blob, trace.address) : part(trace.blob, trace.address)
    }

    private static func trace(_ name: String, _ address: Address) -> Trace? {
        let words = name.split(whereSeparator: { $0 == "-" || $0 == "." })
        guard words.count == 3, let digest = Digest(String(words[0])), let size = Int(words[1]), size > 0,
            words[2] == "part" || words[2] == "done"
        else { return nil }
        return Trace(blob: Blob(digest: digest, size: size), isDone: words[2] == "done", address: address)
    }

    private func part(_ blob: Blob, _ address: Address) -> String { name(blob, address) + ".part" }

    private func done(_ blob: Blob, _ address: Address) -> String { name(blob, address) + ".done" }

    private func name(_ blob: Blob, _ address: Address) -> String {
        folder(of: address) + "/" + blob.digest.text + "-" + String(blob.size)
    }

    private func folder(of address: Address) -> String {
        uploads + "/" + address.text.replacing("/", with: ".")
    }
}
