import RegiopostModel
import RegiopostWire

/// A session in which a stranger enrols.
enum EnrolDialogue {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let steps = Step.steps(of: input)
        let whole = try run(steps)
        let cut = try run(steps.inPieces(1))
        try promise(cut == whole, "a dialogue in single bytes has the same actions: \(cut), not \(whole)")
    }

    private static func run(_ steps: [Step]) throws(BrokenPromise) -> [EnrolSession.Action] {
        let server = try promised(OrganisationCode("pv28"), "a server")
        var session = EnrolSession(greeting: EnrolGreeting(server: server, time: Timestamp(milliseconds: 0)))
        var framer = LineFramer(limit: Limits.enrolment.longestLine)
        var output = ServerOutput()
        var waiting: [RequestTag] = []
        var actions: [EnrolSession.Action] = []

        func perform(_ new: [EnrolSession.Action]) throws(BrokenPromise) {
            for action in new {
                switch action {
                case .send(let bytes): try output.send(bytes)
                case .enrol(let tag, _): waiting.append(tag)
                case .close, .abort: output.end()
                }
            }
            try promise(waiting.count <= 1, "one enrolment at a time")
            actions += new
        }
        func receive(_ bytes: [UInt8]) throws(BrokenPromise) {
            framer.append(bytes)
            while let piece = framer.nextPiece() {
                switch piece {
                case .bytes: break
                case .line(let line):
                    output.asked(line)
                    try perform(session.lineReceived(line))
                case .failed(let error):
                    try perform(session.framingFailed(error))
                    return
                }
            }
        }

        try perform(session.start())
        for step in steps {
            switch step {
            case .bytes(let bytes): try receive(Array(bytes))
            case .event(0xF5):
                guard let tag = waiting.popLast() else { continue }
                try perform(session.enrolAnswered(tag, .success((certificate: [1, 2], root: [3]))))
            case .event(0xF6):
                guard let tag = waiting.popLast() else { continue }
                try perform(session.enrolAnswered(tag, .failure(Refusal(.invitationUsed))))
            case .event(0xFC): try perform(session.idleDeadlineReached())
            case .event(0xFD): try perform(session.stopRequested())
            case .event(0xC0): try perform(session.peerClosed())
            case .event: try perform(session.outputStalled())
            }
        }
        return actions
    }
}
