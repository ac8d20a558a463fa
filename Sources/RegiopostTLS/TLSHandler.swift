import NIOCore

/// Drives a `TLSEngine` in a channel: ciphertext towards the network, plaintext towards the application.
///
/// Set `.allowRemoteHalfClosure` on the channel. The peer's close arrives as `ChannelEvent.inputClosed`, and what is still
/// owed to it can be written; `close(mode: .output)` says our own close after everything written before.
/// `close(mode: .all)` doesn't wait for slow peers: close only when the last write's promise is done. Failures come as
/// `errorCaught(TLSError)`, then the channel closes by itself.
public final class TLSHandler: ChannelDuplexHandler {
    /// Ciphertext from the network.
    public typealias InboundIn = ByteBuffer
    /// Plaintext for the application.
    public typealias InboundOut = ByteBuffer
    /// Plaintext from the application.
    public typealias OutboundIn = ByteBuffer
    /// Ciphertext for the network.
    public typealias OutboundOut = ByteBuffer

    /// How much may be written before the handshake is done: 256 KiB.
    public static let maximumBytesBeforeHandshake = 256 << 10
    /// How long a connection stays half open after a failure, so that our alert isn't lost to a reset: half a second.
    public static let lingerTime = TimeAmount.milliseconds(500)
    // What is read at once, at most: beyond 64 KiB the allocator asks the operating system each time.
    private static let maximumChunk = 1 << 16

    private enum State {
        /// Not connected yet. → handshaking, failed, closed.
        case idle
        /// → open, failed, closed.
        case handshaking
        /// → failed, closed.
        case open
        /// Only our alert is still on its way. → closed.
        case failed
        /// The end.
        case closed
    }

    private enum Output {
        case open
        /// To be closed when the handshake is done.
        case closeRequested(EventLoopPromise<Void>?)
        /// Our close is written but may still be on its way.
        case closing
        case closed
    }

    private let engine: TLSEngine
    private let handshakeDeadline: TimeAmount
    private var deadline: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    private var state = State.idle
    private var output = Output.open
    private var isInputClosed = false
    private var writes = GatheredWrites()
    private var isFlushRequested = false
    private var hasDelivered = false

    /// Makes a handler for one channel. A peer that hasn't completed the handshake after `handshakeDeadline` is cut off.
    public init(engine: TLSEngine, handshakeDeadline: TimeAmount) {
        self.engine = engine
        self.handshakeDeadline = handshakeDeadline
    }

    // MARK: Life

    /// Keeps the context, and begins if the channel is already connected.
    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    /// Lets go of everything.
    public func handlerRemoved(context: ChannelHandlerContext) {
        state = .closed
        deadline?.cancel()
        deadline = nil
        self.context = nil
        dropWrites(ChannelError.ioOnClosedChannel)
    }

    /// Begins the handshake.
    public func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        state = .handshaking
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: handshakeDeadline) { [weak self] in
            self?.deadlinePassed()
        }
        pump(context, expecting: 0)
        // The handshake goes on whether or not the application wants to read yet.
        context.read()
    }

    private func deadlinePassed() {
        guard let context, case .handshaking = state else { return }
        fail(TLSError(.handshakeDeadline, "The other side took too long for the TLS handshake."), context)
    }

    /// A connection that is gone without TLS's close was truncated.
    public func channelInactive(context: ChannelHandlerContext) {
        endInput(context)
        state = .closed
        deadline?.cancel()
        dropWrites(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    // MARK: Inbound

    /// Takes in ciphertext.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isLive, !isInputClosed else { return }
        let bytes = unwrapInboundIn(data)
        bytes.withUnsafeReadableBytes { engine.receive($0) }
        pump(context, expecting: bytes.readableBytes)
    }

    /// Asks for more where what arrived came to no plaintext: nobody else would.
    public func channelReadComplete(context: ChannelHandlerContext) {
        if !hasDelivered { context.read() }
        hasDelivered = false
        context.fireChannelReadComplete()
    }

    /// The network's end of input is an end only after TLS's own, which was passed on already.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let channelEvent = event as? ChannelEvent, channelEvent == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if case .failed = state {
            context.close(promise: nil)
        } else {
            endInput(context)
        }
    }

    private func endInput(_ context: ChannelHandlerContext) {
        guard isLive, !isInputClosed else { return }
        if case .idle = state { return }
        engine.receiveEnd()
        pump(context, expecting: 0)
    }

    private var isLive: Bool {
        switch state {
        case .idle, .handshaking, .open: true
        case .failed, .closed: false
        }
    }

    /// Does all that can be done with what was received. No pointer is lent to OpenSSL while the pipeline is called, and what
    /// it wrote is passed on after every step.
    private func pump(_ context: ChannelHandlerContext, expecting count: Int) {
        let capacity = min(max(count, 512), Self.maximumChunk)
        var plaintext = context.channel.allocator.buffer(capacity: capacity)
        while isLive {
            var event = TLSEngine.Event.waiting
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { room in
                event = engine.advance(into: room)
                if case .plaintext(let count) = event { return count }
                return 0
            }
            if case .plaintext = event {
                if plaintext.writableBytes == 0 {
                    deliver(plaintext, context)
                    plaintext = context.channel.allocator.buffer(capacity: capacity)
                }
                continue
            }
            deliver(plaintext, context)
            plaintext.clear()
            if case .waiting = event { break }
            handle(event, context)
        }
        if isLive, passOn(context) { context.flush() }
    }

    private func deliver(_ plaintext: ByteBuffer, _ context: ChannelHandlerContext) {
        guard plaintext.readableBytes > 0 else { return }
        hasDelivered = true
        context.fireChannelRead(wrapInboundOut(plaintext))
    }

    private func handle(_ event: TLSEngine.Event, _ context: ChannelHandlerContext) {
        switch event {
        case .handshakeCompleted(let name, let certificate):
            state = .open
            deadline?.cancel()
            deadline = nil
            // Our part of the handshake must not wait for the application to say something.
            if passOn(context) { context.flush() }
            context.fireUserInboundEventTriggered(
                TLSHandshakeCompleted(name, peerCertificate: certificate))
            sendWhatWaited(context)
        case .peerClosed:
            isInputClosed = true
            hasDelivered = true
            if passOn(context) { context.flush() }
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            if case .closed = output, case .open = state { closeNow(context, promise: nil) }
        case .failed(let error): fail(error, context)
        case .plaintext, .waiting: break
        }
    }

    private func sendWhatWaited(_ context: ChannelHandlerContext) {
        guard case .open = state else { return }
        if case .closeRequested(let promise) = output {
            finishOutput(context, promise: promise)
        } else if isFlushRequested {
            sendWrites(context)
            context.flush()
        }
        isFlushRequested = false
    }

    // MARK: Outbound

    /// Gathers plaintext until the next flush.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .open = output, isLive else {
            promise?.fail(isLive ? ChannelError.outputClosed : ChannelError.ioOnClosedChannel)
            return
        }
        let bytes = unwrapOutboundIn(data)
        if case .open = state {
        } else if writes.count + bytes.readableBytes > Self.maximumBytesBeforeHandshake {
            let error = TLSError(.tooMuchBeforeHandshake, "Too much was written before the TLS handshake was done.")
            promise?.fail(error)
            fail(error, context)
            return
        }
        writes.append(bytes, promise: promise)
    }

    /// Encrypts what was gathered and sends it; before the handshake is done it waits for that.
    public func flush(context: ChannelHandlerContext) {
        switch state {
        case .idle, .handshaking: isFlushRequested = true
        case .open:
            sendWrites(context)
            context.flush()
        case .failed, .closed: break
        }
    }

    private func sendWrites(_ context: ChannelHandlerContext) {
        let (taken, promise) = writes.take()
        var rest = taken
        while rest.readableBytes > 0 {
            do throws(TLSError) {
                try rest.readWithUnsafeReadableBytes { (bytes) throws(TLSError) in try engine.send(bytes) }
            } catch {
                promise?.fail(error)
                fail(error, context)
                return
            }
            passOn(context, promise: rest.readableBytes == 0 ? promise : nil)
        }
        engine.outputTaken()
        if taken.readableBytes == 0 { promise?.succeed() }
    }

    /// Writes what the engine has for the network, and answers whether that was anything. `promise` is for the last of it.
    @discardableResult
    private func passOn(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) -> Bool {
        var hasWritten = false
        while engine.pendingOutput > 0 {
            let count = min(engine.pendingOutput, Self.maximumChunk)
            var ciphertext = context.channel.allocator.buffer(capacity: count)
            ciphertext.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { engine.takeOutput(into: $0) }
            context.write(wrapOutboundOut(ciphertext), promise: engine.pendingOutput == 0 ? promise : nil)
            hasWritten = true
        }
        if !hasWritten { promise?.succeed() }
        return hasWritten
    }

    // MARK: Closing

    /// Closes one way or both; see the type's description.
    public func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, state) {
        case (.input, _), (_, .closed), (_, .idle): context.close(mode: mode, promise: promise)
        case (_, .failed):
            // It closes by itself, once the peer had time to read why.
            context.channel.closeFuture.cascade(to: promise)
        case (.all, _): closeNow(context, promise: promise)
        case (.output, .handshaking):
            guard case .open = output else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            output = .closeRequested(promise)
        case (.output, .open):
            guard case .open = output else {
                promise?.fail(ChannelError.outputClosed)
                return
            }
            finishOutput(context, promise: promise)
        }
    }

    private func closeNow(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        state = .closed
        deadline?.cancel()
        engine.closeOutput()
        if passOn(context) { context.flush() }
        dropWrites(ChannelError.ioOnClosedChannel)
        context.close(promise: promise)
    }

    /// Sends everything, then our close. The network is closed only when both are written out: NIO drops what is pending
    /// where the peer has closed its side before.
    private func finishOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        output = .closing
        sendWrites(context)
        guard case .open = state else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        engine.closeOutput()
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] result in
            self?.outputFinished(result, promise)
        }
        passOn(context, promise: written)
        context.flush()
    }

    private func outputFinished(_ result: Result<Void, any Error>, _ promise: EventLoopPromise<Void>?) {
        guard let context, case .open = state, case .success = result else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        output = .closed
        if isInputClosed {
            closeNow(context, promise: promise)
        } else {
            context.close(mode: .output, promise: promise)
        }
    }

    private func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        guard isLive else { return }
        state = .failed
        deadline?.cancel()
        let hasAlert = passOn(context)
        dropWrites(error)
        // Told before the flush: a peer that is gone makes the flush close the channel at once.
        context.fireErrorCaught(error)
        // The application may have removed us meanwhile.
        guard self.context != nil else { return }
        context.flush()
        if hasAlert, !isInputClosed {
            linger(context)
        } else {
            context.close(promise: nil)
        }
    }

    /// A socket that closes with something unread resets the connection, and the peer never sees the alert. So only our side
    /// closes now, what still arrives is dropped, and the rest follows soon.
    private func linger(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        context.read()
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTime) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    private func dropWrites(_ error: any Error) {
        writes.fail(error)
        if case .closeRequested(let promise) = output {
            output = .closed
            promise?.fail(error)
        }
    }
}
