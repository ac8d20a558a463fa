import NIOCore
import NIOEmbedded
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

@testable import RegiopostClient

@Suite("Catching up with a watch") struct CatchingUpTests {
    private let channel = EmbeddedChannel()
    private static let digest = String(repeating: "0", count: 64)

    private func change(_ position: Int) -> String {
        "* CHANGE mailbox=own position=\(position) received=2026-03-27T10:00:00.000Z digest=\(Self.digest) {}\n"
    }

    @Test("however many pages it takes, all is one answer in order; what comes later comes by itself")
    func pages() async throws {
        let (handler, stream) = try channel.greeted()
        var answers: [ClientHandler.Answer] = []
        handler.request(.watch(.own, after: .start)) { answers.append($0) }
        handler.flush()
        let request = try #require(try channel.readOutbound(as: ByteBuffer.self))
        let tag = String(buffer: request).prefix { $0 != " " }
        let pages =
            (1...3).map(change).joined() + "* CURSOR mailbox=own cursor=three\n" + (4...5).map(change).joined()
        let later = change(6) + "* CURSOR mailbox=own cursor=six\n"
        try channel.writeInbound(ByteBuffer(string: pages + "\(tag) OK WATCH mailbox=own cursor=five\n" + later))
        let (reply, entries) = try #require(answers.first).get()
        #expect(answers.count == 1 && entries.map(\.position) == [1, 2, 3, 4, 5])
        #expect(reply == .watch(.own, try #require(CursorToken("five"))))
        var iterator = stream.makeAsyncIterator()
        let arrival = try #require(try await iterator.next())
        #expect(arrival.entries.map(\.position) == [6] && arrival.cursor == "six")
        _ = try? channel.finish()
    }
}
