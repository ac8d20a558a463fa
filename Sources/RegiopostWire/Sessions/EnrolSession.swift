import RegiopostModel

/// The server's side of one `regiopost-enrol/1` connection: one ENROL at a time, few that fail.
public struct EnrolSession: Sendable {
    /// What to do next.
    public enum Action: Equatable, Sendable {
        /// Send these bytes after all earlier ones.
        case send([UInt8])
        /// Check the invitation and make the certificate; report by `enrolAnswered`.
        case enrol(RequestTag, ClientRequest.Enrolment)
        /// Close once everything was sent.
        case close
        /// Close now.
        case abort
    }

    private enum Phase {
        /// Waits for a request. Can become `enrolling` or `ended`.
        case open
        /// One is under way. Becomes `open`, or `ended`; with `isLast` only that.
        case enrolling(RequestTag, isLast: Bool)
        /// Nothing happens any more.
        case ended
    }

    private let greeting: EnrolGreeting
    private let limits: Limits
    private var phase = Phase.open
    private var failures = 0
    private var lines = 0

    /// Makes the session of a client that nobody knows yet.
    public init(greeting: EnrolGreeting, limits: Limits = .enrolment) {
        self.greeting = greeting
        self.limits = limits
    }

    /// The connection stands: greet.
    public func start() -> [Action] { [.send(ServerMessage.enrolGreeting(greeting).line)] }

    /// A line came, without its line end.
    public mutating func lineReceived(_ line: ArraySlice<UInt8>) -> [Action] {
        if case .ended = phase { return [] }
        if case .enrolling(_, isLast: true) = phase { return [] }
        lines += 1
        // Nobody stays for ever, nor makes us keep replies that nobody reads, by asking what costs nothing.
        guard lines <= Limits.enrolLines else { return bye(.tooManyRequests) }
        let request: ClientRequest
        do throws(RequestError) {
            request = try ClientRequest(line: line)
        } catch {
            let rejection = Rejection(error.refusal)
            let message = error.tag.map { ServerMessage.reply($0, .no(rejection)) } ?? .untagged(rejection)
            return failed(message) + (error.endsStream ? bye(.badRequest) : [])
        }
        let tag = request.tag
        if case .enrolling(let current, _) = phase {
            guard tag != current else { return bye(.badRequest) }
            return failed(.reply(tag, .no(Rejection(Refusal(.tooManyRequests, ["limit": "1"])))))
        }
        switch request.verb {
        case .enrol(let enrolment):
            phase = .enrolling(tag, isLast: false)
            return [.enrol(tag, enrolment)]
        case .ping: return [.send(ServerMessage.reply(tag, .ping).line)]
        case .quit:
            phase = .ended
            return [.send(ServerMessage.reply(tag, .quit).line), .close]
        default:
            let refusal = Refusal(.unknownVerb, ["verb": request.verb.name])
            // What follows a BLOB is no line, and nobody here takes it.
            let end: [Action] = if case .blob = request.verb { bye(.unknownVerb) } else { [] }
            return failed(.reply(tag, .no(Rejection(refusal)))) + end
        }
    }

    /// The invitation was taken, or not: the certificate and the root that it chains to, both DER.
    public mutating func enrolAnswered(
        _ tag: RequestTag, _ answer: Result<(certificate: [UInt8], root: [UInt8]), Refusal>
    ) -> [Action] {
        guard case .enrolling(tag, let isLast) = phase else { return [] }
        phase = isLast ? .ended : .open
        let end: [Action] = isLast ? [.close] : []
        switch answer {
        case .success(let made):
            let reply = Reply.enrol(certificate: made.certificate, root: made.root)
            return [.send(ServerMessage.reply(tag, reply).line)] + end
        case .failure(let refusal):
            let message = ServerMessage.reply(tag, .no(Rejection(refusal)))
            return isLast ? [.send(message.line)] + end : failed(message)
        }
    }

    /// The stream can't be cut into lines any more.
    public mutating func framingFailed(_ error: FramingError) -> [Action] { bye(error.code) }

    /// The client will send nothing more, and may still read.
    public mutating func peerClosed() -> [Action] {
        switch phase {
        case .open:
            phase = .ended
            return [.close]
        case .enrolling(let tag, _):
            phase = .enrolling(tag, isLast: true)
            return []
        case .ended: return []
        }
    }

    /// Nothing came for `Limits.idle` seconds, whatever is under way.
    public mutating func idleDeadlineReached() -> [Action] { bye(.idle) }

    /// The server stops.
    public mutating func stopRequested() -> [Action] { bye(.stopping) }

    /// No byte of the output was taken in `Limits.stall` seconds.
    public mutating func outputStalled() -> [Action] {
        if case .ended = phase { return [] }
        phase = .ended
        return [.abort]
    }

    private mutating func failed(_ message: ServerMessage) -> [Action] {
        failures += 1
        guard failures >= limits.enrolAttempts else { return [.send(message.line)] }
        return [.send(message.line)] + bye(.tooManyFailures)
    }

    private mutating func bye(_ code: RefusalCode) -> [Action] {
        if case .ended = phase { return [] }
        phase = .ended
        return [.send(ServerSession.bye(code)), .close]
    }
}
