import NIOCore
import RegiopostWire

/// What session and enrolment connections have in common: bytes cut into lines, output counted until it is sent, and
/// deadlines. Used on its channel's event loop only.
final class LineLink {
    /// What happens on a link.
    enum Event {
        case line(ArraySlice<UInt8>)
        /// Bytes that a line announced, some of them or all.
        case bytes(ArraySlice<UInt8>)
        case framingFailed(FramingError)
        /// Nothing came for `Limits.idle` seconds.
        case idle
        /// No output was taken for `Limits.stall` seconds.
        case stalled
        /// The bytes that wait to be sent.
        case backlog(Int)
    }

    private let context: ChannelHandlerContext
    private let limits: Limits
    private let handle: (Event) -> Void
    private var framer: LineFramer
    /// What is queued and not flushed yet.
    private var output: ByteBuffer
    private var backlog = 0
    private var sent = 0
    private var idle: Scheduled<Void>?
    private var lastReceived: NIODeadline
    private var stall: Scheduled<Void>?
    private var closing: Scheduled<Void>?
    private var isOver = false

    var eventLoop: any EventLoop { context.eventLoop }
    /// Where the peer is, for the log.
    var origin: String { context.origin }

    init(context: ChannelHandlerContext, limits: Limits, handle: @escaping (Event) -> Void) {
        self.context = context
        self.limits = limits
        self.handle = handle
        framer = LineFramer(limit: limits.longestLine)
        lastReceived = context.eventLoop.now
        output = context.channel.allocator.buffer(capacity: 0)
        watchIdle(for: .seconds(Int64(limits.idle)))
    }

    // MARK: Input

    func received(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { framer.append($0) }
        let now = eventLoop.now
        while !isOver {
            do throws(FramingError) {
                if let bytes = framer.takeCounted() {
                    lastReceived = now
                    handle(.bytes(bytes))
                    continue
                }
                guard let line = try framer.next() else { return }
                lastReceived = now
                handle(.line(line))
            } catch {
                handle(.framingFailed(error))
                return
            }
        }
    }

    /// The line just handed on announced so many bytes.
    func expect(_ count: Int) { if count > 0 { framer.expect(count) } }

    func setReading(_ isReading: Bool) {
        context.channel.setOption(.autoRead, value: isReading).assumeIsolated().whenComplete { _ in }
    }

    /// Looks when a connection would have been idle for too long, and where something came meanwhile looks again later: a
    /// timer of each line's own would cost more than the line.
    private func watchIdle(for delay: TimeAmount) {
        idle = schedule(delay) { link in
            let rest = link.lastReceived + .seconds(Int64(link.limits.idle)) - link.eventLoop.now
            if rest > .zero { return link.watchIdle(for: rest) }
            link.lastReceived = link.eventLoop.now
            link.watchIdle(for: .seconds(Int64(link.limits.idle)))
            link.handle(.idle)
        }
    }

    // MARK: Output

    /// Queues bytes; `flush` sends them.
    func send(_ bytes: [UInt8]) {
        guard !isOver else { return }
        output.writeBytes(bytes)
        backlog += bytes.count
        if stall == nil { restartStall() }
        handle(.backlog(backlog))
    }

    /// Sends all that was queued as one write.
    func flush() {
        guard !isOver, output.readableBytes > 0 else { return }
        let taken = output
        output = context.channel.allocator.buffer(capacity: 0)
        let count = taken.readableBytes
        context.writeAndFlush(NIOAny(taken)).assumeIsolated().whenComplete { [weak self] _ in self?.wrote(count) }
    }

    private func wrote(_ count: Int) {
        backlog -= count
        sent += count
        if !isOver { handle(.backlog(backlog)) }
    }

    /// Looks from time to time whether anything was taken, and stops looking when nothing waits.
    private func restartStall() {
        let before = sent
        stall = schedule(.seconds(Int64(limits.stall))) { link in
            link.stall = nil
            guard link.backlog > 0 else { return }
            if link.sent == before { link.handle(.stalled) } else { link.restartStall() }
        }
    }

    // MARK: The end

    func startClosingDeadline(_ reached: @escaping () -> Void) {
        guard closing == nil else { return }
        closing = schedule(.seconds(Int64(limits.closing))) { _ in reached() }
    }

    /// Closes once everything was sent.
    func close() {
        guard !isOver else { return }
        let context = context
        startClosingDeadline { context.close(promise: nil) }
        flush()
        context.close(mode: .output).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    /// Closes now.
    func abort() { context.close(promise: nil) }

    /// The channel is gone.
    func over() {
        isOver = true
        for deadline in [idle, stall, closing] { deadline?.cancel() }
    }

    private func schedule(_ delay: TimeAmount, _ action: @escaping (LineLink) -> Void) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            guard let self, !self.isOver else { return }
            action(self)
        }
    }
}
