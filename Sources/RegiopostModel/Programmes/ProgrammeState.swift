/// An implementation programme: the fold of its changes. A named list of agreements, each a subject of its own.
public struct ProgrammeState: Equatable, Sendable {
    /// What it was started as.
    public let content: ProgrammeContent
    /// The account holder who keeps it.
    public let keeper: Address
    /// When the server received it; `nil` while it is still in an outbox.
    public let startedAt: Timestamp?
    /// What it is called now.
    public private(set) var name: String
    /// The agreements in it, in the order in which they came.
    public private(set) var agreements: [ChangeID] = []
    /// Whether it is closed, which is final.
    public private(set) var isClosed = false
    /// What was said when it was closed.
    public private(set) var note: String?

    /// No programme holds more agreements.
    public static let maximumAgreements = 500

    init(content: ProgrammeContent, keeper: Address, startedAt: Timestamp?) {
        self.content = content
        self.keeper = keeper
        self.startedAt = startedAt
        name = content.name
    }

    /// Takes one step. Leaves everything as it was when it throws. O(agreements).
    mutating func apply(_ step: ProgrammeStep) throws(Refusal) {
        guard !isClosed else { throw Refusal(.illegalStep, ["state": "closed", "step": step.name]) }
        let known = Set(agreements)
        switch step {
        case .include(let ids):
            try require(
                Set(ids).count == ids.count && known.isDisjoint(with: ids), "agreements not in it, each once")
            try require(
                known.count + ids.count <= Self.maximumAgreements,
                "at most \(Self.maximumAgreements) agreements in a programme")
            agreements += ids
        case .exclude(let ids):
            try require(Set(ids).count == ids.count && known.isSuperset(of: ids), "agreements in it, each once")
            agreements.removeAll { ids.contains($0) }
        case .rename(let name): self.name = name
        case .close(let note):
            isClosed = true
            self.note = note
        }
    }

    private func require(_ condition: Bool, _ expected: String) throws(Refusal) {
        guard condition else { throw Refusal(.badField, ["field": "body.agreements", "expected": expected]) }
    }
}

extension ProgrammeState {
    /// The stable name of its state for machines.
    public var statusName: String { isClosed ? "closed" : "open" }
}
