import Foundation
import RegiopostClient
import RegiopostClientSQLite
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Two syncs of one profile at once") struct TwoSyncsTests {
    /// A line to a server that does something between its answer to a pull and the moment that the client has it, and
    /// whose arrivals are handed in.
    private struct Line: ServerConnection {
        let base: any ServerConnection
        let arrivals: AsyncThrowingStream<Arrival, any Error>
        var afterPull: @Sendable (ReplicaMailbox) async -> Void = { _ in }
        var afterWatch: @Sendable (ReplicaMailbox) async -> Void = { _ in }

        func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?) {
            await base.push(lines)
        }

        func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
            let answer = try await base.pull(mailbox, after: cursor)
            await afterPull(mailbox)
            return answer
        }

        func read(
            _ mailbox: ReplicaMailbox, after cursor: String, keep: (MailboxPage) async throws(ClientError) -> Bool
        ) async throws(ClientError) {
            try await base.read(mailbox, after: cursor) { (page) async throws(ClientError) -> Bool in
                await afterPull(mailbox)
                return try await keep(page)
            }
        }

        func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
            let answer = try await base.watch(mailbox, after: cursor)
            await afterWatch(mailbox)
            return answer
        }

        func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError) {}

        var pieceLimit: Int? { base.pieceLimit }
        var fileLimit: Int? { base.fileLimit }

        func offer(_ file: FileReference) async throws(ClientError) -> UploadAnswer { try await base.offer(file) }

        func upload(
            _ bytes: [UInt8], of file: FileReference, at offset: Int
        ) async throws(ClientError) -> UploadAnswer {
            try await base.upload(bytes, of: file, at: offset)
        }

        func fetch(_ file: Digest, from offset: Int) async -> FetchedPiece {
            await base.fetch(file, from: offset)
        }
        func close() async {}
    }

    @Test("a watch goes on while a slow sync stores an old page; nothing is missing afterwards")
    func slowSync() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("regiopost-\(UUID()).sqlite").path
        let (mine, others) = (try SQLiteClientStore(path: path), try SQLiteClientStore(path: path))
        let files = FileFolder(folder: path + "-files")
        let address = try #require(Address("gm0503/college"))
        var story = try Story()
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        let base = server.connection(for: address)
        let (arrivals, feed) = AsyncThrowingStream.makeStream(of: Arrival.self)
        let (reports, reported) = AsyncStream.makeStream(of: Void.self)
        var news = reports.makeAsyncIterator()
        var arriving: [Arrival] = []
        var lines: [[UInt8]] = []
        for position in 1...3 {
            let line = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting()).line()
            lines.append(line)
            let entry = ReplicaEntry(position: position, receivedAt: Timestamp(milliseconds: 1), line: line)
            arriving.append(Arrival(mailbox: .own, entries: [entry], cursor: "1:\(position)"))
        }

        let watch = Task {
            let line = Line(base: base, arrivals: arrivals, afterWatch: { if $0 == .own { reported.yield() } })
            try await SyncEngine(store: mine, connection: line, files: files).watch(
                pause: { try await Task.sleep(for: .seconds(60)) }, onReport: { _ in reported.yield() })
        }
        await news.next()
        await news.next()
        _ = await base.push([lines[0]])
        let (answered, answer) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let slow = Task {
            let line = Line(
                base: base, arrivals: AsyncThrowingStream { $0.finish() },
                afterPull: { mailbox in
                    guard mailbox == .own else { return }
                    answer.yield()
                    for await _ in released { break }
                })
            _ = try await SyncEngine(store: others, connection: line, files: files).sync()
        }
        for await _ in answered { break }
        _ = await base.push(Array(lines.dropFirst()))
        for arrival in arriving.prefix(2) {
            feed.yield(arrival)
            await news.next()
        }
        release.yield()
        release.finish()
        try await slow.value
        feed.yield(arriving[2])
        await news.next()
        feed.finish()
        try await watch.value
        #expect(try await mine.entries(of: .own).map(\.line) == lines)
        #expect(try await mine.cursor(of: .own) == "1:3")
    }
}
