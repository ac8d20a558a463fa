/// A meeting that was asked for: the fold of its changes.
public struct MeetingState: Equatable, Sendable {
    /// How far it is.
    public enum Status: Equatable, Sendable {
        /// Can become proposed, confirmed, declined or cancelled.
        case requested
        /// Can become countered, accepted, confirmed, proposed anew, declined or cancelled.
        case proposed(slot: Slot, place: String?)
        /// Can become proposed, confirmed, declined or cancelled.
        case countered(slots: [Slot])
        /// Can become confirmed, proposed anew, declined or cancelled.
        case accepted(slot: Slot, place: String?)
        /// Can become cancelled.
        case confirmed(slot: Slot, place: String?)
        /// Final.
        case declined(reason: String)
        /// Final.
        case cancelled(reason: String)
    }

    /// What was asked for.
    public let content: MeetingContent
    /// Who asked.
    public let requester: Address
    /// When the server received the request; `nil` while it is still in an outbox.
    public let requestedAt: Timestamp?
    /// The organisations that take part besides the requester's, with the slots that suit them.
    public private(set) var joined: [OrganisationCode: [Slot]] = [:]
    /// How far it is.
    public private(set) var status: Status = .requested
    /// What was last said about it.
    public private(set) var note: String?

    init(content: MeetingContent, requester: Address, requestedAt: Timestamp?) {
        self.content = content
        self.requester = requester
        self.requestedAt = requestedAt
        note = content.note
    }

    /// What suits everybody who takes part and named slots; empty when nobody named any or nothing suits all.
    public var commonSlots: [Slot] {
        let named = namedSlots
        guard let first = named.first else { return [] }
        return named.dropFirst().reduce(first.sorted()) { common, slots in Self.intersection(common, slots) }
    }

    /// The slots of everybody who named any, the requester's first.
    private var namedSlots: [[Slot]] {
        ([content.slots] + joined.sorted { $0.key < $1.key }.map(\.value)).filter { !$0.isEmpty }
    }

    mutating func apply(_ step: MeetingStep, by author: Address) throws(Refusal) {
        switch step {
        case .join(let slots):
            try require(isOpen, step)
            joined[author.organisation] = slots
        case .propose(let slot, let place, let note):
            try require(isOpen, step)
            status = .proposed(slot: slot, place: place ?? content.place)
            self.note = note
        case .counter(let slots, let note):
            guard case .proposed = status else { throw refusal(step) }
            status = .countered(slots: slots)
            self.note = note
        case .accept(let note):
            guard case .proposed(let slot, let place) = status else { throw refusal(step) }
            status = .accepted(slot: slot, place: place)
            self.note = note
        case .confirm(let slot, let place, let note):
            try require(isOpen, step)
            guard offers(slot) else { throw Refusal(.slotUnknown, ["slot": slot.text]) }
            status = .confirmed(slot: slot, place: place ?? knownPlace)
            self.note = note
        case .decline(let reason):
            try require(isOpen, step)
            status = .declined(reason: reason)
        case .cancel(let reason):
            if case .confirmed = status {} else { try require(isOpen, step) }
            status = .cancelled(reason: reason)
        }
    }

    private var isOpen: Bool {
        switch status {
        case .requested, .proposed, .countered, .accepted: true
        case .confirmed, .declined, .cancelled: false
        }
    }

    private var knownPlace: String? {
        switch status {
        case .proposed(_, let place), .accepted(_, let place): place
        default: content.place
        }
    }

    /// Whether somebody has named the slot: as the proposal that stands, or within what suits the other side.
    private func offers(_ slot: Slot) -> Bool {
        switch status {
        case .proposed(let proposed, _), .accepted(let proposed, _): slot == proposed
        case .countered(let slots): slots.contains { $0.contains(slot) }
        default: namedSlots.isEmpty || commonSlots.contains { $0.contains(slot) }
        }
    }

    private func require(_ condition: Bool, _ step: MeetingStep) throws(Refusal) {
        guard condition else { throw refusal(step) }
    }

    private func refusal(_ step: MeetingStep) -> Refusal {
        Refusal(
            .illegalStep, ["state": status.name, "step": String(step.type.rawValue.dropFirst("meeting.".count))])
    }

    private static func intersection(_ left: [Slot], _ right: [Slot]) -> [Slot] {
        left.flatMap { slot in right.compactMap { slot.intersection($0) } }.sorted()
    }
}

extension MeetingState.Status {
    /// The stable name for machines.
    public var name: String {
        switch self {
        case .requested: "requested"
        case .proposed: "proposed"
        case .countered: "countered"
        case .accepted: "accepted"
        case .confirmed: "confirmed"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}

extension Slot {
    /// Whether the other slot lies within this one.
    public func contains(_ other: Slot) -> Bool { date == other.date && start <= other.start && other.end <= end }

    /// What both have in common, `nil` for nothing.
    public func intersection(_ other: Slot) -> Slot? {
        guard date == other.date else { return nil }
        return Slot(date: date, start: max(start, other.start), end: min(end, other.end))
    }
}
