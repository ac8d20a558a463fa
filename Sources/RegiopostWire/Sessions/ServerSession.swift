import RegiopostModel

/// The server's side of one `regiopost/1` connection. Handed what happened, it says what to do, in order; it does
/// no I/O and knows no clock.
///
/// PUSHes are submitted in the order they came; replies leave as answers come. Between `close` and the end of the
/// connection, and after `abort`, nothing more is to be done.
public struct ServerSession: Sendable {
    /// What to do next.
    public enum Action: Equatable, Sendable {
        /// Send these bytes after all earlier ones.
        case send([UInt8])
        /// Judge and store this change, after those submitted earlier; report by `pushAnswered`.
        case submit(RequestTag, change: ArraySlice<UInt8>)
        /// Read the mailbox; report by `pageRead`.
        case readPage(PageRequest)
        /// Note that the client holds everything up to the cursor, if the cursor is true; report by
        /// `storedRecorded`.
        case recordStored(RequestTag, MailboxName, Cursor)
        /// Say where the mailbox ends; report by `headRead`.
        case readHead(RequestTag, MailboxName)
        /// Keep a change that was lost, if its receipt is true; report by `returnAnswered`.
        case takeBack(RequestTag, ReturnedChange)
        /// Say how much of the blob is there; report by `offerAnswered`.
        case offerBlob(RequestTag, Blob)
        /// A piece of a blob is coming: its bytes follow, in order, by `writeBlob`.
        case beginBlob(RequestTag, BlobChunk)
        /// Keep these bytes of the piece.
        case writeBlob(RequestTag, ArraySlice<UInt8>)
        /// The piece is whole: make it durable, and report by `blobAnswered`.
        case endBlob(RequestTag)
        /// Read a piece of a blob, if this address may have it; report by `blobRead`.
        case readBlob(BlobRead)
        /// From now on call `mailboxGrew` when the mailbox grew. Comes before the first read.
        case subscribe(MailboxName)
        /// Stop that.
        case unsubscribe(MailboxName)
        /// Take no more bytes from the client.
        case pauseReading
        /// Take bytes again.
        case resumeReading
        /// Call `closingDeadlineReached` in `Limits.closing` seconds.
        case startClosingDeadline
        /// Close once everything was sent.
        case close
        /// Close now.
        case abort
    }

    enum Phase: Equatable {
        /// Requests are taken. Can become `ending` or `ended`.
        case open
        /// What is under way gets its reply, nothing new is taken. Becomes `ended`.
        case ending(Farewell)
        /// Nothing happens any more.
        case ended
    }

    /// How the connection ends.
    enum Farewell: Equatable {
        case quit(RequestTag)
        case bye(RefusalCode)
        case silent
    }

    let greeting: Greeting
    let limits: Limits
    var phase = Phase.open
    /// The tags of requests without a reply yet.
    var underWay: Set<RequestTag> = []
    var own: MailboxFeed
    var directory: MailboxFeed
    var isBackedUp = false
    /// The BLOB whose bytes are coming.
    var incoming: Incoming?
    /// What was asked for by FETCH and isn't sent yet, in order.
    var fetches: [Fetch] = []
    var isReadingBlob = false

    /// Makes the session of a client whose certificate was judged; `limits` are those the greeting announces.
    public init(greeting: Greeting, limits: Limits) {
        self.greeting = greeting
        self.limits = limits
        own = MailboxFeed(.own, epoch: greeting.epoch)
        directory = MailboxFeed(.directory, epoch: greeting.epoch)
    }

    /// The connection stands: greet.
    public func start() -> [Action] { [.send(ServerMessage.greeting(greeting).line)] }

    /// A line came, without its line end.
    public mutating func lineReceived(_ line: ArraySlice<UInt8>) -> [Action] {
        guard phase == .open else { return [] }
        let request: ClientRequest
        do throws(RequestError) {
            request = try ClientRequest(line: line)
        } catch {
            let rejection = Rejection(error.refusal)
            let message = error.tag.map { ServerMessage.reply($0, .no(rejection)) } ?? .untagged(rejection)
            if let tag = error.tag, underWay.contains(tag) { return end(.bye(.badRequest)) }
            return [.send(message.line)] + (error.endsStream ? end(.bye(.badRequest)) : [])
        }
        // A second NO or OK under one tag could be taken for the first one's, so this can't be answered.
        guard !underWay.contains(request.tag) else { return end(.bye(.badRequest)) }
        guard underWay.count < limits.requests || request.verb == .quit else {
            if case .blob(let chunk) = request.verb { passOver(chunk, request.tag) }
            return [refuse(request.tag, .tooManyRequests, ["limit": String(limits.requests)])]
        }
        return perform(request)
    }

    /// The stream can't be cut into lines any more.
    public mutating func framingFailed(_ error: FramingError) -> [Action] { end(.bye(error.code)) }

    /// A submitted change is durable, or was refused.
    public mutating func pushAnswered(_ tag: RequestTag, _ answer: Result<Receipt, Refusal>) -> [Action] {
        answered(tag, answer.map(Reply.push))
    }

    /// A STORED was noted, or why it was not: `resync` where its cursor is not true, or `unavailable`.
    public mutating func storedRecorded(_ tag: RequestTag, _ mailbox: MailboxName, refusal: RefusalCode?)
        -> [Action]
    {
        guard phase != .ended, underWay.remove(tag) != nil else { return [] }
        let reply = refusal.map { refuse(tag, $0) } ?? .send(Self.line(tag, .stored(mailbox)))
        return [reply] + finishIfDone()
    }

    /// The mailbox may have grown. Said for nothing, twice or late, this does no harm.
    public mutating func mailboxGrew(_ mailbox: MailboxName) -> [Action] {
        guard phase == .open else { return [] }
        self[mailbox].grew()
        return read(mailbox)
    }

    /// How many bytes of output wait to be sent, told whenever that changed much.
    public mutating func outputBacklogChanged(bytes: Int) -> [Action] {
        guard phase != .ended else { return [] }
        if !isBackedUp, bytes > limits.backlog {
            isBackedUp = true
            return [.pauseReading]
        }
        guard isBackedUp, bytes <= limits.backlog / 2 else { return [] }
        isBackedUp = false
        return [.resumeReading] + MailboxName.allCases.flatMap { read($0) } + readBlob()
    }

    /// No byte of the output that waits was taken in `Limits.stall` seconds. A goodbye couldn't be sent either.
    public mutating func outputStalled() -> [Action] { abort() }

    /// The client will send nothing more, and may still read.
    public mutating func peerClosed() -> [Action] { end(.silent) }

    /// Nothing came for `Limits.idle` seconds.
    public mutating func idleDeadlineReached() -> [Action] {
        underWay.isEmpty || incoming != nil ? end(.bye(.idle)) : []
    }

    /// The server stops: what is under way gets its reply first.
    public mutating func stopRequested() -> [Action] { end(.bye(.stopping)) }

    /// The same certificate has more connections than it may, and this one is the oldest.
    public mutating func newerConnectionCame() -> [Action] { end(.bye(.tooManyConnections)) }

    /// The certificate was revoked, or has expired: nothing more is answered or delivered.
    public mutating func accessEnded(_ code: RefusalCode) -> [Action] {
        guard phase != .ended else { return [] }
        let deadline: [Action] = phase == .open ? [.startClosingDeadline] : []
        phase = .ended
        return unsubscriptions() + deadline + [.send(Self.bye(code)), .close]
    }

    /// `Limits.closing` seconds have passed since the connection began to end.
    public mutating func closingDeadlineReached() -> [Action] {
        phase = .ended
        return [.abort]
    }

    /// How many requests have no reply yet.
    public var requestsUnderWay: Int { underWay.count }
}
