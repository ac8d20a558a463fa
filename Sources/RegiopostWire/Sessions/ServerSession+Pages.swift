import RegiopostModel

extension ServerSession {
    /// The journal answered a `readPage`. Answers to a watch that has ended are dropped.
    public mutating func pageRead(_ request: PageRequest, _ answer: PageAnswer) -> [Action] {
        let mailbox = request.mailbox
        guard phase != .ended, self[mailbox].finishRead(request) else { return [] }
        switch answer {
        case .page(let changes, let more):
            guard self[mailbox].advance(past: changes, more: more) else { return fail(mailbox, .unavailable) }
            return deliver(changes, more: more, mailbox) + finishIfDone()
        case .unknownCursor: return fail(mailbox, .resync)
        case .refused(let refusal): return fail(mailbox, refusal.code, refusal.details)
        case .unavailable: return fail(mailbox, .unavailable)
        }
    }

    /// Reads on where something may be waiting and the client keeps up.
    mutating func read(_ mailbox: MailboxName) -> [Action] {
        guard !isBackedUp || isPull(mailbox) else { return [] }
        return self[mailbox].nextRead(limits).map { [.readPage($0)] } ?? []
    }

    private mutating func deliver(_ changes: [StoredChange], more: Bool, _ mailbox: MailboxName) -> [Action] {
        let token = self[mailbox].place.token
        let last: ServerMessage?
        switch self[mailbox].purpose {
        case .none: return []
        case .pull(let tag, _):
            self[mailbox].end()
            underWay.remove(tag)
            last = .reply(tag, .pull(mailbox, token, more: more))
        case .catchUp(let tag) where !more:
            self[mailbox].becomeLive()
            underWay.remove(tag)
            last = .reply(tag, .watch(mailbox, token))
        case .catchUp, .live: last = changes.isEmpty ? nil : .cursor(mailbox, token)
        }
        return Self.pieces(changes, mailbox, last: last).map(Action.send) + read(mailbox)
    }

    private mutating func fail(
        _ mailbox: MailboxName, _ code: RefusalCode, _ more: [String: String] = [:]
    ) -> [Action] {
        let details = more.merging(["mailbox": mailbox.rawValue]) { $1 }
        switch self[mailbox].purpose {
        case .none: return []
        case .pull(let tag, _):
            self[mailbox].end()
            underWay.remove(tag)
            return [refuse(tag, code, details)] + finishIfDone()
        case .catchUp(let tag):
            self[mailbox].end()
            underWay.remove(tag)
            return [.unsubscribe(mailbox), refuse(tag, code, details)] + finishIfDone()
        case .live: return end(.bye(code))
        }
    }

    private func isPull(_ mailbox: MailboxName) -> Bool {
        if case .pull = self[mailbox].purpose { true } else { false }
    }

    /// The lines in pieces of about `Limits.outputPiece` bytes.
    private static func pieces(_ changes: [StoredChange], _ mailbox: MailboxName, last: ServerMessage?) -> [[UInt8]]
    {
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        var left = changes.reduce(0) { $0 + $1.bytes.count + Limits.envelope / 4 }
        for change in changes {
            let size = change.bytes.count + Limits.envelope / 4
            if !piece.isEmpty, piece.count + size > Limits.outputPiece {
                pieces.append(piece)
                piece = []
            }
            if piece.isEmpty {
                piece.reserveCapacity(max(size, min(left + Limits.envelope / 4, Limits.outputPiece)))
            }
            change.write(mailbox: mailbox, to: &piece)
            left -= size
        }
        last?.write(to: &piece)
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
