import RegiopostModel
import RegiopostWire

/// A whole session of the client with a server that says anything.
enum ClientDialogue {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let steps = Step.steps(of: input)
        for name in [ClientSession.Name.regiopost, .enrol] {
            let whole = try run(steps, name)
            let cut = try run(steps.inPieces(1), name)
            try promise(cut == whole, "a dialogue in single bytes comes to the same: \(cut), not \(whole)")
        }
    }

    private static func run(
        _ steps: [Step], _ name: ClientSession.Name
    ) throws(BrokenPromise) -> [ClientSession.Outcome] {
        var run = ClientRun(name)
        for step in steps {
            switch step {
            case .event(let event): try run.happened(event)
            case .bytes(let bytes): try run.receive(Array(bytes))
            }
        }
        return run.outcomes
    }
}

/// One session under way.
private struct ClientRun {
    private var session: ClientSession
    private var framer = LineFramer(limit: 4_000)
    private var asked: [RequestTag] = []
    private var isEnded = false
    private(set) var outcomes: [ClientSession.Outcome] = []

    /// The file of the vectors.
    private static let blob = "f7acc1bf99c08452dc777dfacfd8e0d5d4b2dbf663552f70884e41e518629089"

    init(_ name: ClientSession.Name) { session = ClientSession(name) }

    mutating func receive(_ bytes: [UInt8]) throws(BrokenPromise) {
        framer.append(bytes)
        while let piece = framer.nextPiece() {
            switch piece {
            case .bytes(let bytes): try came(session.bytesReceived(bytes))
            case .line(let line):
                try came(session.lineReceived(line))
                framer.expect(session.countedBytes)
            case .failed(let error):
                try came(session.framingFailed(error))
                return
            }
        }
    }

    mutating func happened(_ event: UInt8) throws(BrokenPromise) {
        let digest = try promised(Digest(Self.blob), "a digest")
        let blob = Blob(digest: digest, size: 15)
        switch event {
        case 0xF5: try request(.push(Array("{}".utf8)[...]))
        case 0xF6: try request(.pull(.own, after: .start, limit: nil))
        case 0xF7: try request(.watch(.own, after: .start))
        case 0xF8: try request(.unwatch(.own))
        case 0xF9: try request(.watch(.directory, after: .start))
        case 0xFA: try request(.fetch(digest, offset: 0, count: nil))
        case 0xFB: try request(.offer(blob))
        case 0xFC: try request(.blob(BlobChunk(blob: blob, offset: 0, count: 10)))
        case 0xFD: try request(.stored(.own, .start))
        case 0xFE: try request(.ping)
        case 0xFF: try request(.quit)
        case 0xC0: try came(session.peerClosed(leftOver: framer.pending))
        default: try came(session.deadlineReached())
        }
    }

    private mutating func request(_ verb: ClientRequest.Verb) throws(BrokenPromise) {
        guard let (tag, line) = try? session.request(verb) else { return }
        try promise(!isEnded, "nothing is asked after the end")
        asked.append(tag)
        let request = try? ClientRequest(line: line.dropLast())
        try promise(request == ClientRequest(tag: tag, verb: verb), "what it asks is what was wanted")
    }

    private mutating func came(_ new: [ClientSession.Outcome]) throws(BrokenPromise) {
        for outcome in new {
            try promise(!isEnded, "nothing comes after the end: \(outcome)")
            switch outcome {
            case .replied(let tag, _):
                let index = try promised(asked.firstIndex(of: tag), "an answer to something that was asked")
                asked.remove(at: index)
            case .bytes(let tag, let bytes):
                try promise(asked.contains(tag), "bytes that were asked for")
                // In how many pieces bytes came makes no difference.
                if case .bytes(tag, let before) = outcomes.last {
                    outcomes[outcomes.count - 1] = .bytes(tag, before + bytes)
                    continue
                }
            case .ended(_, let unanswered):
                isEnded = true
                try promise(unanswered == asked, "what wasn't answered is told: \(unanswered), not \(asked)")
            default: break
            }
            outcomes.append(outcome)
        }
        try promise(session.requestsUnderWay == (isEnded ? 0 : asked.count), "it knows what is under way")
    }
}
