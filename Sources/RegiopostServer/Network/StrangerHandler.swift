import NIOCore

/// Counts a connection from its first moment to its last, and as a stranger's until its client is known.
final class StrangerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connections: Connections
    private let token: Connections.Token

    /// For a connection that `Connections.enter` has let in.
    init(connections: Connections, token: Connections.Token) {
        self.connections = connections
        self.token = token
    }

    /// The client has shown a certificate that may be used.
    func becameKnown() { connections.becameKnown(token) }

    func handlerRemoved(context: ChannelHandlerContext) { connections.leave(token) }
}
