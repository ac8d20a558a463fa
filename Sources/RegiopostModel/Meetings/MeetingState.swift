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
        /// Can become held, cancelled, and by rescheduling proposed or countered.
        case confirmed(slot: Slot, place: String?)
        /// Final.
        case held(slot: Slot, place: String?)
        /// Final.
        case declined(reason: String)
        /// Final.
        case cancelled(reason: String, by: Address)
    }

    /// A date that was fixed.
    public struct Appointment: Equatable, Sendable {
        /// When.
        public let slot: Slot
        /// Where, if anybody said so.
        public let place: String?
    }

    /// What is known of a meeting that was held.
    public struct Record: Equatable, Sendable {
        /// The change that says so, which an agreement needs.
        public let id: ChangeID
        /// What was said, and who was there.
        public let minutes: MeetingStep.Minutes
        /// When the server received it; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// What was asked for.
    public let content: MeetingContent
    /// Who asked.
    public let requester: Address
    /// When the server received the request; `nil` while it is still in an outbox.
    public let requestedAt: Timestamp?
    /// What the invited organisations said about taking part.
    public private(set) var participations: [OrganisationCode: Participation] = [:]
    /// The slots that the requester's side named last.
    public private(set) var requesterSlots: [Slot]
    /// How far it is.
    public private(set) var status: Status = .requested
    /// Whether the requester's side agreed with the slot that stands: it accepted it, or had named it itself.
    public private(set) var isAccepted = false
    /// The date that was confirmed before it was rescheduled.
    public private(set) var confirmedBefore: Appointment?
    /// The minutes, once it was held.
    public private(set) var record: Record?
    /// How often status, date or place changed: what a calendar calls SEQUENCE (RFC 5546).
    public private(set) var sequence = 0
    /// Whether it was ever confirmed: whoever was told about it then hears what becomes of it.
    public private(set) var wasConfirmed = false
    /// What was last said about it.
    public private(set) var note: String?

    init(content: MeetingContent, requester: Address, requestedAt: Timestamp?) {
        self.content = content
        self.requester = requester
        self.requestedAt = requestedAt
        requesterSlots = content.slots
        note = content.note
    }

    /// Takes one step. Leaves everything as it was when it throws.
    mutating func apply(
        _ step: MeetingStep, _ id: ChangeID, by author: Address, receivedAt: Timestamp?
    ) throws(Refusal) {
        let before = status
        switch step {
        case .join(let slots, let replaces):
            try require(isOpen, step)
            participations[author.organisation, default: Participation()].join(id, slots: slots, replaces: replaces)
        case .leave(let replaces):
            try require(isOpen || confirmed != nil, step)
            participations[author.organisation, default: Participation()].leave(replaces: replaces)
        case .propose, .confirm, .decline: try applyAccountHolders(step)
        case .counter, .accept: try applyRequesters(step)
        case .cancel(let reason):
            // Before it is confirmed, the account holder declines.
            try require(confirmed != nil || isOpen && author != content.accounthouder, step)
            status = .cancelled(reason: reason, by: author)
        case .reschedule(let slots, let place, let reason):
            try reschedule(slots, place, reason, by: author, step)
        case .hold(let minutes):
            guard let confirmed else { throw refusal(step) }
            try checkPresent(minutes.present)
            record = Record(id: id, minutes: minutes, receivedAt: receivedAt)
            status = .held(slot: confirmed.slot, place: confirmed.place)
        }
        if status != before { sequence += 1 }
    }

    private mutating func applyAccountHolders(_ step: MeetingStep) throws(Refusal) {
        try require(isOpen, step)
        switch step {
        case .propose(let slot, let place, let note):
            status = .proposed(slot: slot, place: place ?? content.place)
            isAccepted = false
            self.note = note
        case .confirm(let slot, let place, let note):
            guard offers(slot) else { throw Refusal(.slotUnknown, ["slot": slot.text]) }
            isAccepted = isAccepted || SlotList(requesterSlots).contains(slot)
            status = .confirmed(slot: slot, place: place ?? knownPlace)
            wasConfirmed = true
            self.note = note
        case .decline(let reason): status = .declined(reason: reason)
        default: throw refusal(step)
        }
    }

    private mutating func applyRequesters(_ step: MeetingStep) throws(Refusal) {
        switch (step, status) {
        case (.counter(let slots, let note), .proposed):
            status = .countered(slots: slots)
            requesterSlots = slots
            self.note = note
        case (.accept(let note), .proposed(let slot, let place)):
            status = .accepted(slot: slot, place: place)
            isAccepted = true
            self.note = note
        case (.accept(let note), .confirmed) where !isAccepted:
            isAccepted = true
            self.note = note
        default: throw refusal(step)
        }
    }

    private mutating func reschedule(
        _ slots: [Slot], _ place: String?, _ reason: String, by author: Address, _ step: MeetingStep
    ) throws(Refusal) {
        guard let confirmed else { throw refusal(step) }
        if author == content.accounthouder {
            guard slots.count == 1 else {
                throw Refusal(.badField, ["field": "body.slots", "expected": "exactly one slot"])
            }
            status = .proposed(slot: slots[0], place: place ?? confirmed.place)
        } else {
            status = .countered(slots: slots)
            requesterSlots = slots
        }
        confirmedBefore = confirmed
        isAccepted = false
        note = reason
    }

    private func checkPresent(_ present: [OrganisationCode]) throws(Refusal) {
        guard Set(present).count == present.count,
            present.allSatisfy({ $0 == requester.organisation || content.invited.contains($0) })
        else {
            throw Refusal(
                .badField, ["field": "body.present", "expected": "organisations of this meeting, each once"])
        }
    }

    /// The date that is fixed, while it is.
    private var confirmed: Appointment? {
        guard case .confirmed(let slot, let place) = status else { return nil }
        return Appointment(slot: slot, place: place)
    }

    private var isOpen: Bool {
        switch status {
        case .requested, .proposed, .countered, .accepted: true
        case .confirmed, .held, .declined, .cancelled: false
        }
    }

    private var knownPlace: String? {
        switch status {
        case .proposed(_, let place), .accepted(_, let place): place
        default: confirmedBefore?.place ?? content.place
        }
    }

    /// Whether somebody has named the slot: as the proposal that stands, or within what suits the other side.
    private func offers(_ slot: Slot) -> Bool {
        switch status {
        case .proposed(let proposed, _), .accepted(let proposed, _): slot == proposed
        case .countered(let slots): slots.contains { $0.contains(slot) }
        default: commonList?.contains(slot) ?? true
        }
    }

    private func require(_ condition: Bool, _ step: MeetingStep) throws(Refusal) {
        guard condition else { throw refusal(step) }
    }

    private func refusal(_ step: MeetingStep) -> Refusal {
        Refusal(.illegalStep, ["state": status.name, "step": step.name])
    }
}

extension MeetingState {
    /// The slot that is proposed, accepted, confirmed or was held.
    public var slotThatStands: Slot? {
        switch status {
        case .proposed(let slot, _), .accepted(let slot, _), .confirmed(let slot, _), .held(let slot, _): slot
        case .requested, .countered, .declined, .cancelled: nil
        }
    }

    /// The place that goes with it.
    public var placeThatStands: String? {
        switch status {
        case .proposed(_, let place), .accepted(_, let place), .confirmed(_, let place), .held(_, let place): place
        case .requested, .countered, .declined, .cancelled: nil
        }
    }

    /// Why it was declined or cancelled.
    public var endedBecause: String? {
        switch status {
        case .declined(let reason), .cancelled(let reason, _): reason
        default: nil
        }
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
        case .held: "held"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}
