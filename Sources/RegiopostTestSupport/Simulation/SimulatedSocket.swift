import NIOCore
import NIOEmbedded
import RegiopostTLS

/// One end of a simulated connection: stands on a channel where TLS does, keeps what is sent until the network takes it, and
/// hands in what the network brings.
final class SimulatedSocket: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How an end leaves.
    enum Parting { case orderly, reset }

    private struct Output {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    let channel: EmbeddedChannel
    private let greeting: TLSHandshakeCompleted?
    private var context: ChannelHandlerContext?
    private var output: [Output] = []
    private var closing: [EventLoopPromise<Void>?] = []
    private var isFlushed = false
    /// Called when there is output, or its end.
    var onOutput: (() -> Void)?
    /// Called once, when this end is gone.
    var onParting: ((Parting) -> Void)?
    /// Whether whoever is at the other end may get nothing any more, and who hears that it did.
    var isClosedToChanges = false
    var onForbidden: (() -> Void)?
    /// Whether everything that was to be sent was taken, and nothing more comes.
    private(set) var isOutputEnded = false
    private(set) var isGone = false
    private var wantsEnd = false

    init(on loop: EmbeddedEventLoop, greeting: TLSHandshakeCompleted?) {
        channel = EmbeddedChannel(loop: loop)
        channel.allowRemoteHalfClosure = true
        self.greeting = greeting
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        part(.orderly)
        self.context = nil
    }

    /// The handshake is done.
    func establish() {
        guard let greeting, !isGone else { return }
        context?.fireUserInboundEventTriggered(greeting)
    }

    // MARK: What this end sends

    /// How many bytes wait.
    var waiting: Int { output.reduce(0) { $0 + $1.bytes.readableBytes } }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isGone, !wantsEnd else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let bytes = unwrapOutboundIn(data)
        if isClosedToChanges, String(buffer: bytes).contains("* CHANGE") || String(buffer: bytes).contains(" OK ") {
            onForbidden?()
        }
        output.append(Output(bytes: bytes, promise: promise))
    }

    func flush(context: ChannelHandlerContext) {
        isFlushed = true
        onOutput?()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output {
            wantsEnd = true
            closing.append(promise)
            endIfDone()
            onOutput?()
        } else {
            part(.orderly)
            context.close(mode: .all, promise: promise)
        }
    }

    /// Takes up to so many of the bytes that wait.
    func take(_ count: Int) -> [UInt8] {
        var taken: [UInt8] = []
        while isFlushed, taken.count < count, !output.isEmpty {
            let piece = output[0].bytes.readBytes(
                length: min(count - taken.count, output[0].bytes.readableBytes))
            taken += piece ?? []
            guard output[0].bytes.readableBytes == 0 else { break }
            output.removeFirst().promise?.succeed(())
        }
        endIfDone()
        return taken
    }

    private func endIfDone() {
        guard wantsEnd, output.isEmpty, !isOutputEnded else { return }
        isOutputEnded = true
        for promise in closing { promise?.succeed(()) }
        closing = []
    }

    // MARK: What comes

    /// Whether this end takes bytes now.
    var isReading: Bool {
        let last = channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }
        return last?.value as? Bool ?? true
    }

    func receive(_ bytes: [UInt8]) {
        guard !isGone, let context else { return }
        context.fireChannelRead(NIOAny(channel.allocator.buffer(bytes: bytes)))
        guard !isGone else { return }
        context.fireChannelReadComplete()
    }

    /// The peer sends nothing more.
    func receiveEnd() {
        guard !isGone else { return }
        context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// The network broke the connection.
    func breakOff() {
        guard !isGone else { return }
        part(.reset)
        channel.pipeline.fireErrorCaught(ChannelError.ioOnClosedChannel)
        channel.close(promise: nil)
    }

    private func part(_ parting: Parting) {
        guard !isGone else { return }
        isGone = true
        for item in output { item.promise?.fail(ChannelError.ioOnClosedChannel) }
        for promise in closing { promise?.fail(ChannelError.ioOnClosedChannel) }
        (output, closing) = ([], [])
        onParting?(parting)
    }
}
