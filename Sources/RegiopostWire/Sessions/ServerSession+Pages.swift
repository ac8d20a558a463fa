import RegiopostModel

extension ServerSession {
    /// The journal answered a `readPage`. Answers to a watch that has ended are dropped.
    public mutating func pageRead(_ request: PageRequest, _ answer: PageAnswer) -> [Action] {
        let mailbox = request.mailbox
        guard phase != .ended, self[mailbox].finishRead(request) else { return [] }
        switch answer {
        case .page(let lines, let more):
            guard self[mailbox].advance(past: lines, more: more) else { return fail(mailbox, .unavailable) }
            return deliver(lines, more: more, mailbox) + finishIfDone()
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

    private mutating func deliver(_ lines: PageLines, more: Bool, _ mailbox: MailboxName) -> [Action] {
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
        case .catchUp, .live: last = lines.count == 0 ? nil : .cursor(mailbox, token)
        }
        return lines.pieces(with: last).map(Action.send) + read(mailbox)
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
}
