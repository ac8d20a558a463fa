import NIOCore
import NIOPosix
import Synchronization

/// Passes a connection on to the server and cuts it after so many bytes, both directions counted together.
final class CuttingProxy: Sendable {
    private let listener: any Channel
    private let budget: Budget

    /// The port that it listens on.
    var port: Int { listener.localAddress?.port ?? 0 }
    /// How many bytes went through since `allow`.
    var passed: Int { budget.passed }

    private init(_ listener: any Channel, _ budget: Budget) {
        self.listener = listener
        self.budget = budget
    }

    /// Runs the body with a proxy in front of a port of this machine.
    static func with(port: Int, target: Int, _ body: (CuttingProxy) async throws -> Void) async throws {
        let budget = Budget()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in connect(channel, to: target, budget) }
            .bind(host: "127.0.0.1", port: port).get()
        do {
            try await body(CuttingProxy(listener, budget))
            try await listener.close()
        } catch {
            try? await listener.close()
            throw error
        }
    }

    /// The accepted connection is not read before this is done, and a server doesn't speak first.
    private static func connect(_ channel: any Channel, to port: Int, _ budget: Budget) -> EventLoopFuture<Void> {
        ClientBootstrap(group: channel.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in
                try channel.pipeline.syncOperations.addHandler(PassOn(to: server, budget))
                try server.pipeline.syncOperations.addHandler(PassOn(to: channel, budget))
            }
    }

    /// Lets so many bytes pass from now on, then cuts; `nil` for all.
    func allow(_ bytes: Int?) { budget.allow(bytes) }
}

/// How much may still pass.
private final class Budget: Sendable {
    private struct State {
        var left: Int?
        var passed = 0
    }

    private let state = Mutex(State())

    var passed: Int { state.withLock { $0.passed } }

    func allow(_ bytes: Int?) { state.withLock { $0 = State(left: bytes) } }

    /// How many of so many bytes may pass.
    func take(_ bytes: Int) -> Int {
        state.withLock { state in
            let count = min(bytes, state.left ?? bytes)
            state.left = state.left.map { $0 - count }
            state.passed += count
            return count
        }
    }
}

/// Writes what comes in to the other side, and cuts both where the budget ends.
private final class PassOn: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let budget: Budget

    init(to other: any Channel, _ budget: Budget) {
        self.other = other
        self.budget = budget
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let size = bytes.readableBytes
        guard let part = bytes.readSlice(length: budget.take(size)) else { return }
        let written = other.writeAndFlush(part)
        guard part.readableBytes < size else { return }
        // What was let through arrives; then the line is dead.
        let channel = context.channel
        written.whenComplete { [other] _ in
            other.close(promise: nil)
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        other.close(mode: .output, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
