import NIOCore
import NIOEmbedded
import RegiopostTestSupport
import RegiopostWire
import Testing

@testable import RegiopostClient

@Suite("Reading a mailbox to its end") struct ReadingOnTests {
    private let channel = EmbeddedChannel()
    private let handler: ClientHandler
    private let pages: PageSource.Pages
    private let tag: String

    /// A session that was greeted and has asked for all pages.
    init() throws {
        handler = try channel.greeted().handler
        let (source, pages) = PageSource.make(
            PageSource.Reader(
                handler: NIOLoopBound(handler, eventLoop: channel.eventLoop), loop: channel.eventLoop, mailbox: .own
            ))
        self.pages = pages
        handler.read(.own, after: .start, for: source)
        let request = try #require(try channel.readOutbound(as: ByteBuffer.self))
        tag = String(String(buffer: request).prefix { $0 != " " })
    }

    private func page(_ position: Int) -> String {
        let digest = String(repeating: "0", count: 64)
        return "* CHANGE mailbox=own position=\(position) received=2026-03-27T10:00:00.000Z digest=\(digest) {}\n"
            + "* CURSOR mailbox=own cursor=c\(position)\n"
    }

    private func sent() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    private var isReading: Bool {
        let last = channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }
        return last?.value as? Bool ?? true
    }

    @Test("each page comes by itself; the watch is given up at the end, and what it still brings is for nobody")
    func toTheEnd() async throws {
        let end = String(page(3).split(separator: "\n")[0]) + "\n\(tag) OK WATCH mailbox=own cursor=c3\n"
        try channel.writeInbound(ByteBuffer(string: page(1) + page(2) + end))
        let unwatch = try sent()
        #expect(unwatch.hasSuffix(" UNWATCH mailbox=own\n"), "\(unwatch)")
        // Another change came in between, and is read by the next pull.
        let left = unwatch.prefix { $0 != " " }
        try channel.writeInbound(ByteBuffer(string: page(4) + "\(left) OK UNWATCH mailbox=own\n"))
        var answers: [ClientHandler.Answer] = []
        handler.request(.pull(.own, after: try #require(CursorToken("c3")), limit: 10)) { answers.append($0) }
        handler.flush()
        let pull = try sent().prefix { $0 != " " }
        let again = String(page(4).split(separator: "\n")[0]) + "\n\(pull) OK PULL mailbox=own cursor=c4 more=no\n"
        try channel.writeInbound(ByteBuffer(string: again))
        #expect(try answers.map { try $0.get().1.map(\.position) } == [[4]])

        var taken: [MailboxPage] = []
        for try await page in pages { taken.append(page) }
        #expect(taken.map(\.cursor) == ["c1", "c2", "c3"] && taken.map(\.isLast) == [false, false, true])
        #expect(taken.map { $0.entries.map(\.position) } == [[1], [2], [3]])
        _ = try? channel.finish()
    }

    @Test("where nobody takes the pages no more is read, and nobody is impatient") func backPressure() async throws
    {
        try channel.writeInbound(ByteBuffer(string: page(1) + page(2)))
        #expect(isReading)
        try channel.writeInbound(ByteBuffer(string: page(3)))
        #expect(!isReading)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3_600))
        let iterator = pages.makeAsyncIterator()
        for _ in 0..<3 { #expect(try await iterator.next() != nil) }
        channel.embeddedEventLoop.run()
        #expect(isReading)
        // From here on something is due again.
        channel.embeddedEventLoop.advanceTime(by: .seconds(31))
        await #expect(throws: ClientError.self) { try await iterator.next() }
        _ = try? channel.finish()
    }

    @Test("after the last page the connection is read, also where pages still wait") func lastPage() async throws {
        try channel.writeInbound(ByteBuffer(string: page(1) + page(2) + page(3)))
        #expect(!isReading)
        // Was under way already.
        let end = String(page(4).split(separator: "\n")[0]) + "\n\(tag) OK WATCH mailbox=own cursor=c4\n"
        try channel.writeInbound(ByteBuffer(string: end))
        #expect(isReading)
        var cursors: [String] = []
        for try await page in pages { cursors.append(page.cursor) }
        #expect(cursors == ["c1", "c2", "c3", "c4"])
        _ = try? channel.finish()
    }

    @Test("one who takes no more ends it") func stopped() async throws {
        try channel.writeInbound(ByteBuffer(string: page(1)))
        for try await page in pages {
            #expect(page.cursor == "c1")
            break
        }
        channel.embeddedEventLoop.run()
        let unwatch = try sent()
        #expect(unwatch.hasSuffix(" UNWATCH mailbox=own\n"), "\(unwatch)")
        let left = unwatch.prefix { $0 != " " }
        let rest = page(2) + "\(tag) OK WATCH mailbox=own cursor=c2\n\(left) OK UNWATCH mailbox=own\n"
        try channel.writeInbound(ByteBuffer(string: rest))
        #expect(try sent().isEmpty)
        _ = try? channel.finish()
    }
}
