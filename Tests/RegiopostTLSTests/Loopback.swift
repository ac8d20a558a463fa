import NIOCore
import NIOPosix
import RegiopostTLS

/// What one side saw of a connection by the time it was gone.
struct Seen: Sendable {
    var text: [UInt8] = []
    var handshake: TLSHandshakeCompleted?
    var inputClosings = 0
    var errors: [TLSError] = []
    /// Errors of the network itself, such as a reset.
    var otherErrors: [String] = []

    var lines: [String] {
        text.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The application at one end: records everything and does what it is told at certain moments.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let gone: EventLoopPromise<Seen>
    private let onHandshake: @Sendable () -> Void
    private let onRead: @Sendable (ChannelHandlerContext, Seen) -> Void
    private let onInputClosed: @Sendable (ChannelHandlerContext, Seen) -> Void
    private var seen = Seen()

    init(
        _ gone: EventLoopPromise<Seen>,
        onHandshake: @escaping @Sendable () -> Void = {},
        onRead: @escaping @Sendable (ChannelHandlerContext, Seen) -> Void = { _, _ in },
        onInputClosed: @escaping @Sendable (ChannelHandlerContext, Seen) -> Void
    ) {
        self.onHandshake = onHandshake
        self.gone = gone
        self.onRead = onRead
        self.onInputClosed = onInputClosed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        seen.text += Array(buffer: unwrapInboundIn(data))
        onRead(context, seen)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandshakeCompleted {
            seen.handshake = event
            onHandshake()
        }
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        seen.inputClosings += 1
        onInputClosed(context, seen)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError { seen.errors.append(error) } else { seen.otherErrors.append("\(error)") }
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone.succeed(seen)
    }

    /// Closes our side when the peer has closed its own.
    static let closeToo: @Sendable (ChannelHandlerContext, Seen) -> Void = { context, _ in
        context.close(mode: .output, promise: nil)
    }

    /// At the line BYE, repeats what was said and closes our side.
    static let converse: @Sendable (ChannelHandlerContext, Seen) -> Void = { context, seen in
        guard seen.lines.last == "BYE" else { return }
        let reply = seen.lines.map { "you said \($0)\n" }.joined()
        context.writeAndFlush(NIOAny(context.channel.allocator.buffer(string: reply)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    /// Answers every line received only a while after the peer has closed, with `length` bytes each, then closes.
    static func answerLate(length: Int) -> @Sendable (ChannelHandlerContext, Seen) -> Void {
        { context, seen in
            let filler = String(repeating: "x", count: length)
            let channel = context.channel
            channel.eventLoop.scheduleTask(in: .milliseconds(50)) {
                for line in seen.lines {
                    channel.writeAndFlush(ByteBuffer(string: "\(line) OK \(filler)\n"), promise: nil)
                }
                channel.close(mode: .output, promise: nil)
            }
        }
    }
}

/// A server on the loopback interface, one for a test.
struct LoopbackServer {
    let channel: any Channel
    /// What became of each connection, in the order in which they were made.
    let connections: AsyncStream<EventLoopFuture<Seen>>

    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(
        _ tls: TLSContext, deadline: TimeAmount = .seconds(60), autoRead: Bool = true,
        onHandshake: @escaping @Sendable () -> Void = {},
        onRead: @escaping @Sendable (ChannelHandlerContext, Seen) -> Void = { _, _ in },
        onInputClosed: @escaping @Sendable (ChannelHandlerContext, Seen) -> Void = Recorder.closeToo
    ) async throws -> LoopbackServer {
        let (stream, feed) = AsyncStream.makeStream(of: EventLoopFuture<Seen>.self)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // So small that replies pile up and every way of losing them on closing shows.
            .childChannelOption(.socketOption(.so_sndbuf), value: 4096)
            .childChannelOption(.autoRead, value: autoRead)
            .childChannelInitializer { channel in
                let gone = channel.eventLoop.makePromise(of: Seen.self)
                feed.yield(gone.futureResult)
                return channel.eventLoop.makeCompletedFuture {
                    let handler = TLSHandler(engine: try TLSEngine(server: tls), handshakeDeadline: deadline)
                    try channel.pipeline.syncOperations.addHandlers(
                        handler,
                        Recorder(gone, onHandshake: onHandshake, onRead: onRead, onInputClosed: onInputClosed))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LoopbackServer(channel: channel, connections: stream)
    }

    /// What the next connection came to.
    func next() async throws -> Seen {
        var iterator = connections.makeAsyncIterator()
        guard let future = await iterator.next() else { return Seen() }
        return try await future.get()
    }

    /// Connects a client of ours; the future tells what it saw.
    func connect(
        _ tls: TLSContext,
        onInputClosed: @escaping @Sendable (ChannelHandlerContext, Seen) -> Void = Recorder.closeToo
    ) async throws -> (any Channel, EventLoopFuture<Seen>) {
        let group = MultiThreadedEventLoopGroup.singleton
        let loop = group.next()
        let gone = loop.makePromise(of: Seen.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let engine = try TLSEngine(client: tls, serverName: "127.0.0.1")
                    try channel.pipeline.syncOperations.addHandlers(
                        TLSHandler(engine: engine, handshakeDeadline: .seconds(60)),
                        Recorder(gone, onInputClosed: onInputClosed))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return (channel, gone.futureResult)
    }

    /// Connects without TLS.
    func connectPlainly() async throws -> (any Channel, EventLoopFuture<Seen>) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let gone = loop.makePromise(of: Seen.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Recorder(gone) { _, _ in })
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return (channel, gone.futureResult)
    }
}
