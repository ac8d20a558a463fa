/// An agreement (afspraak) that came out of a meeting: the fold of its changes.
public struct AgreementState: Equatable, Sendable {
    /// How far it is.
    public enum Status: Equatable, Sendable {
        /// Can become done or dropped.
        case open
        /// Can be reopened.
        case done
        /// Can be reopened.
        case dropped(reason: String)
    }

    /// Something that was said about it.
    public struct Entry: Equatable, Sendable {
        /// What happened.
        public let step: AgreementStep
        /// Who said so.
        public let author: Address
        /// When the server received it; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// What was agreed.
    public let content: AgreementContent
    /// The account holder who recorded it.
    public let recorder: Address
    /// When the server received it; `nil` while it is still in an outbox.
    public let recordedAt: Timestamp?
    /// How far it is.
    public private(set) var status: Status = .open
    /// By when, as amended.
    public private(set) var due: CalendarDate?
    /// How far in percent, as far as somebody said.
    public private(set) var percent: Int?
    /// All that was said about it since, oldest first.
    public private(set) var entries = Trail<Entry>()

    init(content: AgreementContent, recorder: Address, recordedAt: Timestamp?) {
        self.content = content
        self.recorder = recorder
        self.recordedAt = recordedAt
        due = content.due
    }

    /// Whether it should have been done before that day.
    public func isOverdue(on day: CalendarDate) -> Bool { status == .open && due.map { $0 < day } == true }

    /// Takes one step. Leaves everything as it was when it throws.
    mutating func apply(_ step: AgreementStep, by author: Address, receivedAt: Timestamp?) throws(Refusal) {
        let isOpen = status == .open
        if case .reopen = step {
            guard !isOpen else { throw refusal(step) }
        } else {
            guard isOpen else { throw refusal(step) }
        }
        switch step {
        case .progress(_, let percent): self.percent = percent ?? self.percent
        case .amend(let due, _): self.due = due
        case .complete: status = .done
        case .drop(let reason): status = .dropped(reason: reason)
        case .reopen: status = .open
        }
        entries.append(Entry(step: step, author: author, receivedAt: receivedAt))
    }

    private func refusal(_ step: AgreementStep) -> Refusal {
        Refusal(.illegalStep, ["state": status.name, "step": step.name])
    }
}

extension AgreementState.Status {
    /// The stable name for machines.
    public var name: String {
        switch self {
        case .open: "open"
        case .done: "done"
        case .dropped: "dropped"
        }
    }
}
