import RegiopostModel

/// A blob as requests name it: by what it must hash to, and how long it must be.
public struct Blob: Hashable, Sendable {
    /// The SHA-256 of its bytes.
    public let digest: Digest
    /// How many bytes it has, at least 1.
    public let size: Int

    /// Names a blob.
    public init(digest: Digest, size: Int) {
        self.digest = digest
        self.size = size
    }

    init(_ attributes: Attributes) throws(MessageError) {
        digest = try attributes.blobDigest()
        size = try attributes.required("size", Attributes.count)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.put("sha256", digest)
        bytes.put("size", size)
    }
}

/// A piece of a blob that follows a BLOB line.
public struct BlobChunk: Hashable, Sendable {
    /// The blob it is of.
    public let blob: Blob
    /// Where in the blob it begins.
    public let offset: Int
    /// How many bytes follow the line: at least 1, and not past the blob's end.
    public let count: Int

    /// Names a piece; it must lie within the blob.
    public init(blob: Blob, offset: Int, count: Int) {
        precondition(offset >= 0 && count >= 1 && count <= blob.size - offset, "a piece lies within its blob")
        self.blob = blob
        self.offset = offset
        self.count = count
    }

    init(_ attributes: Attributes) throws(MessageError) {
        blob = try Blob(attributes)
        offset = try attributes.offset(upTo: blob.size)
        count = try attributes.required("count", Attributes.count)
        guard count <= blob.size - offset else { throw MessageError("count") }
    }
}

/// How much of a blob a server holds.
public struct BlobProgress: Hashable, Sendable {
    /// The blob.
    public let digest: Digest
    /// How many of its bytes are there, from the first on.
    public let offset: Int
    /// Whether all are there and have that digest: then changes may cite it.
    public let isComplete: Bool

    /// Makes the value of a reply.
    public init(digest: Digest, offset: Int, isComplete: Bool) {
        self.digest = digest
        self.offset = offset
        self.isComplete = isComplete
    }

    init(_ attributes: Attributes) throws(MessageError) {
        digest = try attributes.blobDigest()
        offset = try attributes.required("offset", Attributes.number)
        isComplete = try attributes.required("complete", Attributes.bool)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.put("sha256", digest)
        bytes.put("offset", offset)
        bytes.put("complete", isComplete)
    }
}

/// What a server takes of blobs, as its greeting says.
public struct BlobLimits: Equatable, Sendable {
    /// The largest blob, in bytes.
    public let blob: Int
    /// How many bytes one BLOB carries, and one FETCH brings, at most.
    public let chunk: Int

    /// Makes limits.
    public init(blob: Int, chunk: Int) {
        self.blob = blob
        self.chunk = chunk
    }

    init(_ attributes: Attributes) throws(MessageError) {
        blob = try attributes.required("blob", Attributes.count)
        chunk = try attributes.required("chunk", Attributes.count)
    }
}

extension Attributes {
    /// The digest that names a blob.
    func blobDigest() throws(MessageError) -> Digest { try required("sha256", Digest.init) }

    /// A place in something of that size, its end included.
    func offset(upTo size: Int) throws(MessageError) -> Int {
        try required("offset") { text in Attributes.number(text).flatMap { $0 <= size ? $0 : nil } }
    }
}
