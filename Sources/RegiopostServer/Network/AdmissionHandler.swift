import NIOCore
import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostTLS
import RegiopostWire

/// Waits for the handshake, asks whether the certificate may be used, and makes room for the session's own handler.
///
/// What the client sends meanwhile is kept, up to a bound past which nothing more is read.
final class AdmissionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let service: Service
    private let connections: Connections
    private let stranger: StrangerHandler
    private var early: [ByteBuffer] = []
    private var earlyBytes = 0
    private var hasInputClosed = false

    init(service: Service, connections: Connections, stranger: StrangerHandler) {
        self.service = service
        self.connections = connections
        self.stranger = stranger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let completed as TLSHandshakeCompleted: admit(completed, context)
        case let event as ChannelEvent where event == .inputClosed: hasInputClosed = true
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Requests may follow the handshake at once, before the certificate was looked up.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        earlyBytes += bytes.readableBytes
        early.append(bytes)
        if earlyBytes > service.limits.backlog {
            context.channel.setOption(.autoRead, value: false).assumeIsolated().whenComplete { _ in }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        refused(String(describing: error), context)
        context.close(promise: nil)
    }

    private func refused(_ reason: String, _ context: ChannelHandlerContext) {
        service.report(.connectionRefused(origin: context.origin, reason: reason))
    }

    private func admit(_ completed: TLSHandshakeCompleted, _ context: ChannelHandlerContext) {
        switch (completed.applicationProtocol, completed.peerCertificate) {
        case (.enrolment, _): proceed(EnrolHandler(service: service, connections: connections), context)
        case (.session, let certificate?): check(certificate, context)
        case (.session, nil): context.close(promise: nil)
        }
    }

    private func check(_ certificate: Certificate, _ context: ChannelHandlerContext) {
        guard let address = certificate.address.flatMap(Address.init(_:)) else {
            refused("The certificate \(certificate.serial) names no address.", context)
            context.close(promise: nil)
            return
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (service, loop) = (service, context.eventLoop)
        service.begin {
            let admission = await service.admission(of: certificate)
            loop.execute {
                let (handler, context) = bound.value
                guard context.channel.isActive else { return }
                switch admission {
                case .success(let issued): handler.letIn(issued, context)
                case .failure(let refusal):
                    handler.refused(
                        "The certificate \(certificate.serial) of \(address): \(refusal.code.rawValue).", context)
                    handler.sayGoodbye(refusal.code, context)
                }
            }
        }
    }

    private func letIn(_ certificate: IssuedCertificate, _ context: ChannelHandlerContext) {
        stranger.becameKnown()
        proceed(SessionHandler(service: service, connections: connections, certificate: certificate), context)
    }

    private func sayGoodbye(_ code: RefusalCode, _ context: ChannelHandlerContext) {
        let line = ServerMessage.bye(code: code.rawValue, text: code.sentence).line
        let bye = context.channel.allocator.buffer(bytes: line)
        context.writeAndFlush(NIOAny(bye)).assumeIsolated().whenComplete { _ in
            context.close(mode: .output).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    private func proceed(_ handler: some ChannelInboundHandler, _ context: ChannelHandlerContext) {
        do {
            let operations = context.pipeline.syncOperations
            try operations.addHandler(handler, position: .after(self))
            for bytes in early { context.fireChannelRead(NIOAny(bytes)) }
            if !early.isEmpty { context.fireChannelReadComplete() }
            if hasInputClosed { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
            if earlyBytes > service.limits.backlog {
                context.channel.setOption(.autoRead, value: true).assumeIsolated().whenComplete { _ in }
            }
            operations.removeHandler(self).assumeIsolated().whenComplete { _ in }
        } catch {
            refused(String(describing: error), context)
            context.close(promise: nil)
        }
    }
}

extension ChannelHandlerContext {
    /// Where the peer is, for the log.
    var origin: String { remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "unknown" }
}
