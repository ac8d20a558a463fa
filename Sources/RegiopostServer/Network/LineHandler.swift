import NIOCore
import RegiopostWire

/// A session machine as its handler drives it: told what happened, it says what to do.
protocol LineSession {
    associatedtype Action

    mutating func start() -> [Action]
    mutating func lineReceived(_ line: ArraySlice<UInt8>) -> [Action]
    /// How many of the bytes that a line announced have not come yet.
    var countedBytes: Int { get }
    mutating func bytesReceived(_ bytes: ArraySlice<UInt8>) -> [Action]
    mutating func framingFailed(_ error: FramingError) -> [Action]
    mutating func idleDeadlineReached() -> [Action]
    mutating func outputStalled() -> [Action]
    mutating func peerClosed() -> [Action]
    mutating func stopRequested() -> [Action]
}

extension ServerSession: LineSession {}
extension EnrolSession: LineSession {
    var countedBytes: Int { 0 }
    mutating func bytesReceived(_ bytes: ArraySlice<UInt8>) -> [Action] { [] }
}

/// What session and enrolment handlers have in common: they tell the machine what the channel does, and do what it says.
/// Subclasses say what each action is.
class LineHandler<Session: LineSession>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let service: Service
    var session: Session
    private(set) var link: LineLink?
    private let connections: Connections
    private let limits: Limits
    private var connection: Connections.Token?
    /// What an action does may bring about other actions, which are done within it.
    private var depth = 0

    init(_ session: Session, service: Service, connections: Connections, limits: Limits) {
        self.session = session
        self.service = service
        self.connections = connections
        self.limits = limits
    }

    // MARK: What subclasses say

    /// Does one thing that the machine said.
    func perform(_ action: Session.Action, on link: LineLink) { preconditionFailure("a subclass performs actions") }

    /// How stopping and revoking reach this connection.
    func entry(on link: LineLink) -> Connections.Entry { preconditionFailure("a subclass can be reached") }

    /// The connection stands.
    func began(on link: LineLink) {}

    /// The bytes of output that wait have changed.
    func backlogChanged(to bytes: Int) {}

    /// All actions of an event are done.
    func performed() {}

    /// The connection is gone; called once where `began` was.
    func ended() {}

    // MARK: Events

    /// Tells the machine what happened, does what it says, and sends what that wrote.
    func run(_ event: (inout Session) -> [Session.Action]) {
        perform(event(&session))
        link?.flush()
    }

    func perform(_ actions: [Session.Action]) {
        depth += 1
        for action in actions {
            guard let link else { break }
            perform(action, on: link)
        }
        depth -= 1
        if depth == 0 { performed() }
    }

    private func handle(_ event: LineLink.Event) {
        switch event {
        case .line(let line):
            perform(session.lineReceived(line))
            link?.expect(session.countedBytes)
        case .bytes(let bytes): perform(session.bytesReceived(bytes))
        case .framingFailed(let error): run { $0.framingFailed(error) }
        case .idle: run { $0.idleDeadlineReached() }
        case .stalled: run { $0.outputStalled() }
        case .backlog(let bytes): backlogChanged(to: bytes)
        }
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        let link = LineLink(context: context, limits: limits) { [weak self] event in self?.handle(event) }
        self.link = link
        connection = connections.add(entry(on: link))
        began(on: link)
        run { $0.start() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        run { $0.outputStalled() }
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { link?.received(unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) {
        link?.flush()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        run { $0.peerClosed() }
    }

    /// The TLS handler closes by itself; what remains is to give everything back.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { run { $0.outputStalled() } }

    private func end() {
        guard let link else { return }
        link.over()
        if let connection { connections.remove(connection) }
        connection = nil
        ended()
        self.link = nil
    }
}
