import NIOCore

/// Counts a connection from its first moment to its last, and as a stranger's until its client is known.
final class StrangerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connections: Connections
    private var isStranger = true

    /// For a connection that `Connections.enter` has let in.
    init(connections: Connections) { self.connections = connections }

    /// The client has shown a certificate that may be used.
    func becameKnown() {
        guard isStranger else { return }
        isStranger = false
        connections.becameKnown()
    }

    func handlerRemoved(context: ChannelHandlerContext) { connections.leave(asStranger: isStranger) }
}
