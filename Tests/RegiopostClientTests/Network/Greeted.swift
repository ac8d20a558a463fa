import NIOCore
import NIOEmbedded

@testable import RegiopostClient

extension EmbeddedChannel {
    /// A client's end of a connection on this channel, which the server has greeted, and what watches bring there.
    func greeted(behind line: [any ChannelHandler] = []) throws -> (
        handler: ClientHandler, arrivals: AsyncThrowingStream<Arrival, any Error>
    ) {
        let (stream, arrivals) = AsyncThrowingStream<Arrival, any Error>.makeStream()
        let handler = ClientHandler(
            .regiopost, server: "s:1", patience: .seconds(30),
            welcomed: eventLoop.makePromise(of: ClientHandler.Welcome.self), arrivals: arrivals)
        try pipeline.syncOperations.addHandlers(line + [handler])
        let greeting =
            "* REGIOPOST 1 server=pv28 address=gm0503/griffie epoch=9f2c1a7be04d5536 time=2026-03-27T10:00:00.000Z "
            + "line=1048576 requests=256 page=1000 idle=900 cap=PUSH,PULL,WATCH\n"
        try writeInbound(ByteBuffer(string: greeting))
        return (handler, stream)
    }
}
