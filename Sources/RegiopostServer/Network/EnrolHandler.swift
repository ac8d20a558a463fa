import NIOCore
import RegiopostModel
import RegiopostWire

/// One `regiopost-enrol/1` connection: runs what the enrolment machine says.
final class EnrolHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: Service
    private let connections: Connections
    private var session: EnrolSession
    private var link: LineLink?
    private var connection: Connections.Token?

    init(service: Service, connections: Connections) {
        self.service = service
        self.connections = connections
        session = EnrolSession(greeting: EnrolGreeting(server: service.address.organisation, time: service.clock()))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        link = LineLink(context: context, limits: .enrolment) { [weak self] event in self?.handle(event) }
        connection = connections.add(
            Connections.Entry(
                address: nil, serial: nil,
                stop: { loop.execute { handler.value.run { $0.stopRequested() } } }, revoke: {}))
        run { $0.start() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
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

    /// The TLS handler closes by itself.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { run { $0.outputStalled() } }

    private func end() {
        link?.over()
        if let connection { connections.remove(connection) }
        connection = nil
        link = nil
    }

    private func handle(_ event: LineLink.Event) {
        switch event {
        case .line(let line): perform(session.lineReceived(line))
        case .framingFailed(let error): run { $0.framingFailed(error) }
        case .idle: run { $0.idleDeadlineReached() }
        case .stalled: run { $0.outputStalled() }
        case .backlog: break
        }
    }

    private func run(_ event: (inout EnrolSession) -> [EnrolSession.Action]) {
        perform(event(&session))
        link?.flush()
    }

    private func perform(_ actions: [EnrolSession.Action]) {
        for action in actions {
            guard let link else { return }
            switch action {
            case .send(let bytes): link.send(bytes)
            case .enrol(let tag, let enrolment): enrol(tag, enrolment, link)
            case .close: link.close()
            case .abort: link.abort()
            }
        }
    }

    private func enrol(_ tag: RequestTag, _ enrolment: ClientRequest.Enrolment, _ link: LineLink) {
        let (report, origin) = (service.report, link.origin)
        let loop = link.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        let desk = service.desk
        Task {
            let answer = await desk.enrol(enrolment)
            let refusal: RefusalCode? = if case .failure(let refusal) = answer { refusal.code } else { nil }
            report(.enrolment(enrolment.address, origin: origin, refusal: refusal))
            loop.execute { handler.value.run { $0.enrolAnswered(tag, answer) } }
        }
    }
}
