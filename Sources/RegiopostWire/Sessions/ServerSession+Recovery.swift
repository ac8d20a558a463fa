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
        answered(tag, answer.map { .giveBack($0.digest, isRepeat: $0.isRepeat) })
    }

    /// Where a mailbox ends, or why that can't be said.
    public mutating func headRead(
        _ tag: RequestTag, _ mailbox: MailboxName, _ answer: Result<MailboxEnd, Refusal>
    ) -> [Action] {
        answered(tag, answer.map { .head(mailbox, $0) })
    }
}
