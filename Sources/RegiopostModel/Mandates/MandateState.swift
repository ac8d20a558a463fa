/// The mandate of one address: the fold of its changes. An address of which there is none has a standing mandate.
public struct MandateState: Equatable, Sendable {
    /// How far it is.
    public enum Status: Equatable, Sendable {
        /// Set, and not begun. Becomes running or ended.
        case planned
        /// Begun. Becomes ended.
        case running
        /// Over, and taken over. A new plan can start it again.
        case ended(MandateEnd)
    }

    /// Whose it is.
    public let address: Address
    /// The plan that was set last; `nil` where a standing mandate was ended.
    public private(set) var plan: Mandate?
    /// The change that set it.
    public private(set) var plannedBy: ChangeID?
    /// Whether the plan has still to be carried out, or to its end.
    public private(set) var isPlanOpen = false
    /// How far it is.
    public private(set) var status: Status = .planned

    init(address: Address) { self.address = address }

    /// Takes one more change.
    mutating func apply(_ change: Change) throws(Refusal) {
        switch change.body {
        case .mandateSet(let mandate): set(mandate, by: change.id)
        case .mandateStart: try start()
        case .mandateEnd(let mandateEnd): try end(mandateEnd)
        default: throw refusal(change.typeName)
        }
    }

    private mutating func set(_ mandate: Mandate, by id: ChangeID) {
        plan = mandate
        plannedBy = id
        isPlanOpen = true
    }

    private mutating func start() throws(Refusal) {
        guard status != .running, isPlanOpen else { throw refusal("start") }
        status = .running
    }

    private mutating func end(_ end: MandateEnd) throws(Refusal) {
        if case .ended = status { throw refusal("end") }
        status = .ended(end)
        isPlanOpen = false
    }

    private func refusal(_ step: String) -> Refusal {
        Refusal(.illegalStep, ["state": status.name, "step": step])
    }
}

extension MandateState.Status {
    /// The stable name for machines.
    public var name: String {
        switch self {
        case .planned: "planned"
        case .running: "running"
        case .ended: "ended"
        }
    }
}
