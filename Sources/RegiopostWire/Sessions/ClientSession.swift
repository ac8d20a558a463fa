import RegiopostModel

/// The client's side of one connection, on either name of the protocol. Handed what happened, it says what came of
/// it; it does no I/O and knows no clock.
public struct ClientSession: Sendable {
    /// Which greeting to expect.
    public enum Name: Sendable {
        /// `regiopost/1`.
        case regiopost
        /// `regiopost-enrol/1`.
        case enrol
    }

    /// What came of an event.
    public enum Outcome: Equatable, Sendable {
        /// The server greeted: requests may be made.
        case greeted(Greeting)
        /// The server greeted on the enrolment name: ENROL may be asked.
        case greetedForEnrolment(EnrolGreeting)
        /// A request got its reply.
        case replied(RequestTag, Reply)
        /// A change came, in the mailbox's order. It belongs to what a later cursor covers; keep both in one
        /// transaction.
        case change(MailboxName, StoredChange)
        /// Everything up to the cursor came.
        case cursor(MailboxName, CursorToken)
        /// The next bytes of a blob that a FETCH asked for.
        case bytes(RequestTag, ArraySlice<UInt8>)
        /// The connection is over. The requests listed have no answer: they may have been done, or not. Close.
        case ended(End, unanswered: [RequestTag])
    }

    /// Why a connection is over.
    public enum End: Equatable, Sendable {
        /// As asked by QUIT.
        case quit
        /// The server said so, with this code.
        case bye(code: String, text: String)
        /// The server closed without a word.
        case closed
        /// The server closed in the middle of a line.
        case cutOff
        /// A deadline passed while a greeting or a reply was due.
        case timedOut
        /// The server speaks another version, or another protocol.
        case notRegiopost
        /// The server sent what it may not send: the part that is wrong.
        case violation(String)
    }

    /// Why a request can't be made now.
    public enum RequestFailure: Error, Equatable, Sendable {
        /// Before the greeting, or after the end.
        case notOpen
        /// As many as the server allows are under way: wait for a reply.
        case tooManyRequests
        /// The change is longer than the server takes.
        case lineTooLong(limit: Int)
        /// The change doesn't begin with `{`, or holds an LF, a CR or a NUL: sent, it would be several requests.
        case notOneLine
        /// The server has no blobs.
        case noBlobs
        /// The piece is longer than the server takes.
        case chunkTooLong(limit: Int)
        /// This blob is being fetched already.
        case alreadyFetching
    }

    private enum Phase {
        /// Can become `open` or `ended`.
        case greeting
        /// Becomes `ended`.
        case open(line: Int, requests: Int, chunk: Int?)
        /// Nothing happens any more.
        case ended
    }

    /// What the reply to a request must be about.
    private struct Pending {
        let number: Int
        let verb: String
        let mailbox: MailboxName?
        let digest: Digest?
        /// The byte of the blob that comes next, where it is fetched.
        var offset = 0
        /// How many of its bytes may still come.
        var rest = 0
    }

    /// Bytes of a blob that an announcement said will follow.
    private struct Arriving {
        let tag: RequestTag
        var rest: Int
    }

    private let name: Name
    private var phase = Phase.greeting
    private var underWay: [RequestTag: Pending] = [:]
    private var lastNumber = 0
    /// Mailboxes that changes may come in, and where the last one stood.
    private var listening: [MailboxName: Int?] = [:]
    /// Mailboxes whose watch stands.
    private var watched: Set<MailboxName> = []

    private var arriving: Arriving?

    /// Makes the session of a connection that was just made.
    public init(_ name: Name) {
        self.name = name
    }

    /// How many requests have no reply yet.
    public var requestsUnderWay: Int { underWay.count }

    /// How many of the bytes that an announcement said would follow have not come yet: they are no lines.
    public var countedBytes: Int { arriving?.rest ?? 0 }

    /// Makes a request: its tag, and the line to send; after a BLOB's line, exactly the bytes that it counts. O(size).
    public mutating func request(_ verb: ClientRequest.Verb) throws(RequestFailure) -> (
        tag: RequestTag, line: [UInt8]
    ) {
        guard case .open(let longest, let requests, let chunk) = phase else { throw .notOpen }
        guard underWay.count < requests else { throw .tooManyRequests }
        switch verb {
        case .push(let change): try Self.checkLine(change, longest)
        case .giveBack(let change): try Self.checkLine(change.bytes, longest)
        default: break
        }
        try checkBlob(verb, chunk)
        lastNumber += 1
        let request = ClientRequest(tag: RequestTag(number: lastNumber), verb: verb)
        var pending = Pending(number: lastNumber, verb: verb.name, mailbox: verb.mailbox, digest: verb.digest)
        if case .fetch(_, let offset, let count) = verb, let chunk {
            (pending.offset, pending.rest) = (offset, min(count ?? chunk, chunk))
        }
        underWay[request.tag] = pending
        switch verb {
        case .pull(let mailbox, _, _), .watch(let mailbox, _):
            if listening[mailbox] == nil { listening[mailbox] = .some(nil) }
        default: break
        }
        var line: [UInt8] = []
        request.write(to: &line)
        return (request.tag, line)
    }

    private static func checkLine(_ change: ArraySlice<UInt8>, _ longest: Int) throws(RequestFailure) {
        guard change.count <= longest else { throw .lineTooLong(limit: longest) }
        guard change.first == UInt8(ascii: "{"), LineFramer.isOneLine(change) else { throw .notOneLine }
    }

    private func checkBlob(_ verb: ClientRequest.Verb, _ chunk: Int?) throws(RequestFailure) {
        switch verb {
        case .offer, .fetch, .blob: break
        default: return
        }
        guard let chunk else { throw .noBlobs }
        if case .blob(let piece) = verb, piece.count > chunk { throw .chunkTooLong(limit: chunk) }
        if case .fetch(let digest, _, _) = verb, fetching(digest) != nil { throw .alreadyFetching }
    }

    private func fetching(_ digest: Digest) -> RequestTag? {
        underWay.first { $0.value.verb == "FETCH" && $0.value.digest == digest }?.key
    }

    /// A line came, without its line end.
    public mutating func lineReceived(_ line: ArraySlice<UInt8>) -> [Outcome] {
        if case .ended = phase { return [] }
        let message: ServerMessage
        do throws(MessageError) {
            message = try ServerMessage(line: line)
        } catch {
            if case .greeting = phase { return end(.notRegiopost) }
            return end(.violation(error.field))
        }
        if case .bye(let code, let text) = message { return end(.bye(code: code, text: text)) }
        if case .greeting = phase { return greeted(message) }
        switch message {
        case .reply(let tag, let reply): return replied(tag, reply)
        case .change(let mailbox, let change): return came(change, mailbox)
        case .cursor(let mailbox, let cursor):
            guard listening[mailbox] != nil else { return end(.violation("mailbox")) }
            return [.cursor(mailbox, cursor)]
        case .blob(let digest, let offset, let count): return announced(digest, offset, count)
        case .untagged: return end(.violation("tag"))
        case .greeting, .enrolGreeting: return end(.violation("kind"))
        case .bye, .unknown: return []
        }
    }

    /// Some of the bytes came that an announcement said would follow; no more than `countedBytes`.
    public mutating func bytesReceived(_ bytes: ArraySlice<UInt8>) -> [Outcome] {
        guard case .open = phase, var arriving else { return [] }
        precondition(bytes.count <= arriving.rest, "more bytes than were announced")
        arriving.rest -= bytes.count
        self.arriving = arriving.rest > 0 ? arriving : nil
        return [.bytes(arriving.tag, bytes)]
    }

    /// The stream can't be cut into lines any more.
    public mutating func framingFailed(_ error: FramingError) -> [Outcome] { end(.violation(error.code.rawValue)) }

    /// The server closed; `leftOver` bytes of a line without an end had come.
    public mutating func peerClosed(leftOver: Int) -> [Outcome] {
        end(leftOver > 0 || arriving != nil ? .cutOff : .closed)
    }

    /// The greeting, or a reply, did not come in the time allowed.
    public mutating func deadlineReached() -> [Outcome] { end(.timedOut) }

    // MARK: - What came

    private mutating func greeted(_ message: ServerMessage) -> [Outcome] {
        switch (message, name) {
        case (.greeting(let greeting), .regiopost):
            phase = .open(line: greeting.line, requests: greeting.requests, chunk: greeting.blobs?.chunk)
            return [.greeted(greeting)]
        case (.enrolGreeting(let greeting), .enrol):
            phase = .open(line: greeting.line, requests: 1, chunk: nil)
            return [.greetedForEnrolment(greeting)]
        default: return end(.notRegiopost)
        }
    }

    private mutating func replied(_ tag: RequestTag, _ reply: Reply) -> [Outcome] {
        guard let pending = underWay[tag] else { return end(.violation("tag")) }
        guard reply.answers(pending.verb, pending.mailbox, pending.digest) else { return end(.violation("verb")) }
        if case .fetch(_, let offset, _) = reply, offset != pending.offset { return end(.violation("offset")) }
        underWay[tag] = nil
        switch reply {
        case .watch(let mailbox, _): watched.insert(mailbox)
        case .unwatch(let mailbox): watched.remove(mailbox)
        default: break
        }
        if let mailbox = pending.mailbox, !watched.contains(mailbox), !isAwaited(mailbox) {
            listening[mailbox] = nil
        }
        let outcome = Outcome.replied(tag, reply)
        return reply == .quit ? [outcome] + end(.quit) : [outcome]
    }

    /// A change must follow the one before it in its mailbox, as far as this connection saw that.
    private mutating func came(_ change: StoredChange, _ mailbox: MailboxName) -> [Outcome] {
        guard let last = listening[mailbox] else { return end(.violation("mailbox")) }
        if let last, change.position != last + 1 { return end(.violation("position")) }
        listening[mailbox] = .some(change.position)
        return [.change(mailbox, change)]
    }

    /// A piece must begin where the one before it ended.
    private mutating func announced(_ digest: Digest, _ offset: Int, _ count: Int) -> [Outcome] {
        guard let tag = fetching(digest), let pending = underWay[tag] else { return end(.violation("sha256")) }
        guard pending.offset == offset else { return end(.violation("offset")) }
        guard count <= pending.rest else { return end(.violation("count")) }
        underWay[tag]?.offset += count
        underWay[tag]?.rest -= count
        arriving = Arriving(tag: tag, rest: count)
        return []
    }

    /// Whether a PULL or WATCH of the mailbox is still without a reply.
    private func isAwaited(_ mailbox: MailboxName) -> Bool {
        underWay.values.contains { $0.mailbox == mailbox && ($0.verb == "PULL" || $0.verb == "WATCH") }
    }

    private mutating func end(_ reason: End) -> [Outcome] {
        if case .ended = phase { return [] }
        phase = .ended
        let unanswered = underWay.sorted { $0.value.number < $1.value.number }.map(\.key)
        underWay = [:]
        return [.ended(reason, unanswered: unanswered)]
    }
}
