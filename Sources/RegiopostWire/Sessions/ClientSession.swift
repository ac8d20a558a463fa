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
    }

    private enum Phase {
        /// Can become `open` or `ended`.
        case greeting
        /// Becomes `ended`.
        case open(line: Int, requests: Int)
        /// Nothing happens any more.
        case ended
    }

    /// What the reply to a request must be about.
    private struct Pending {
        let number: Int
        let verb: String
        let mailbox: MailboxName?
    }

    private let name: Name
    private var phase = Phase.greeting
    private var underWay: [RequestTag: Pending] = [:]
    private var lastNumber = 0
    /// Mailboxes that changes may come in, and where the last one stood.
    private var listening: [MailboxName: Int?] = [:]
    /// Mailboxes whose watch stands.
    private var watched: Set<MailboxName> = []

    /// Makes the session of a connection that was just made.
    public init(_ name: Name) {
        self.name = name
    }

    /// How many requests have no reply yet.
    public var requestsUnderWay: Int { underWay.count }

    /// Makes a request: its tag, and the line to send. O(size).
    public mutating func request(_ verb: ClientRequest.Verb) throws(RequestFailure) -> (
        tag: RequestTag, line: [UInt8]
    ) {
        guard case .open(let longest, let requests) = phase else { throw .notOpen }
        guard underWay.count < requests else { throw .tooManyRequests }
        if case .push(let change) = verb {
            guard change.count <= longest else { throw .lineTooLong(limit: longest) }
            guard change.first == UInt8(ascii: "{"), LineFramer.isOneLine(change) else { throw .notOneLine }
        }
        lastNumber += 1
        let request = ClientRequest(tag: RequestTag(number: lastNumber), verb: verb)
        underWay[request.tag] = Pending(number: lastNumber, verb: verb.name, mailbox: verb.mailbox)
        switch verb {
        case .pull(let mailbox, _, _), .watch(let mailbox, _):
            if listening[mailbox] == nil { listening[mailbox] = .some(nil) }
        default: break
        }
        var line: [UInt8] = []
        request.write(to: &line)
        return (request.tag, line)
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
        case .untagged: return end(.violation("tag"))
        case .greeting, .enrolGreeting: return end(.violation("kind"))
        case .bye, .unknown: return []
        }
    }

    /// The stream can't be cut into lines any more.
    public mutating func framingFailed(_ error: FramingError) -> [Outcome] { end(.violation(error.code.rawValue)) }

    /// The server closed; `leftOver` bytes of a line without an end had come.
    public mutating func peerClosed(leftOver: Int) -> [Outcome] { end(leftOver > 0 ? .cutOff : .closed) }

    /// The greeting, or a reply, did not come in the time allowed.
    public mutating func deadlineReached() -> [Outcome] { end(.timedOut) }

    // MARK: - What came

    private mutating func greeted(_ message: ServerMessage) -> [Outcome] {
        switch (message, name) {
        case (.greeting(let greeting), .regiopost):
            phase = .open(line: greeting.line, requests: greeting.requests)
            return [.greeted(greeting)]
        case (.enrolGreeting(let greeting), .enrol):
            phase = .open(line: greeting.line, requests: 1)
            return [.greetedForEnrolment(greeting)]
        default: return end(.notRegiopost)
        }
    }

    private mutating func replied(_ tag: RequestTag, _ reply: Reply) -> [Outcome] {
        guard let pending = underWay[tag] else { return end(.violation("tag")) }
        guard reply.answers(pending.verb, pending.mailbox) else { return end(.violation("verb")) }
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
