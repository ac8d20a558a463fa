import RegiopostModel

/// What a profile's store held of its letters at one moment: small for most, whole for those that the outbox is about.
public struct LetterSnapshot: Sendable {
    /// The copy of the directory.
    public let directory: [ReplicaEntry]
    /// The outbox, in order.
    public let outbox: [OutboxItem]
    /// The lines, in order, that concern the letters that the outbox is about.
    public let touched: [ReplicaEntry]
    /// The summaries of all other letters, in no order.
    public let others: [LetterSummary]

    /// Makes a snapshot.
    public init(
        directory: [ReplicaEntry], outbox: [OutboxItem], touched: [ReplicaEntry], others: [LetterSummary]
    ) {
        self.directory = directory
        self.outbox = outbox
        self.touched = touched
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
    /// All letters, newest first, and a view of what the outbox is about, to show it: not to write on top of it. Costs by the
    /// letters, a little each, and by what came since the last time.
    public func letters() async throws(ClientError) -> (view: View, letters: [LetterSummary]) {
        let snapshot = try await store.letters()
        let view = View(
            address: address,
            StoreSnapshot(directory: snapshot.directory, own: snapshot.touched, outbox: snapshot.outbox),
            digest: surroundings.digest)
        let letters = snapshot.others + LetterSummary.all(in: view.correspondence)
        return (view, letters.sorted(by: LetterSummary.isBefore))
    }
}
