import RegiopostModel

/// A piece of a blob that is to be read.
public struct BlobRead: Equatable, Sendable {
    /// The FETCH that it is for.
    public let tag: RequestTag
    /// The blob.
    public let digest: Digest
    /// The first byte wanted.
    public let offset: Int
    /// How many at most, at least 1.
    public let count: Int
    /// Whether this is the first piece of its FETCH, for which rights are asked.
    public let isFirst: Bool

    /// Makes a request for a piece.
    public init(tag: RequestTag, digest: Digest, offset: Int, count: Int, isFirst: Bool) {
        self.tag = tag
        self.digest = digest
        self.offset = offset
        self.count = count
        self.isFirst = isFirst
    }
}

/// What the blobs answer to a `BlobRead`.
public enum BlobAnswer: Equatable, Sendable {
    /// Bytes from the offset on, none only at the end, and how many the whole blob has.
    case bytes([UInt8], size: Int)
    /// There is no such blob, or none that this address may have: nobody learns which.
    case unknown
    /// This address may have nothing now.
    case refused(Refusal)
    /// The blobs can't be read now.
    case unavailable
}

extension ServerSession {
    /// A BLOB whose bytes are coming.
    struct Incoming: Equatable {
        let tag: RequestTag
        var rest: Int
        /// Whether anybody wants them; refused ones are passed over.
        var isTaken: Bool
    }

    /// A FETCH under way.
    struct Fetch: Equatable {
        let tag: RequestTag
        let digest: Digest
        var offset: Int
        var rest: Int
        var isFirst = true
    }

    // MARK: What comes

    /// How many of the bytes that a line announced have not come yet: they are no lines.
    public var countedBytes: Int { incoming?.rest ?? 0 }

    /// Some of the bytes came that a BLOB announced; no more than `countedBytes`.
    public mutating func bytesReceived(_ bytes: ArraySlice<UInt8>) -> [Action] {
        guard phase == .open, var incoming else { return [] }
        precondition(bytes.count <= incoming.rest, "more bytes than were announced")
        incoming.rest -= bytes.count
        self.incoming = incoming.rest > 0 ? incoming : nil
        guard incoming.isTaken else { return [] }
        return [.writeBlob(incoming.tag, bytes)] + (incoming.rest > 0 ? [] : [.endBlob(incoming.tag)])
    }

    mutating func take(_ chunk: BlobChunk, _ tag: RequestTag) -> [Action] {
        guard chunk.count <= limits.chunk else {
            return [refuse(tag, .chunkTooLong, ["limit": String(limits.chunk)])] + end(.bye(.chunkTooLong))
        }
        guard let refusal = tooLarge(chunk.blob, tag) else {
            incoming = Incoming(tag: tag, rest: chunk.count, isTaken: true)
            underWay.insert(tag)
            return [.beginBlob(tag, chunk)]
        }
        passOver(chunk, tag)
        return [refusal]
    }

    /// The bytes of a piece that was refused come all the same, and must not be read as lines.
    mutating func passOver(_ chunk: BlobChunk, _ tag: RequestTag) {
        incoming = Incoming(tag: tag, rest: chunk.count, isTaken: false)
    }

    func tooLarge(_ blob: Blob, _ tag: RequestTag) -> Action? {
        guard blob.size > limits.blob else { return nil }
        return refuse(tag, .blobTooLarge, ["limit": String(limits.blob)])
    }

    /// How much of the blob there is, or why that isn't told.
    public mutating func offerAnswered(_ tag: RequestTag, _ answer: Result<BlobProgress, Refusal>) -> [Action] {
        answered(tag, answer.map(Reply.offer))
    }

    /// The piece is durable, or was refused: then the rest of it may still be coming, and is passed over.
    public mutating func blobAnswered(_ tag: RequestTag, _ answer: Result<BlobProgress, Refusal>) -> [Action] {
        if incoming?.tag == tag { incoming?.isTaken = false }
        return answered(tag, answer.map(Reply.blob))
    }

    /// A piece that is still coming when the connection ends is not answered as done.
    mutating func abandonIncoming() -> [Action] {
        guard let incoming, incoming.isTaken, underWay.remove(incoming.tag) != nil else { return [] }
        return [refuse(incoming.tag, .stopping)]
    }

    // MARK: What is sent

    mutating func fetch(_ digest: Digest, _ offset: Int, _ count: Int?, _ tag: RequestTag) -> [Action] {
        underWay.insert(tag)
        let rest = min(count ?? limits.chunk, limits.chunk)
        fetches.append(Fetch(tag: tag, digest: digest, offset: offset, rest: rest))
        return readBlob()
    }

    /// Reads the next piece of the first FETCH, one piece at a time, where the client keeps up.
    mutating func readBlob() -> [Action] {
        guard !isReadingBlob, !isBackedUp, let fetch = fetches.first else { return [] }
        isReadingBlob = true
        return [
            .readBlob(
                BlobRead(
                    tag: fetch.tag, digest: fetch.digest, offset: fetch.offset,
                    count: min(fetch.rest, Limits.outputPiece), isFirst: fetch.isFirst))
        ]
    }

    /// A piece of a blob was read, or couldn't be.
    public mutating func blobRead(_ read: BlobRead, _ answer: BlobAnswer) -> [Action] {
        guard phase != .ended, isReadingBlob, var fetch = fetches.first, fetch.tag == read.tag else { return [] }
        isReadingBlob = false
        switch answer {
        case .bytes(let bytes, let size):
            guard bytes.count <= read.count, fetch.offset + bytes.count <= size else {
                return refuseFetch(fetch.tag, .blobOffset, ["offset": String(size)])
            }
            let announcement = ServerMessage.blob(fetch.digest, offset: fetch.offset, count: bytes.count).line
            let sent: [Action] = bytes.isEmpty ? [] : [.send(announcement), .send(bytes)]
            fetch.offset += bytes.count
            fetch.rest -= bytes.count
            fetch.isFirst = false
            fetches[0] = fetch
            guard fetch.rest == 0 || fetch.offset == size || bytes.isEmpty else { return sent + readBlob() }
            fetches.removeFirst()
            underWay.remove(fetch.tag)
            let reply = Reply.fetch(fetch.digest, offset: fetch.offset, size: size)
            return sent + [.send(Self.line(fetch.tag, reply))] + readBlob() + finishIfDone()
        case .unknown: return refuseFetch(fetch.tag, .blobUnknown)
        case .refused(let refusal): return refuseFetch(fetch.tag, refusal.code, refusal.details)
        case .unavailable: return refuseFetch(fetch.tag, .unavailable)
        }
    }

    private mutating func refuseFetch(
        _ tag: RequestTag, _ code: RefusalCode, _ details: [String: String] = [:]
    ) -> [Action] {
        fetches.removeFirst()
        underWay.remove(tag)
        return [refuse(tag, code, details)] + readBlob() + finishIfDone()
    }
}
