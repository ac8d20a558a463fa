import Dispatch
import RegiopostFiles
import RegiopostModel
import RegiopostWire

/// One piece of a blob on its way to the disk, away from event loops.
// Safe: everything that changes is touched on `queue` alone, on which uploads of one blob follow one another.
final class BlobUpload: @unchecked Sendable {
    private let folder: BlobFolder
    private let chunk: BlobChunk
    private let address: Address
    private let queue: DispatchQueue
    private var file: OpenFile?
    private var end: Int
    private var refusal: Refusal?

    /// Begins a piece.
    init(_ chunk: BlobChunk, by address: Address, folder: BlobFolder, queue: DispatchQueue) {
        self.chunk = chunk
        self.address = address
        self.folder = folder
        self.queue = queue
        end = chunk.offset
        queue.async { self.attempt { try self.open() } }
    }

    /// Keeps the next bytes; `done` is called when they need no memory any more.
    func write(_ bytes: ArraySlice<UInt8>, done: @escaping @Sendable () -> Void) {
        queue.async {
            self.attempt { try self.keep(bytes) }
            done()
        }
    }

    /// Makes the piece durable, checks the blob where it was the last one, and answers.
    func finish(_ answer: @escaping @Sendable (Result<BlobProgress, Refusal>) -> Void) {
        queue.async {
            var progress = BlobProgress(digest: self.chunk.blob.digest, offset: self.end, isComplete: false)
            self.attempt { progress = try self.settle() }
            self.file = nil
            answer(self.refusal.map { .failure($0) } ?? .success(progress))
        }
    }

    private func open() throws {
        let blob = chunk.blob
        let isThere = try folder.isUploaded(blob, by: address)
        let held = isThere ? blob.size : try folder.held(blob, by: address)
        guard held == chunk.offset, !isThere else { throw Refusal(.blobOffset, ["offset": String(held)]) }
        guard try held > 0 || folder.hasRoom(for: blob, of: address) else {
            throw Refusal(.uploadsFull, ["limit": String(folder.uploadLimit)])
        }
        file = try folder.openPart(blob, by: address)
    }

    private func keep(_ bytes: ArraySlice<UInt8>) throws {
        // Another connection of the address may have added to it meanwhile.
        guard let held = try file?.size(), held == end else { throw Refusal(.blobOffset, ["offset": String(end)]) }
        try file?.write(bytes, at: end)
        end += bytes.count
    }

    private func settle() throws -> BlobProgress {
        try file?.sync()
        if chunk.offset == 0 { try folder.syncPart(chunk.blob, by: address) }
        guard end == chunk.blob.size else {
            return BlobProgress(digest: chunk.blob.digest, offset: end, isComplete: false)
        }
        return try folder.complete(chunk.blob, by: address)
    }

    /// Does one step, unless one before it failed. What the disk doesn't take may be sent again later.
    private func attempt(_ step: () throws -> Void) {
        guard refusal == nil else { return }
        do {
            try step()
        } catch {
            refusal = error as? Refusal ?? Refusal(.unavailable)
        }
    }
}
