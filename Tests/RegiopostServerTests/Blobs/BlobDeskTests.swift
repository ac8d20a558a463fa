import Foundation
import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("Blobs on a server's disk") struct BlobDeskTests {
    private let place = TemporaryFolder()
    private let journal: InMemoryJournal
    private let reader: DirectoryReader

    init() {
        journal = InMemoryJournal(epoch: "e")
        reader = DirectoryReader(journal: journal)
    }

    private func desk(uploadLimit: Int = 1 << 30) throws -> BlobDesk {
        let folder = BlobFolder(
            blobs: place.path + "/blobs", uploads: place.path + "/uploads", uploadLimit: uploadLimit)
        try folder.prepare()
        return BlobDesk(folder: folder, rights: BlobRights(journal: journal, directory: reader))
    }

    private func blob(_ bytes: [UInt8]) -> Blob { Blob(digest: Service.digest(bytes), size: bytes.count) }

    private func address(_ text: String) throws -> Address { try #require(Address(text)) }

    private func upload(
        _ bytes: [UInt8], of blob: Blob, at offset: Int, by address: Address, _ desk: BlobDesk
    ) async -> Result<BlobProgress, Refusal> {
        let chunk = BlobChunk(blob: blob, offset: offset, count: bytes.count)
        let upload = desk.upload(chunk, by: address)
        for start in stride(from: 0, to: bytes.count, by: 7_000) {
            upload.write(bytes[start..<min(start + 7_000, bytes.count)]) {}
        }
        return await withCheckedContinuation { continuation in
            upload.finish { continuation.resume(returning: $0) }
        }
    }

    private func read(_ blob: Blob, for address: Address, _ desk: BlobDesk) async throws -> BlobAnswer {
        let tag = try #require(RequestTag("1"))
        return await desk.read(
            BlobRead(tag: tag, digest: blob.digest, offset: 0, count: 1_000_000, isFirst: true), for: address)
    }

    private func code(_ result: Result<BlobProgress, Refusal>) -> RefusalCode? {
        if case .failure(let refusal) = result { refusal.code } else { nil }
    }

    private let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    @Test("a blob goes up in pieces, goes on after an interruption, and is there for who sent it alone")
    func pieces()
        async throws
    {
        let (griffie, college) = (try address("gm0503/griffie"), try address("gm0503/college"))
        let blob = blob(bytes)
        let first = try desk()
        #expect(try await first.offer(blob, by: griffie).get().offset == 0)
        #expect(
            try await upload(Array(bytes.prefix(20_000)), of: blob, at: 0, by: griffie, first).get().offset
                == 20_000)
        // Cut off in the middle of a piece: what had come is kept.
        let cut = first.upload(BlobChunk(blob: blob, offset: 20_000, count: 30_000), by: griffie)
        await withCheckedContinuation { continuation in
            cut.write(bytes[20_000..<25_000]) { continuation.resume() }
        }
        let again = try desk()
        #expect(
            try await again.offer(blob, by: griffie).get()
                == BlobProgress(digest: blob.digest, offset: 25_000, isComplete: false))
        #expect(try await again.offer(blob, by: college).get().offset == 0)
        #expect(
            code(await upload(Array(bytes.suffix(10)), of: blob, at: 49_990, by: griffie, again)) == .blobOffset)
        let rest = await upload(Array(bytes.dropFirst(25_000)), of: blob, at: 25_000, by: griffie, again)
        #expect(try rest.get() == BlobProgress(digest: blob.digest, offset: blob.size, isComplete: true))
        #expect(try await again.offer(blob, by: griffie).get().isComplete)
        #expect(try await read(blob, for: griffie, again) == .bytes(bytes, size: bytes.count))
        // The same bytes are no secret's proof: another address has to bring them itself.
        #expect(try await read(blob, for: college, again) == .unknown)
        #expect(try await again.offer(blob, by: college).get().offset == 0)
        #expect(code(await upload([1], of: blob, at: 0, by: griffie, again)) == .blobOffset)
    }

    @Test("other bytes than the digest says are dropped, and the right ones can be sent again") func mismatch()
        async throws
    {
        let griffie = try address("gm0503/griffie")
        let desk = try desk()
        let blob = blob(bytes)
        var wrong = bytes
        wrong[49_999] ^= 1
        #expect(code(await upload(wrong, of: blob, at: 0, by: griffie, desk)) == .blobMismatch)
        #expect(try await desk.offer(blob, by: griffie).get().offset == 0)
        #expect(try await read(blob, for: griffie, desk) == .unknown)
        #expect(try await upload(bytes, of: blob, at: 0, by: griffie, desk).get().isComplete)
    }

    @Test("a blob that was whole when the server died is checked at the next offer") func wholeButUnchecked()
        async throws
    {
        let griffie = try address("gm0503/griffie")
        let desk = try desk()
        let (good, bad) = (blob(bytes), Blob(digest: Service.digest([1]), size: bytes.count))
        for blob in [good, bad] {
            let file = try desk.folder.openPart(blob, by: griffie)
            try file.write(bytes[...], at: 0)
        }
        #expect(try await desk.offer(good, by: griffie).get().isComplete)
        #expect(code(await desk.offer(bad, by: griffie)) == .blobMismatch)
        #expect(try await desk.offer(bad, by: griffie).get().offset == 0)
    }

    @Test("an address fills no disk with what nothing cites, and what is cited makes room") func quota()
        async throws
    {
        let griffie = try address("gm0503/griffie")
        let desk = try desk(uploadLimit: 80_000)
        let first = blob(bytes)
        let other = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try await upload(bytes, of: first, at: 0, by: griffie, desk).get().isComplete)
        #expect(code(await desk.offer(blob(other), by: griffie)) == .uploadsFull)
        #expect(code(await upload(other, of: blob(other), at: 0, by: griffie, desk)) == .uploadsFull)
        #expect(try await desk.offer(blob(other), by: try address("gm0503/college")).get().offset == 0)
        try await cite(first, in: try Story())
        #expect(try await desk.offer(blob(other), by: griffie).get().offset == 0)
        #expect(try await upload(other, of: blob(other), at: 0, by: griffie, desk).get().isComplete)
        #expect(try await read(first, for: griffie, desk) == .bytes(bytes, size: bytes.count))
    }

    /// Puts a letter to Delft and Den Haag that cites the blob into the journal, with the directory that it takes.
    @discardableResult private func cite(_ blob: Blob, in story: Story) async throws -> Change {
        var story = story
        guard case .letterPublish(let plain) = try story.letter() else { throw Refusal(.badField) }
        let file = try #require(
            FileReference(name: "kaart.pdf", media: "application/pdf", size: blob.size, digest: blob.digest))
        let letter = LetterContent(
            dossier: plain.dossier, document: plain.document, date: plain.date, title: plain.title,
            region: plain.region, attachments: 1, files: [file], recipients: plain.recipients, copies: plain.copies,
            text: plain.text)
        let directory = story.accepted
        let change = try story.accept(Story.secretariaat, nil, .letterPublish, .letterPublish(letter))
        for (index, change) in (directory + [change]).enumerated() {
            let isDirectory = index < directory.count
            try await journal.appendAll([
                Proposal(
                    id: change.id, line: change.line(), digest: Service.digest(change.line()),
                    subject: change.subject, author: .address(change.author), expectedHead: nil,
                    expectedDirectoryHead: isDirectory ? index : directory.count,
                    mailboxes: isDirectory ? [.directory] : [.address(change.author)],
                    cites: Set(change.body.files.map(\.digest)), receivedAt: change.time)
            ])
        }
        reader.grew()
        return change
    }

    @Test("who sees a change that cites a blob may have it, and nobody else") func audience() async throws {
        let desk = try desk()
        let blob = blob(bytes)
        let sender = try address(Story.secretariaat)
        #expect(try await upload(bytes, of: blob, at: 0, by: sender, desk).get().isComplete)
        try await cite(blob, in: try Story())
        for name in ["gm0503/griffie", "gm0518/college", Story.accounthouder, Story.secretariaat] {
            #expect(
                try await read(blob, for: try address(name), desk) == .bytes(bytes, size: bytes.count), "\(name)")
            #expect(try await desk.offer(blob, by: try address(name)).get().isComplete, "\(name)")
        }
        for name in ["gm0505/griffie", "gm0603/college", "gm0503/raadslid", "pv28/beheerder"] {
            #expect(try await read(blob, for: try address(name), desk) == .unknown, "\(name)")
            #expect(try await desk.offer(blob, by: try address(name)).get().offset == 0, "\(name)")
        }
    }

    @Test("what nobody came back to for a week is dropped, and nothing that a change cites") func cleaning()
        async throws
    {
        let griffie = try address("gm0503/griffie")
        let desk = try desk()
        let (cited, loose, part) = (blob(bytes), blob([1, 2, 3]), blob([4, 5, 6]))
        #expect(try await upload(bytes, of: cited, at: 0, by: griffie, desk).get().isComplete)
        #expect(try await upload([1, 2, 3], of: loose, at: 0, by: griffie, desk).get().isComplete)
        #expect(try await upload([4], of: part, at: 0, by: griffie, desk).get().offset == 1)
        try await cite(cited, in: try Story())
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        try await desk.clean(now: now)
        #expect(try await desk.count().blobs == 2)
        #expect(try desk.folder.traces(of: griffie).count == 3)
        try await desk.clean(now: now.adding(milliseconds: 8 * 86_400_000))
        #expect(try desk.folder.traces(of: griffie).isEmpty)
        #expect(try desk.folder.all() == [cited.digest])
        #expect(try await read(cited, for: try address("gm0503/college"), desk) == .bytes(bytes, size: bytes.count))
    }

    @Test("what the disk does to a blob shows, and the same bytes sent again mend it") func damage() async throws {
        let desk = try desk()
        let griffie = try address("gm0503/griffie")
        let blob = blob(bytes)
        #expect(try await upload(bytes, of: blob, at: 0, by: griffie, desk).get().isComplete)
        #expect(try await desk.damaged().damaged == [])
        let file = try OpenFileForTests(desk.folder.path(of: blob.digest))
        try file.overwrite()
        #expect(try await desk.damaged().damaged == [blob.digest])
        let college = try address("gm0503/college")
        #expect(try await upload(bytes, of: blob, at: 0, by: college, desk).get().isComplete)
        #expect(try await desk.damaged().damaged == [])
    }
}

/// Spoils one byte of a file.
private struct OpenFileForTests {
    private let handle: FileHandle

    init(_ path: String) throws { handle = try FileHandle(forUpdating: URL(filePath: path)) }

    func overwrite() throws {
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data([0xEE]))
        try handle.close()
    }
}
