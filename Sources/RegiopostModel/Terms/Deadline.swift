/// When one organisation's answer to a letter is due: a pure function of the letter's date and the term's state.
public enum Deadline: Equatable, Sendable {
    /// Nobody set a date.
    case none
    /// At the latest on this day.
    case due(CalendarDate)
    /// The term stands still since that day.
    case suspended(since: CalendarDate)

    /// The sender's date, the moved one before the letter's, moved on by the days that the term stood still, to the next
    /// working day; or the organisation's own date where that is earlier.
    public init(letter due: CalendarDate?, term: TermState?) {
        if let suspension = term?.suspension {
            self = .suspended(since: suspension.from)
            return
        }
        let dates = [Self.sendersDate(letter: due, term: term), term?.own.map(WorkingDays.end)].compactMap(\.self)
        self = dates.min().map(Deadline.due) ?? .none
    }

    /// The last day by the sender's side, whatever the organisation wants for itself; `nil` where the sender set none. A
    /// suspension that stands is left out.
    public static func sendersDate(letter due: CalendarDate?, term: TermState?) -> CalendarDate? {
        (term?.moved ?? due).map { WorkingDays.end(of: $0.adding(days: term?.suspendedDays ?? 0)) }
    }

    /// The day, where there is one.
    public var date: CalendarDate? {
        guard case .due(let date) = self else { return nil }
        return date
    }

    /// How many working days are left on a day, the last one included: 0 on the day itself, fewer when it is over; `nil`
    /// where no day is set.
    public func daysLeft(on today: CalendarDate) -> Int? {
        guard let date else { return nil }
        let count = WorkingDays.count(after: today, through: date)
        // Late from the first day on, working day or not.
        return today > date ? min(count, -1) : count
    }

    /// Whether something that the server received then came in time; `nil` where no day is set.
    public func isInTime(_ receivedAt: Timestamp) -> Bool? { date.map { DutchTime.date(of: receivedAt) <= $0 } }
}
