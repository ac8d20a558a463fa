import NIOCore
import RegiopostModel
import RegiopostTLS
import RegiopostWire

/// The client's end of a connection: runs the session machine, matches replies with who waits for them, and keeps the
/// connection alive. Used on its channel's event loop only.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a request came to: its reply, and the changes that came with it.
    typealias Answer = Result<(Reply, [ReplicaEntry]), ClientError>
    /// The server's first line.
    enum Welcome: Sendable {
        case session(Greeting)
        case enrolment(EnrolGreeting)
    }

    private let server: String
    private let patience: TimeAmount
    private let welcomed: EventLoopPromise<Welcome>
    private let arrivals: AsyncThrowingStream<Arrival, any Error>.Continuation
    private let trace: TLSServerConnection.Trace?
    private var session: ClientSession
    private var framer = LineFramer(limit: Limits.standard.longestLine)
    private var context: ChannelHandlerContext?
    private var waiting: [RequestTag: (Answer) -> Void] = [:]
    private var collected: [MailboxName: [ReplicaEntry]] = [:]
    /// Who takes the bytes that a FETCH brings.
    private var sinks: [RequestTag: (ArraySlice<UInt8>) -> Void] = [:]
    /// Mailboxes whose WATCH has no reply yet: what comes until then belongs to the reply, so that it is stored in order.
    private var catchingUp: Set<MailboxName> = []
    /// Who takes the pages of a mailbox that is read to its end, by a WATCH that is given up there.
    private var readers: [MailboxName: PageSource.Pages.Source] = [:]
    /// Mailboxes whose UNWATCH has no reply yet: what still comes is for nobody.
    private var leaving: Set<MailboxName> = []
    private var isReading = true
    private var deadline: Scheduled<Void>?
    private var keepAlive: RepeatedTask?
    private var failure: ClientError?
    private var isWelcomed = false
    private var unflushed = 0

    /// How many bytes leave at once: as many as a slow line takes away well within the patience.
    static let piece = 16 * 1_024

    init(
        _ name: ClientSession.Name, server: String, patience: TimeAmount, welcomed: EventLoopPromise<Welcome>,
        arrivals: AsyncThrowingStream<Arrival, any Error>.Continuation, trace: TLSServerConnection.Trace? = nil
    ) {
        self.trace = trace
        session = ClientSession(name)
        self.server = server
        self.patience = patience
        self.welcomed = welcomed
        self.arrivals = arrivals
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        expectSomething()
    }

    func channelInactive(context: ChannelHandlerContext) {
        handle(session.peerClosed(leftOver: framer.pending))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        handle(session.peerClosed(leftOver: framer.pending))
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { framer.append($0) }
        expectSomething()
        while true {
            do throws(FramingError) {
                if let bytes = framer.takeCounted() {
                    handle(session.bytesReceived(bytes))
                    continue
                }
                guard let line = try framer.next() else { return }
                trace?(.server, TraceText.text(of: line))
                handle(session.lineReceived(line))
                framer.expect(session.countedBytes)
            } catch {
                handle(session.framingFailed(error))
                return
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            handle(session.peerClosed(leftOver: framer.pending))
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError {
            failure = failure ?? ClientError(error, server: server)
        } else {
            failure = failure ?? ClientError(.interrupted, ["server": server, "reason": String(describing: error)])
        }
        handle(session.peerClosed(leftOver: framer.pending))
        context.close(promise: nil)
    }

    // MARK: Requests

    /// Writes a request; `flush` sends it.
    ///
    /// - Parameters:
    ///   - bytes: what follows the line of a BLOB.
    ///   - sink: handed the bytes that a FETCH brings, as they come, whatever becomes of the rest.
    func request(
        _ verb: ClientRequest.Verb, bytes: ArraySlice<UInt8> = [], sink: ((ArraySlice<UInt8>) -> Void)? = nil,
        answer: @escaping (Answer) -> Void
    ) {
        do throws(ClientSession.RequestFailure) {
            let (tag, line) = try session.request(verb)
            waiting[tag] = answer
            sinks[tag] = sink
            if case .watch(let mailbox, _) = verb { catchingUp.insert(mailbox) }
            trace?(.client, TraceText.text(of: line.dropLast()))
            write(line[...])
            write(bytes)
            expectSomething()
        } catch {
            answer(.failure(ended(error)))
        }
    }

    func flush() { context?.flush() }

    // MARK: Reading to the end

    /// Asks for all pages of a mailbox from a cursor on, for a source.
    func read(_ mailbox: MailboxName, after cursor: CursorToken, for source: PageSource.Pages.Source) {
        readers[mailbox] = source
        request(.watch(mailbox, after: cursor)) { [weak self] answer in self?.hasRead(mailbox, answer) }
        flush()
    }

    private func hasRead(_ mailbox: MailboxName, _ answer: Answer) {
        let reader = readers.removeValue(forKey: mailbox)
        // Whoever takes the last page asks for more on this connection, and no more pages come that would make room.
        setReading(true)
        switch answer {
        case .success((.watch(_, let cursor), let entries)):
            if let reader {
                leave(mailbox)
                _ = reader.yield(MailboxPage(entries: entries, cursor: cursor.text, isLast: true))
                reader.finish()
            }
        case .success((.no(let rejection), _)):
            reader?.finish(ClientError(rejection))
        case .success: reader?.finish(ClientError(.protocolBroken, ["reason": "watch"]))
        case .failure(let error): reader?.finish(error)
        }
    }

    /// Nobody takes the pages of a mailbox any more.
    func stopPages(of mailbox: MailboxName) {
        if readers.removeValue(forKey: mailbox) != nil { leave(mailbox) }
    }

    private func leave(_ mailbox: MailboxName) {
        leaving.insert(mailbox)
        request(.unwatch(mailbox)) { [weak self] _ in
            self?.leaving.remove(mailbox)
            self?.collected[mailbox] = nil
        }
        flush()
    }

    /// Reads no more for a while, where what came isn't taken: nothing is due then.
    func setReading(_ isReading: Bool) {
        guard isReading != self.isReading, let context else { return }
        self.isReading = isReading
        context.channel.setOption(.autoRead, value: isReading).whenFailure { _ in }
        if isReading { expectSomething() } else { deadline?.cancel() }
    }

    /// Writes in pieces that leave one by one. While our own bytes are still leaving, the server has nothing to answer yet;
    /// so each piece that has left begins the wait anew.
    private func write(_ bytes: ArraySlice<UInt8>) {
        guard let context else { return }
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(Self.piece)
            rest = rest.dropFirst(piece.count)
            let left = context.eventLoop.makePromise(of: Void.self)
            left.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.expectSomething() }
            context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: piece)), promise: left)
            unflushed += piece.count
            // What is flushed together leaves together, as far as TLS tells.
            guard unflushed >= Self.piece else { continue }
            unflushed = 0
            context.flush()
        }
    }

    private func ended(_ error: ClientSession.RequestFailure) -> ClientError {
        switch error {
        case .notOpen: failure ?? ClientError(.interrupted, ["server": server, "reason": "closed"])
        case .tooManyRequests: ClientError(Refusal(.tooManyRequests))
        case .lineTooLong(let limit): ClientError(Refusal(.lineTooLong, ["limit": String(limit)]))
        case .notOneLine: ClientError(.storeCorrupt, ["reason": "a change is no line"])
        case .noBlobs: ClientError(Refusal(.unknownVerb, ["verb": "BLOB"]))
        case .chunkTooLong(let limit): ClientError(Refusal(.chunkTooLong, ["limit": String(limit)]))
        case .alreadyFetching: ClientError(Refusal(.tooManyRequests))
        }
    }

    // MARK: Outcomes

    private func handle(_ outcomes: [ClientSession.Outcome]) {
        for outcome in outcomes {
            switch outcome {
            case .greeted(let greeting):
                isWelcomed = true
                startKeepAlive(every: .seconds(Int64(max(greeting.idle / 3, 1))))
                welcomed.succeed(.session(greeting))
            case .greetedForEnrolment(let greeting):
                isWelcomed = true
                welcomed.succeed(.enrolment(greeting))
            case .replied(let tag, let reply): replied(tag, reply)
            case .change(let mailbox, let change):
                collected[mailbox, default: []].append(
                    ReplicaEntry(
                        position: change.position, receivedAt: change.received, line: Array(change.bytes),
                        receipt: change.receipt?.text))
            case .cursor(let mailbox, let cursor):
                if leaving.contains(mailbox) {
                    collected[mailbox] = nil
                    continue
                }
                if let reader = readers[mailbox] {
                    let page = MailboxPage(entries: take(mailbox), cursor: cursor.text, isLast: false)
                    if case .stopProducing = reader.yield(page) { setReading(false) }
                    continue
                }
                guard !catchingUp.contains(mailbox) else { continue }
                arrivals.yield(
                    Arrival(mailbox: Self.mailbox(mailbox), entries: take(mailbox), cursor: cursor.text))
            case .bytes(let tag, let bytes): sinks[tag]?(bytes)
            case .ended(let end, let unanswered): ended(end, unanswered)
            }
        }
    }

    private func replied(_ tag: RequestTag, _ reply: Reply) {
        var entries: [ReplicaEntry] = []
        switch reply {
        case .pull(let mailbox, _, _): entries = take(mailbox)
        case .watch(let mailbox, _):
            catchingUp.remove(mailbox)
            entries = take(mailbox)
        default: break
        }
        sinks[tag] = nil
        if session.requestsUnderWay == 0 { deadline?.cancel() }
        waiting.removeValue(forKey: tag)?(.success((reply, entries)))
    }

    private func take(_ mailbox: MailboxName) -> [ReplicaEntry] { collected.removeValue(forKey: mailbox) ?? [] }

    private func ended(_ end: ClientSession.End, _ unanswered: [RequestTag]) {
        let error = failure ?? ClientError(end, server: server)
        failure = error
        deadline?.cancel()
        keepAlive?.cancel()
        let answers = unanswered.compactMap { waiting.removeValue(forKey: $0) }
        sinks = [:]
        if !isWelcomed { welcomed.fail(error) }
        for answer in answers { answer(.failure(error)) }
        if end == .quit { arrivals.finish() } else { arrivals.finish(throwing: error) }
        context?.close(promise: nil)
    }

    static func mailbox(_ name: MailboxName) -> ReplicaMailbox { name == .own ? .own : .directory }

    // MARK: Deadlines

    /// While something is due, the server has to say something within the patience there is.
    private func expectSomething() {
        deadline?.cancel()
        guard let context, isReading, !isWelcomed || session.requestsUnderWay > 0 else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in
            guard let self else { return }
            self.handle(self.session.deadlineReached())
        }
    }

    /// A watch that hears nothing asks from time to time whether the server is still there.
    private func startKeepAlive(every interval: TimeAmount) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        keepAlive = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.request(.ping) { _ in }
            bound.value.flush()
        }
    }
}
