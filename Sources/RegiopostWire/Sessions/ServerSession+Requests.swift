import RegiopostModel

extension ServerSession {
    /// Does what one well-formed request asks.
    mutating func perform(_ request: ClientRequest) -> [Action] {
        let tag = request.tag
        switch request.verb {
        case .push(let change):
            guard change.count <= limits.line else {
                return [refuse(tag, .lineTooLong, ["limit": String(limits.line)])]
            }
            underWay.insert(tag)
            return [.submit(tag, change: change)]
        case .pull(let mailbox, let token, let limit):
            return start(.pull(tag, limit: min(limit ?? limits.page, limits.page)), tag, mailbox, token)
        case .watch(let mailbox, let token): return start(.catchUp(tag), tag, mailbox, token)
        case .unwatch(let mailbox): return endWatch(mailbox) + [.send(Self.line(tag, .unwatch(mailbox)))]
        case .stored(let mailbox, let token):
            guard let cursor = cursor(token) else { return [refuse(tag, .resync)] }
            underWay.insert(tag)
            return [.recordStored(tag, mailbox, cursor)]
        case .head(let mailbox):
            underWay.insert(tag)
            return [.readHead(tag, mailbox)]
        case .giveBack(let change): return takeBack(change, tag)
        case .offer(let blob):
            if let refusal = tooLarge(blob, tag) { return [refusal] }
            underWay.insert(tag)
            return [.offerBlob(tag, blob)]
        case .blob(let chunk): return take(chunk, tag)
        case .fetch(let digest, let offset, let count): return fetch(digest, offset, count, tag)
        case .ping: return [.send(Self.line(tag, .ping))]
        case .quit: return end(.quit(tag))
        case .enrol: return [refuse(tag, .unknownVerb, ["verb": request.verb.name])]
        }
    }

    private mutating func start(
        _ purpose: MailboxFeed.Purpose, _ tag: RequestTag, _ mailbox: MailboxName, _ token: CursorToken
    ) -> [Action] {
        guard self[mailbox].purpose == .none else {
            return [refuse(tag, .mailboxBusy, ["mailbox": mailbox.rawValue])]
        }
        guard let cursor = cursor(token) else { return [refuse(tag, .resync, ["mailbox": mailbox.rawValue])] }
        underWay.insert(tag)
        self[mailbox].start(purpose, after: cursor)
        let subscription: [Action] = purpose == .catchUp(tag) ? [.subscribe(mailbox)] : []
        return subscription + read(mailbox)
    }

    /// The cursor meant, `nil` where it isn't one of this epoch.
    private func cursor(_ token: CursorToken) -> Cursor? {
        guard let cursor = Cursor(token, epoch: greeting.epoch), cursor.epoch == greeting.epoch else { return nil }
        return cursor
    }

    /// Ends a watch; where its catching up was still under way, its reply says how far that got.
    private mutating func endWatch(_ mailbox: MailboxName) -> [Action] {
        let feed = self[mailbox]
        switch feed.purpose {
        case .none, .pull: return []
        case .live:
            self[mailbox].end()
            return [.unsubscribe(mailbox)]
        case .catchUp(let tag):
            self[mailbox].end()
            underWay.remove(tag)
            return [.unsubscribe(mailbox), .send(Self.line(tag, .watch(mailbox, feed.place.token)))]
        }
    }

    // MARK: - The end

    /// Takes nothing new, and says goodbye when everything under way has its reply.
    mutating func end(_ farewell: Farewell) -> [Action] {
        guard phase == .open else { return [] }
        phase = .ending(farewell)
        var actions = unsubscriptions() + abandonIncoming()
        for mailbox in MailboxName.allCases {
            switch self[mailbox].purpose {
            case .none, .pull: continue
            case .live: self[mailbox].end()
            case .catchUp(let tag):
                self[mailbox].end()
                underWay.remove(tag)
                actions.append(refuse(tag, .stopping))
            }
        }
        return actions + [.startClosingDeadline] + finishIfDone()
    }

    func unsubscriptions() -> [Action] {
        MailboxName.allCases.compactMap { mailbox in
            switch self[mailbox].purpose {
            case .none, .pull: nil
            case .catchUp, .live: .unsubscribe(mailbox)
            }
        }
    }

    /// Answers a request that is under way; one that no longer is has its answer.
    mutating func answered(_ tag: RequestTag, _ answer: Result<Reply, Refusal>) -> [Action] {
        guard phase != .ended, underWay.remove(tag) != nil else { return [] }
        switch answer {
        case .success(let reply): return [.send(Self.line(tag, reply))] + finishIfDone()
        case .failure(let refusal): return [.send(Self.line(tag, .no(Rejection(refusal))))] + finishIfDone()
        }
    }

    mutating func finishIfDone() -> [Action] {
        guard case .ending(let farewell) = phase, underWay.isEmpty else { return [] }
        phase = .ended
        switch farewell {
        case .quit(let tag): return [.send(Self.line(tag, .quit)), .close]
        case .bye(let code): return [.send(Self.bye(code)), .close]
        case .silent: return [.close]
        }
    }

    mutating func abort() -> [Action] {
        guard phase != .ended else { return [] }
        let actions = unsubscriptions()
        phase = .ended
        return actions + [.abort]
    }

    // MARK: - Lines

    func refuse(_ tag: RequestTag, _ code: RefusalCode, _ details: [String: String] = [:]) -> Action {
        assert(code.ending != .always)
        return .send(Self.line(tag, .no(Rejection(Refusal(code, details)))))
    }

    static func line(_ tag: RequestTag, _ reply: Reply) -> [UInt8] { ServerMessage.reply(tag, reply).line }

    static func bye(_ code: RefusalCode) -> [UInt8] {
        assert(code.ending != .never)
        return ServerMessage.bye(code: code.rawValue, text: code.sentence).line
    }

    subscript(mailbox: MailboxName) -> MailboxFeed {
        get { mailbox == .own ? own : directory }
        set {
            switch mailbox {
            case .own: own = newValue
            case .directory: directory = newValue
            }
        }
    }
}
