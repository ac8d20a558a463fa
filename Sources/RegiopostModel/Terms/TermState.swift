/// The term by which one organisation answers a letter: the fold of its changes. Together with the date in the letter it
/// says when an answer is due (`Deadline`).
public struct TermState: Equatable, Sendable {
    /// A time in which the term stands still.
    public struct Suspension: Equatable, Sendable {
        /// The first day.
        public let from: CalendarDate
        /// Why.
        public let reason: String
    }

    /// One reminder.
    public struct Reminder: Equatable, Sendable {
        /// Who reminds.
        public let author: Address
        /// What they say.
        public let note: String?
        /// When the server received it; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?

        /// Makes a reminder.
        public init(author: Address, note: String?, receivedAt: Timestamp?) {
            self.author = author
            self.note = note
            self.receivedAt = receivedAt
        }
    }

    /// The letter.
    public let letter: ChangeID
    /// The organisation that answers it.
    public let organisation: OrganisationCode
    /// Where the term comes from.
    public let route: TermRoute
    /// The date that the sender's side set instead of the letter's.
    public private(set) var moved: CalendarDate?
    /// The date that the organisation set for itself.
    public private(set) var own: CalendarDate?
    /// The suspension that stands; `nil` while the term runs.
    public private(set) var suspension: Suspension?
    /// How many days it stood still, since the sender's side last set a date.
    public private(set) var suspendedDays = 0
    /// How many reminders there were.
    public private(set) var reminders = 0
    /// The last one.
    public private(set) var lastReminder: Reminder?

    init(letter: ChangeID, organisation: OrganisationCode, route: TermRoute) {
        self.letter = letter
        self.organisation = organisation
        self.route = route
    }

    mutating func apply(_ step: TermStep, by author: Address, receivedAt: Timestamp?) throws(Refusal) {
        switch step {
        case .set(_, let due, _):
            if author.organisation != route.route.sender.organisation {
                own = due
            } else {
                // A new date while the term stands still would leave open from when on it counts.
                guard suspension == nil else { throw refusal(step) }
                moved = due
                suspendedDays = 0
            }
        case .suspend(_, let from, let reason):
            guard suspension == nil else { throw refusal(step) }
            suspension = Suspension(from: from, reason: reason)
        case .resume(let on, _):
            guard let suspension else { throw refusal(step) }
            guard suspension.from <= on else {
                throw Refusal(
                    .badField, ["field": "body.on", "expected": "a day not before \(suspension.from.text)"])
            }
            suspendedDays += on.daysSince1970 - suspension.from.daysSince1970
            self.suspension = nil
        case .remind(_, let note):
            reminders += 1
            lastReminder = Reminder(author: author, note: note, receivedAt: receivedAt)
        }
    }

    /// The stable name of how it stands.
    public var status: String { suspension == nil ? "running" : "suspended" }

    private func refusal(_ step: TermStep) -> Refusal {
        Refusal(.illegalStep, ["state": status, "step": step.name])
    }
}
