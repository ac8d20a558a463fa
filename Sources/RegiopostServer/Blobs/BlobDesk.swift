import Dispatch
import RegiopostFiles
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// Takes blobs and gives them out, to those who may have them. The disk's work is done on queues of its own.
public final class BlobDesk: Sendable {
    /// What is known of a file that a change cites.
    struct Standing: Sendable {
        /// How many bytes the blob has; `nil` where there is none.
        let size: Int?
        /// Whether the change's author has uploaded it.
        let isUploaded: Bool
    }

    /// After so many days without a change, what nothing cites is dropped.
    static let patience = 7

    let folder: BlobFolder
    private let rights: BlobRights
    private let uploadQueues = (0..<4).map { DispatchQueue(label: "regiopost.uploads.\($0)") }
    private let readQueues = (0..<4).map { DispatchQueue(label: "regiopost.blobs.\($0)") }

    init(folder: BlobFolder, rights: BlobRights) {
        self.folder = folder
        self.rights = rights
    }

    // MARK: Taking

    /// How much of a blob is there for this address.
    func offer(_ blob: Blob, by address: Address) async -> Result<BlobProgress, Refusal> {
        do {
            if let refusal = try await rights.refusal(of: address) { return .failure(refusal) }
            let progress = try await run(on: queue(blob, address)) { [folder] in
                try folder.progress(of: blob, by: address)
            }
            if progress.isComplete { return .success(progress) }
            if try await hasOtherwise(blob, address) {
                return .success(BlobProgress(digest: blob.digest, offset: blob.size, isComplete: true))
            }
            if progress.offset == 0 { try await makeRoom(for: blob, address) }
            return .success(progress)
        } catch {
            return .failure(error as? Refusal ?? Refusal(.unavailable))
        }
    }

    /// Begins to take a piece.
    func upload(_ chunk: BlobChunk, by address: Address) -> BlobUpload {
        BlobUpload(chunk, by: address, folder: folder, queue: queue(chunk.blob, address))
    }

    /// Uploads of one blob by one address follow one another.
    private func queue(_ blob: Blob, _ address: Address) -> DispatchQueue {
        var hasher = Hasher()
        hasher.combine(blob.digest)
        hasher.combine(address)
        return uploadQueues[Int(UInt(bitPattern: hasher.finalize()) % UInt(uploadQueues.count))]
    }

    /// Whether a change that the address sees cites it.
    private func hasOtherwise(_ blob: Blob, _ address: Address) async throws -> Bool {
        let size = try await run(on: readQueue(blob.digest)) { [folder] in try folder.size(of: blob.digest) }
        guard size == blob.size else { return false }
        return try await rights.isCited(blob.digest, visibleTo: address)
    }

    /// Forgets uploads that are cited by now where that makes room.
    private func makeRoom(for blob: Blob, _ address: Address) async throws {
        let queue = readQueue(blob.digest)
        func hasRoom() async throws -> Bool {
            try await run(on: queue) { [folder] in try folder.hasRoom(for: blob, of: address) }
        }
        if try await hasRoom() { return }
        for trace in try await run(on: queue, { [folder] in try folder.traces(of: address) }) where trace.isDone {
            guard try await rights.isCited(trace.blob.digest, visibleTo: address) else { continue }
            try await run(on: queue) { [folder] in try folder.forget(trace) }
        }
        guard try await hasRoom() else { throw Refusal(.uploadsFull, ["limit": String(folder.uploadLimit)]) }
    }

    // MARK: Giving

    /// Reads a piece of a blob, if the address may have it now.
    func read(_ read: BlobRead, for address: Address) async -> BlobAnswer {
        do {
            let queue = readQueue(read.digest)
            if read.isFirst, let refusal = try await rights.refusal(of: address) { return .refused(refusal) }
            guard let size = try await run(on: queue, { [folder] in try folder.size(of: read.digest) }) else {
                return .unknown
            }
            if read.isFirst {
                let blob = Blob(digest: read.digest, size: size)
                let isOwn = try await run(on: queue) { [folder] in try folder.isUploaded(blob, by: address) }
                guard isOwn ? true : try await rights.isCited(read.digest, visibleTo: address) else {
                    return .unknown
                }
            }
            let found = try await run(on: queue) { [folder] in
                try folder.read(read.digest, at: read.offset, count: read.count)
            }
            return found.map { .bytes($0.bytes, size: $0.size) } ?? .unknown
        } catch {
            return .unavailable
        }
    }

    /// What is known of a file that a change of this address cites.
    func standing(of file: FileReference, for address: Address) async throws -> Standing {
        try await run(on: readQueue(file.digest)) { [folder] in
            let blob = Blob(digest: file.digest, size: file.size)
            return Standing(
                size: try folder.size(of: file.digest), isUploaded: try folder.isUploaded(blob, by: address))
        }
    }

    private func readQueue(_ digest: Digest) -> DispatchQueue {
        readQueues[Int(digest.bytes[0]) % readQueues.count]
    }

    // MARK: Keeping in order

    /// Drops what was begun or uploaded and left for `patience` days without a change that cites it. Only before anybody is
    /// served: a change that cites it could be on its way.
    func clean(now: Timestamp) async throws {
        let horizon = Int(now.milliseconds / 1_000) - Self.patience * 86_400
        let stale = try await run(on: readQueues[0]) { [folder] in
            var stale: [BlobFolder.Trace] = []
            for address in try folder.addresses() {
                for trace in try folder.traces(of: address) where try folder.lastWritten(trace) ?? 0 < horizon {
                    stale.append(trace)
                }
            }
            return stale
        }
        for trace in stale {
            try await run(on: readQueues[0]) { [folder] in try folder.forget(trace) }
            let digest = trace.blob.digest
            guard trace.isDone, try await !rights.isCited(digest) else { continue }
            try await run(on: readQueues[0]) { [folder] in
                for address in try folder.addresses() where try folder.isUploaded(trace.blob, by: address) {
                    return
                }
                try folder.remove(digest)
            }
        }
    }

    /// How many blobs there are, and of how many bytes in all.
    func count() async throws -> (blobs: Int, bytes: Int) {
        try await run(on: readQueues[0]) { [folder] in
            let all = try folder.all()
            return (all.count, try all.reduce(0) { $0 + (try folder.size(of: $1) ?? 0) })
        }
    }

    /// Every blob whose bytes aren't those of its name, and how many there are. O(bytes).
    func damaged() async throws -> (damaged: [Digest], count: Int) {
        try await run(on: readQueues[0]) { [folder] in
            let all = try folder.all()
            let damaged = try all.filter { try BlobFolder.digest(of: folder.path(of: $0)) != $0 }
            return (damaged, all.count)
        }
    }

    private func run<Value: Sendable>(
        on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}
