import NIOCore
import NIOPosix
import RegiopostCrypto
import RegiopostModel
import RegiopostTLS
import RegiopostWire
import Synchronization
import Testing

/// A small client over real TLS: requests go out, outcomes come in, in order.
final class TestClient: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<TestClientHandler>
    let outcomes: AsyncStream<ClientSession.Outcome>

    private init(
        _ channel: any Channel, _ handler: NIOLoopBound<TestClientHandler>,
        _ outcomes: AsyncStream<ClientSession.Outcome>
    ) {
        self.channel = channel
        self.handler = handler
        self.outcomes = outcomes
    }

    /// Connects and waits for nothing: the greeting is the first outcome.
    static func connect(_ context: TLSContext, _ name: ClientSession.Name, port: Int) async throws -> TestClient {
        let (outcomes, feed) = AsyncStream.makeStream(of: ClientSession.Outcome.self)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: NIOLoopBound<TestClientHandler>.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let engine = try TLSEngine(client: context, serverName: "127.0.0.1")
                    let handler = TestClientHandler(name, feed)
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(engine: engine, handshakeDeadline: .seconds(20)), handler,
                    ])
                    promise.succeed(NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel, try await promise.futureResult.get(), outcomes)
    }

    /// Sends a request and answers its tag.
    @discardableResult
    func send(_ verb: ClientRequest.Verb) async throws -> RequestTag {
        let (channel, handler) = (channel, handler)
        return try await channel.eventLoop.submit {
            let request = try handler.value.session.request(verb)
            channel.writeAndFlush(ByteBuffer(bytes: request.line), promise: nil)
            return request.tag
        }.get()
    }

    /// Sends a request and answers its reply; what comes before is dropped.
    func ask(_ verb: ClientRequest.Verb) async throws -> Reply {
        let tag = try await send(verb)
        while true {
            let outcome = try await next()
            if case .replied(tag, let reply) = outcome { return reply }
            if case .ended = outcome { Issue.record("\(outcome)") }
        }
    }

    /// The next thing that happens.
    func next() async throws -> ClientSession.Outcome {
        for await outcome in outcomes { return outcome }
        return try #require(nil, "the connection is gone")
    }

    func close() async { try? await channel.close() }

    // MARK: What no client of ours does

    /// Writes bytes past the session's machine, and doesn't wait until they have left.
    func write(_ text: String) async throws {
        let channel = channel
        try await channel.eventLoop.submit { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }.get()
    }

    /// Writes bytes past the session's machine; whether they have left for the operating system in time.
    func writes(_ text: String, within time: Duration) async throws -> Bool {
        let channel = channel
        let flag = SharedFlag()
        channel.writeAndFlush(ByteBuffer(string: text)).whenSuccess { flag.set() }
        let end = ContinuousClock.now + time
        while !flag.isSet, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        return flag.isSet
    }

    /// Takes nothing more from the network.
    func stopReading() async { try? await channel.setOption(.autoRead, value: false).get() }
}

/// Something that happens once, as far as several threads know.
private final class SharedFlag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}

/// Runs the session's machine.
final class TestClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var session: ClientSession
    private var framer = LineFramer(limit: Limits.standard.longestLine)
    private let feed: AsyncStream<ClientSession.Outcome>.Continuation

    init(_ name: ClientSession.Name, _ feed: AsyncStream<ClientSession.Outcome>.Continuation) {
        session = ClientSession(name)
        self.feed = feed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { framer.append($0) }
        do throws(FramingError) {
            while true {
                if let bytes = framer.takeCounted() {
                    tell(session.bytesReceived(bytes))
                } else if let line = try framer.next() {
                    tell(session.lineReceived(line))
                    framer.expect(session.countedBytes)
                } else {
                    return
                }
            }
        } catch {
            tell(session.framingFailed(error))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        tell(session.peerClosed(leftOver: framer.pending))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(session.peerClosed(leftOver: framer.pending))
        feed.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func tell(_ outcomes: [ClientSession.Outcome]) { for outcome in outcomes { feed.yield(outcome) } }
}
