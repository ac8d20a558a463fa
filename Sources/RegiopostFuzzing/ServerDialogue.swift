import RegiopostModel
import RegiopostWire

/// A whole session of the server with a client that says anything, and with what is behind the server answering early,
/// late, in another order or never.
enum ServerDialogue {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let steps = Step.steps(of: input)
        let whole = try run(steps)
        let cut = try run(steps.inPieces(1))
        try promise(cut == whole, "a dialogue in single bytes has the same actions: \(cut), not \(whole)")
    }

    private static func run(_ steps: [Step]) throws(BrokenPromise) -> [ServerSession.Action] {
        var run = try ServerRun()
        for step in steps {
            switch step {
            case .event(let event): try run.happened(event)
            case .bytes(let bytes): try run.receive(Array(bytes))
            }
        }
        return run.actions
    }
}

/// One session under way.
private struct ServerRun {
    private var session: ServerSession
    private var framer: LineFramer
    private var waiting: [ServerSession.Action] = []
    private var output = ServerOutput()
    private var position = 0
    private(set) var actions: [ServerSession.Action] = []

    /// So small that each can be reached.
    private static let limits: Limits = {
        var limits = Limits.standard
        (limits.line, limits.requests, limits.page, limits.chunk, limits.blob) = (400, 3, 2, 16, 64)
        return limits
    }()

    init() throws(BrokenPromise) {
        let greeting = Greeting(
            server: try promised(OrganisationCode("pv28"), "a server"),
            address: try promised(Address("gm0503/griffie"), "an address"), epoch: 0x9F2C_1A7B_E04D_5536,
            time: Timestamp(milliseconds: 1_774_605_600_000), limits: Self.limits,
            capabilities: Greeting.allCapabilities + [Greeting.takesBack])
        session = ServerSession(greeting: greeting, limits: Self.limits)
        framer = LineFramer(limit: Self.limits.longestLine)
        try perform(session.start())
    }

    mutating func receive(_ bytes: [UInt8]) throws(BrokenPromise) {
        framer.append(bytes)
        while let piece = framer.nextPiece() {
            switch piece {
            case .bytes(let bytes): try perform(session.bytesReceived(bytes))
            case .line(let line):
                output.asked(line)
                try perform(session.lineReceived(line))
                framer.expect(session.countedBytes)
            case .failed(let error):
                try perform(session.framingFailed(error))
                return
            }
        }
    }

    mutating func happened(_ event: UInt8) throws(BrokenPromise) {
        switch event {
        case 0xF5: try answerNext(0, isGood: true)
        case 0xF6: try answerNext(0, isGood: false)
        case 0xF7: try answerNext(waiting.count - 1, isGood: true)
        case 0xF8: try perform(session.mailboxGrew(.own))
        case 0xF9: try perform(session.mailboxGrew(.directory))
        case 0xFA: try perform(session.outputBacklogChanged(bytes: Self.limits.backlog + 1))
        case 0xFB: try perform(session.outputBacklogChanged(bytes: 0))
        case 0xFC: try perform(session.idleDeadlineReached())
        case 0xFD: try perform(session.stopRequested())
        case 0xFE: try perform(session.accessEnded(.revoked))
        case 0xFF: try perform(session.closingDeadlineReached())
        case 0xC0: try perform(session.peerClosed())
        default: try perform(session.outputStalled())
        }
    }

    private mutating func answerNext(_ index: Int, isGood: Bool) throws(BrokenPromise) {
        guard waiting.indices.contains(index) else { return }
        let action = waiting.remove(at: index)
        try perform(isGood ? answer(action) : refuse(action))
    }

    private mutating func answer(_ action: ServerSession.Action) throws(BrokenPromise) -> [ServerSession.Action] {
        position += 1
        switch action {
        case .submit(let tag, _):
            let time = Timestamp(milliseconds: 1_774_605_600_000)
            let receipt = Receipt(
                id: ChangeID(time: time, random: (0, 1)), position: position, received: time,
                digest: Digest(words: (1, 2, 3, 4)), isRepeat: position.isMultiple(of: 2))
            return session.pushAnswered(tag, .success(receipt))
        case .readPage(let request):
            // No mailbox is as long as that, so its cursor is one that nobody gave.
            guard request.after.position < 1_000_000 else { return session.pageRead(request, .unknownCursor) }
            let count = position % (request.changes + 1)
            let changes = (0..<count).map { offset in
                StoredChange(
                    position: request.after.position + 1 + offset, received: Timestamp(milliseconds: 1),
                    digest: Digest(words: (4, 3, 2, 1)), bytes: Array("{}".utf8)[...])
            }
            return session.pageRead(
                request, .page(PageLines(changes, in: request.mailbox), more: count == request.changes))
        case .recordStored(let tag, let mailbox, _): return session.storedRecorded(tag, mailbox, refusal: nil)
        case .readHead(let tag, let mailbox):
            guard let end = MailboxEnd(position: position, digest: Digest(words: (4, 3, 2, 1))) else { return [] }
            return session.headRead(tag, mailbox, .success(end))
        case .takeBack(let tag, _):
            let digest = Digest(words: (1, 2, 3, 4))
            return session.returnAnswered(tag, .success((digest, isRepeat: position.isMultiple(of: 2))))
        case .offerBlob(let tag, let blob):
            let progress = BlobProgress(digest: blob.digest, offset: 0, isComplete: false)
            return session.offerAnswered(tag, .success(progress))
        case .endBlob(let tag):
            let progress = BlobProgress(digest: Digest(words: (1, 1, 1, 1)), offset: 1, isComplete: true)
            return session.blobAnswered(tag, .success(progress))
        case .readBlob(let read):
            let bytes = [UInt8](repeating: 0x0A, count: min(read.count, 5))
            return session.blobRead(read, .bytes(bytes, size: 23))
        default: return []
        }
    }

    private mutating func refuse(_ action: ServerSession.Action) -> [ServerSession.Action] {
        switch action {
        case .submit(let tag, _):
            session.pushAnswered(tag, .failure(Refusal(.conflict, ["current": "\u{1}\n é%"])))
        case .readPage(let request):
            session.pageRead(request, request.isPresented ? .unknownCursor : .unavailable)
        case .recordStored(let tag, let mailbox, _): session.storedRecorded(tag, mailbox, refusal: .resync)
        case .readHead(let tag, let mailbox): session.headRead(tag, mailbox, .failure(Refusal(.mandateEnded)))
        case .takeBack(let tag, _): session.returnAnswered(tag, .failure(Refusal(.receiptInvalid)))
        case .offerBlob(let tag, _): session.offerAnswered(tag, .failure(Refusal(.uploadsFull)))
        case .beginBlob(let tag, _), .endBlob(let tag):
            session.blobAnswered(tag, .failure(Refusal(.blobMismatch)))
        case .readBlob(let read): session.blobRead(read, .unknown)
        default: []
        }
    }

    private mutating func perform(_ new: [ServerSession.Action]) throws(BrokenPromise) {
        for action in new {
            switch action {
            case .send(let bytes): try output.send(bytes)
            case .submit, .readPage, .recordStored, .readHead, .takeBack, .offerBlob, .beginBlob, .endBlob,
                .readBlob:
                waiting.append(action)
            case .close, .abort: output.end()
            case .writeBlob(let tag, let bytes):
                // In how many pieces bytes came makes no difference.
                if case .writeBlob(tag, let before) = actions.last {
                    actions[actions.count - 1] = .writeBlob(tag, before + bytes)
                    continue
                }
            default: break
            }
            actions.append(action)
        }
        try promise(session.requestsUnderWay <= Self.limits.requests, "no more requests than allowed are under way")
    }
}
