/// A published letter: the fold of its changes.
public struct LetterState: Equatable, Sendable {
    /// What was published, never edited afterwards.
    public let content: LetterContent
    /// Who published it.
    public let sender: Address
    /// When the server received it; `nil` while it is still in an outbox.
    public let publishedAt: Timestamp?
    /// Why it was taken back, if it was.
    public private(set) var withdrawn: String?
    /// The newer letter that takes its place, if there is one. An answer to this one is still taken.
    public private(set) var supersededBy: ChangeID?

    init(content: LetterContent, sender: Address, publishedAt: Timestamp?) {
        self.content = content
        self.sender = sender
        self.publishedAt = publishedAt
    }

    /// Where it came from, as what follows from it carries along.
    public var route: Route { Route(sender: sender, region: content.region) }

    mutating func supersede(by newer: ChangeID) throws(Refusal) {
        let state = withdrawn != nil ? "withdrawn" : supersededBy != nil ? "superseded" : nil
        if let state { throw Refusal(.illegalStep, ["state": state, "step": "supersede"]) }
        supersededBy = newer
    }

    mutating func withdraw(reason: String) throws(Refusal) {
        guard withdrawn == nil else { throw Refusal(.illegalStep, ["state": "withdrawn", "step": "withdraw"]) }
        withdrawn = reason
    }
}
