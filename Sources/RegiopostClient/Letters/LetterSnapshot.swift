import RegiopostModel

/// What a profile's store held of its letters at one moment: small for most, whole for those that the outbox is about.
public struct LetterSnapshot: Sendable {
    /// The copy of the directory.
    public let directory: [ReplicaEntry]
    /// The outbox, in order.
    public let outbox: [OutboxItem]
    /// The lines of the own mailbox, in order, that concern the letters that the outbox is about, and those of other kinds that
    /// were asked for.
    public let own: [ReplicaEntry]
    /// The summaries of all other letters, in no order.
    public let others: [LetterSummary]

    /// Makes a snapshot.
    public init(
        directory: [ReplicaEntry], outbox: [OutboxItem], own: [ReplicaEntry], others: [LetterSummary]
    ) {
        self.directory = directory
        self.outbox = outbox
        self.own = own
        self.others = others
    }
}

extension SubjectID {
    /// The letter that a subject belongs to by its name.
    public var letter: ChangeID? {
        switch self {
        case .letter(let id), .receipt(let id, _), .response(let id, _), .term(let id, _): id
        default: nil
        }
    }
}

extension Workspace {
    /// All letters, newest first, and a view of the subjects of other kinds, to show it: not to write on top of it. Costs by
    /// these, by the letters, a little each, and by what came since the last time.
    public func letters(
        with kinds: [String] = []
    ) async throws(ClientError) -> (view: View, letters: [LetterSummary]) {
        let snapshot = try await store.letters(with: kinds)
        let view = View(
            address: address,
            StoreSnapshot(directory: snapshot.directory, own: snapshot.own, outbox: snapshot.outbox),
            digest: surroundings.digest)
        return (view, LetterSummary.newestFirst(snapshot.others + LetterSummary.all(in: view.correspondence)))
    }

    /// What waits for somebody. Costs as `letters` does.
    public func worklist() async throws(ClientError) -> (view: View, letters: [LetterSummary], work: Worklist) {
        let (view, letters) = try await letters(with: ["meeting", "agreement", "programme", "joint", "draft"])
        return (view, letters, Worklist(view, letters: letters))
    }
}
