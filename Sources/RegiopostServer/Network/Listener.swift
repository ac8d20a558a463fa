import NIOCore
import NIOPosix
import RegiopostCrypto
import RegiopostTLS

/// Listens for connections on one port, under both names of the protocol.
public final class Listener: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let sessions: SessionPipeline

    /// Where it listens.
    public let port: Int

    /// Begins to listen.
    ///
    /// - Throws: what the operating system says where the address can't be bound.
    public init(
        host: String, port: Int, context: TLSContext, service: Service
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let sessions = SessionPipeline(service: service)
        let handshake = TimeAmount.seconds(Int64(service.limits.greeting))
        do {
            channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1_024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                // Most lines are short, and each connection keeps a buffer of what it read last.
                .childChannelOption(
                    .recvAllocator,
                    value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 1 << 16)
                )
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try sessions.add(to: channel) {
                            TLSHandler(engine: try TLSEngine(server: context), handshakeDeadline: handshake)
                        }
                    }
                }
                .bind(host: host, port: port).get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        self.group = group
        self.sessions = sessions
        self.port = channel.localAddress?.port ?? port
    }

    /// How many connections stand.
    public var connectionCount: Int { sessions.count }

    /// Ends the connections that use one of these certificates, at once.
    public func revoke(_ serials: Set<String>) { sessions.revoke(serials) }

    /// Ends the connections whose certificate has expired by now.
    func endExpired() { sessions.endExpired() }

    /// Takes no new connections, lets what is under way get its answer, says goodbye and closes, within the limit for
    /// closing.
    public func stop() async {
        try? await channel.close()
        sessions.stop()
        for _ in 0..<150 where sessions.count > 0 { try? await Task.sleep(for: .milliseconds(100)) }
        try? await group.shutdownGracefully()
    }
}
