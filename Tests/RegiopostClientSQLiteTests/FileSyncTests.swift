import Foundation
import RegiopostClient
import RegiopostClientSQLite
import RegiopostCrypto
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Syncing files over a line that breaks") struct FileSyncTests {
    private let folder = TemporaryFolder()
    private let bytes = (0..<25_500).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }

    private func server(_ story: Story, seed: UInt64 = 1, breaks: Double = 0) -> SimulatedServer {
        SimulatedServer(story, seed: seed, breaks: breaks, digest: { Digest(bytes: SHA256.hash($0)) })
    }

    private struct Desk {
        let store: SQLiteClientStore
        let files: FileFolder
        let address: Address

        func engine(_ server: SimulatedServer, fetchLimit: Int = 1 << 20) -> SyncEngine {
            SyncEngine(
                store: store, connection: server.connection(for: address), files: files, fetchLimit: fetchLimit)
        }

        /// Syncs until nothing breaks any more; how often it did.
        func sync(_ server: SimulatedServer) async throws -> Int {
            for attempt in 0..<400 where (try? await engine(server).sync()) != nil { return attempt }
            server.mend()
            _ = try await engine(server).sync()
            return 400
        }
    }

    private func desk(_ address: String) throws -> Desk {
        Desk(
            store: try SQLiteClientStore(path: folder.file()), files: FileFolder(folder: folder.file()),
            address: try #require(Address(address)))
    }

    private func original(_ bytes: [UInt8]) throws -> String {
        let path = folder.file()
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// Queues a letter with these files.
    private func queue(_ files: [FileReference], _ story: inout Story, _ desk: Desk) async throws -> Change {
        guard case .letterPublish(let plain) = try story.letter() else { throw Refusal(.badField) }
        let letter = LetterContent(
            dossier: plain.dossier, document: plain.document, date: plain.date, title: plain.title,
            region: plain.region, attachments: files.count, files: files, recipients: plain.recipients,
            copies: plain.copies, text: plain.text)
        let change = try story.accept(Story.secretariaat, nil, .letterPublish, .letterPublish(letter))
        try await desk.store.enqueue(change, line: change.line(), key: nil)
        return change
    }

    @Test(
        "cut anywhere, on the way up and down, everything arrives and no byte goes twice",
        arguments: 1...30 as ClosedRange<UInt64>)
    func cut(seed: UInt64) async throws {
        var story = try Story()
        let server = server(story, seed: seed, breaks: 0.15)
        let province = try desk(Story.secretariaat)
        let path = try original(bytes)
        let file = try await province.files.attach(path, as: "kaart.pdf")
        // What happens to the original afterwards is nobody's business.
        try FileManager.default.removeItem(atPath: path)
        let change = try await queue([file], &story, province)
        let cuts = try await province.sync(server)
        #expect(server.writes[change.id] == 1)
        #expect(server.fileBytes.up == bytes.count, "after \(cuts) cuts")
        #expect(server.fileBytes.down == 0)
        let delft = try desk("gm0503/griffie")
        let cutsDown = try await delft.sync(server)
        #expect(try await delft.files.has(file))
        #expect(server.fileBytes.down == bytes.count, "after \(cutsDown) cuts")
        let copy = folder.file()
        try await delft.files.copy(file, to: copy)
        #expect(try Data(contentsOf: URL(filePath: copy)) == Data(bytes))
    }

    @Test("a copy that is no longer what was attached is not sent, and the change waits for its user")
    func changed()
        async throws
    {
        var story = try Story()
        let server = server(story)
        let province = try desk(Story.secretariaat)
        let store = folder.file()
        let files = FileFolder(folder: store)
        let file = try await files.attach(try original(bytes), as: "kaart.pdf")
        let desk = Desk(store: province.store, files: files, address: province.address)
        let change = try await queue([file], &story, desk)
        let copy = "\(store)/\(file.digest.text.prefix(2))/\(file.digest.text)"
        try Data(bytes.reversed()).write(to: URL(filePath: copy))
        let report = try await desk.engine(server).sync()
        #expect(report.refused == [change] && server.writes[change.id] == nil && server.fileBytes.up == 0)
        let item = try #require(try await desk.store.outbox().first)
        #expect(item.state == .refused(Refusal(.blobMismatch, ["name": "kaart.pdf"])) && !item.isTried)
        try FileManager.default.removeItem(atPath: copy)
        try await desk.store.settle(change.id, as: .queued)
        _ = try await desk.engine(server).sync()
        guard case .refused(let refusal) = try await desk.store.outbox().first?.state else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .blobMissing)
    }

    @Test("a file that the server doesn't take is refused, what builds on its change waits, and the rest goes out")
    func tooLarge() async throws {
        var story = try Story()
        let server = server(story)
        let province = try desk(Story.secretariaat)
        let big = try await province.files.attach(
            try original([UInt8](repeating: 1, count: 100_001)), as: "groot.zip")
        let letter = try await queue([big], &story, province)
        let withdrawal = try story.accept(
            Story.secretariaat, letter.subject, .letterWithdraw, .letterWithdraw(reason: "Fout."))
        try await province.store.enqueue(withdrawal, line: withdrawal.line(), key: nil)
        let small = try await queue([], &story, province)
        let report = try await province.engine(server).sync()
        #expect(report.refused == [letter] && report.sent.map(\.change) == [small])
        let items = try await province.store.outbox()
        #expect(items.first?.state == .refused(Refusal(.blobTooLarge, ["name": "groot.zip"])))
        #expect(OutboxItem.held(in: items) == [withdrawal.id])
        // From now on it is known at the keyboard.
        let refusal = await #expect(throws: Refusal.self) {
            try await province.files.attach(try original([UInt8](repeating: 1, count: 100_001)), as: "groot.zip")
        }
        #expect(refusal == Refusal(.blobTooLarge, ["name": "groot.zip", "limit": "100000"]))
    }

    @Test("a sync fetches as much as its user allows, and the rest when asked for") func limits() async throws {
        var story = try Story()
        let server = server(story)
        let province = try desk(Story.secretariaat)
        let large = try await province.files.attach(try original(bytes), as: "groot.pdf")
        let small = try await province.files.attach(try original([1, 2, 3]), as: "klein.txt")
        _ = try await queue([large, small], &story, province)
        _ = try await province.engine(server).sync()
        let delft = try desk("gm0503/griffie")
        let engine = delft.engine(server, fetchLimit: 100)
        let report = try await engine.sync()
        #expect(report.fetched == [small] && report.left == [large] && report.notGiven.isEmpty)
        #expect(try await !delft.files.has(large))
        #expect(try await delft.store.entriesLackingFiles().count == 1)
        #expect(try await engine.fetch(large) == nil)
        #expect(try await delft.files.has(large))
        let again = try await engine.sync()
        #expect(again.fetched.isEmpty && again.left.isEmpty)
        #expect(try await delft.store.entriesLackingFiles().isEmpty, "what is here isn't looked for at each sync")
        let outsider = try desk("gm0505/griffie").engine(server)
        #expect(try await outsider.fetch(large) == Refusal(.blobUnknown))
    }

    @Test("bytes that went wrong on the disk are fetched anew, once") func spoiled() async throws {
        var story = try Story()
        let server = server(story)
        let province = try desk(Story.secretariaat)
        let file = try await province.files.attach(try original(bytes), as: "kaart.pdf")
        _ = try await queue([file], &story, province)
        _ = try await province.engine(server).sync()
        let delft = try desk("gm0503/griffie")
        try await delft.files.append([9, 9, 9], to: file, at: 0)
        let report = try await delft.engine(server).sync()
        #expect(report.fetched == [file])
        #expect(server.fileBytes.down == 2 * bytes.count - 3)
    }

    @Test("an empty file, and one that can't be called that, can't be attached") func unfit() async throws {
        let province = try desk(Story.secretariaat)
        for (content, name) in [([], "leeg.txt"), ([1], "a/b.txt")] as [([UInt8], String)] {
            let path = try original(content)
            let refusal = await #expect(throws: Refusal.self) { try await province.files.attach(path, as: name) }
            #expect(refusal?.code == .badField)
        }
        let error = await #expect(throws: ClientError.self) {
            try await province.files.attach(folder.path + "/nowhere", as: "a")
        }
        #expect(error?.code == .storeFailed)
    }
}
