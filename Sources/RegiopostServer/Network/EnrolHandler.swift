import NIOCore
import RegiopostModel
import RegiopostWire

/// One `regiopost-enrol/1` connection: runs what the enrolment machine says.
final class EnrolHandler: LineHandler<EnrolSession> {
    init(service: Service, connections: Connections) {
        let greeting = EnrolGreeting(server: service.address.organisation, time: service.clock())
        super.init(EnrolSession(greeting: greeting), service: service, connections: connections, limits: .enrolment)
    }

    override func entry(on link: LineLink) -> Connections.Entry {
        let loop = link.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        return Connections.Entry(
            address: nil, serial: nil, expires: nil,
            stop: { loop.execute { handler.value.run { $0.stopRequested() } } },
            turnOut: { _ in }, giveWay: {})
    }

    override func perform(_ action: EnrolSession.Action, on link: LineLink) {
        switch action {
        case .send(let bytes): link.send(bytes)
        case .enrol(let tag, let enrolment): enrol(tag, enrolment, link)
        case .close: link.close()
        case .abort: link.abort()
        }
    }

    private func enrol(_ tag: RequestTag, _ enrolment: ClientRequest.Enrolment, _ link: LineLink) {
        let (report, origin) = (service.report, link.origin)
        let loop = link.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        let desk = service.desk
        service.begin {
            let answer = await desk.enrol(enrolment)
            let refusal: RefusalCode? = if case .failure(let refusal) = answer { refusal.code } else { nil }
            report(.enrolment(enrolment.address, origin: origin, refusal: refusal))
            loop.execute { handler.value.run { $0.enrolAnswered(tag, answer) } }
        }
    }
}
