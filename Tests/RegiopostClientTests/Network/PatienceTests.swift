import NIOCore
import NIOEmbedded
import RegiopostTestSupport
import RegiopostWire
import Testing

@testable import RegiopostClient

@Suite("The client's patience") struct PatienceTests {
    /// A line that takes bytes away only when told to.
    private final class SlowLine: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        private(set) var bytes = 0
        private(set) var leaving: [EventLoopPromise<Void>] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            bytes += unwrapOutboundIn(data).readableBytes
            leaving += promise.map { [$0] } ?? []
        }

        func takeOne() { if !leaving.isEmpty { leaving.removeFirst().succeed() } }

        func handlerRemoved(context: ChannelHandlerContext) {
            for promise in leaving { promise.fail(ChannelError.eof) }
            leaving = []
        }
    }

    private let channel = EmbeddedChannel()
    private let line = SlowLine()

    /// A session that was greeted and now pushes a change of 100 KiB.
    private func pushing(_ answer: @escaping (ClientHandler.Answer) -> Void) throws {
        let handler = try channel.greeted(behind: [line]).handler
        let change = Array("{".utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 100 * 1_024) + Array("}".utf8)
        handler.request(.push(change[...]), answer: answer)
        handler.flush()
    }

    @Test("lasts while its own bytes are still leaving, and no longer than that") func slow() throws {
        var answers: [ClientHandler.Answer] = []
        try pushing { answers.append($0) }
        #expect(line.bytes > 100 * 1_024)
        let pieces = line.leaving.count
        #expect(pieces == 7)
        for _ in 0..<pieces {
            channel.embeddedEventLoop.advanceTime(by: .seconds(25))
            #expect(answers.isEmpty)
            line.takeOne()
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(answers.isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        guard case .failure(let error) = answers.first else {
            Issue.record("\(answers)")
            return
        }
        #expect(error.code == .interrupted && answers.count == 1)
        _ = try? channel.finish()
    }

    @Test("ends when nothing leaves any more") func stuck() throws {
        var answers: [ClientHandler.Answer] = []
        try pushing { answers.append($0) }
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        line.takeOne()
        channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(answers.count == 1)
        _ = try? channel.finish()
    }
}
