import RegiopostModel

extension ServerSession {
    mutating func takeBack(_ change: ReturnedChange, _ tag: RequestTag) -> [Action] {
        guard greeting.isRecovering else { return [refuse(tag, .notRecovering)] }
        guard change.bytes.count <= limits.line else {
            return [refuse(tag, .lineTooLong, ["limit": String(limits.line)])]
        }
        underWay.insert(tag)
        return [.takeBack(tag, change)]
    }

    /// A change that was given back is kept durably, or why it isn't.
    public mutating func returnAnswered(
        _ tag: RequestTag, _ answer: Result<(digest: Digest, isRepeat: Bool), Refusal>
    ) -> [Action] {
        switch answer {
        case .success(let kept): self.answer(tag, .giveBack(kept.digest, isRepeat: kept.isRepeat))
        case .failure(let refusal): self.answer(tag, .no(Rejection(refusal)))
        }
    }

    /// Where a mailbox ends, or why that can't be said.
    public mutating func headRead(
        _ tag: RequestTag, _ mailbox: MailboxName, _ answer: Result<MailboxEnd, Refusal>
    ) -> [Action] {
        switch answer {
        case .success(let end): self.answer(tag, .head(mailbox, end))
        case .failure(let refusal): self.answer(tag, .no(Rejection(refusal)))
        }
    }

    private mutating func answer(_ tag: RequestTag, _ reply: Reply) -> [Action] {
        guard phase != .ended, underWay.remove(tag) != nil else { return [] }
        return [.send(Self.line(tag, reply))] + finishIfDone()
    }
}
