import NIOCore
import NIOPosix
import RegiopostTLS

/// The bytes of an authenticated connection as they are, for whoever speaks the protocol by hand: nothing is read or added on
/// the way.
public final class RawConversation: Sendable {
    private let channel: any Channel
    private let end: EventLoopFuture<Void>
    private let server: String

    private init(channel: any Channel, end: EventLoopFuture<Void>, server: String) {
        self.channel = channel
        self.end = end
        self.server = server
    }

    /// Connects and checks the server's certificate. Whether the server lets us in shows in what comes.
    ///
    /// - Parameter received: handed the server's bytes, in order, on the connection's event loop.
    /// - Throws: `unreachable`.
    public static func open(
        to endpoint: TLSServerConnection.Endpoint, context: TLSContext,
        received: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(ClientError) -> RawConversation {
        do {
            let (channel, end) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
                .connectTimeout(.seconds(15))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: endpoint.host, port: endpoint.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let ended = channel.eventLoop.makePromise(of: Void.self)
                        let engine = try TLSEngine(client: context, serverName: endpoint.host)
                        try channel.pipeline.syncOperations.addHandlers([
                            TLSHandler(engine: engine, handshakeDeadline: .seconds(TLSServerConnection.patience)),
                            RawHandler(received: received, ended: ended),
                        ])
                        return (channel, ended.futureResult)
                    }
                }
            return RawConversation(channel: channel, end: end, server: endpoint.text)
        } catch {
            throw TLSServerConnection.unreachable(endpoint, error)
        }
    }

    /// Sends bytes, and waits until they have left.
    ///
    /// - Throws: `interrupted` where the connection is over.
    public func send(_ bytes: [UInt8]) async throws(ClientError) {
        do {
            try await channel.writeAndFlush(channel.allocator.buffer(bytes: bytes))
        } catch {
            throw ClientError(.interrupted, ["server": server, "reason": "closed"])
        }
    }

    /// Says that nothing more will be sent. What the server still has to say comes.
    public func finish() async { try? await channel.close(mode: .output) }

    /// Waits until the server has closed.
    ///
    /// - Throws: `wrong-server`, `not-accepted` or `interrupted`.
    public func waitForEnd() async throws(ClientError) {
        do {
            try await end.get()
        } catch let error as TLSError {
            throw ClientError(error, server: server)
        } catch {
            throw ClientError(.interrupted, ["server": server, "reason": String(describing: error)])
        }
    }

    /// Closes without waiting for anything.
    public func close() async { try? await channel.close() }
}

/// Hands on what comes. Used on its channel's event loop only.
private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let received: ([UInt8]) -> Void
    private let ended: EventLoopPromise<Void>

    init(received: @escaping ([UInt8]) -> Void, ended: EventLoopPromise<Void>) {
        self.received = received
        self.ended = ended
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received(unwrapInboundIn(data).withUnsafeReadableBytes { Array($0) })
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        ended.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended.succeed()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { ended.succeed() }
}
