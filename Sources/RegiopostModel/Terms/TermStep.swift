import RegiopostJSON

/// What can happen to the term by which one organisation answers a letter.
public enum TermStep: Equatable, Sendable {
    /// A new date: the sender's side moves the term, the organisation sets one of its own.
    case set(TermRoute, due: CalendarDate, note: String?)
    /// The sender's side stops the term from a day on, that day included.
    case suspend(TermRoute, from: CalendarDate, reason: String)
    /// It runs again from a day on: the term ends as many days later as it stood still.
    case resume(on: CalendarDate, note: String?)
    /// The sender's side reminds the organisation.
    case remind(TermRoute, note: String?)

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .termSet:
            self = .set(
                try TermRoute(fields), due: try Self.date("due", fields), note: try fields.optionalText("note"))
        case .termSuspend:
            self = .suspend(
                try TermRoute(fields), from: try Self.date("from", fields), reason: try fields.text("reason"))
        case .termResume:
            self = .resume(on: try Self.date("on", fields), note: try fields.optionalText("note"))
        default: self = .remind(try TermRoute(fields), note: try fields.optionalText("note"))
        }
    }

    private static func date(_ name: String, _ fields: Fields) throws(Refusal) -> CalendarDate {
        try fields.value(name, "YYYY-MM-DD", CalendarDate.init(_:))
    }

    /// Where the term comes from, as far as the step says.
    var route: TermRoute? {
        switch self {
        case .set(let route, _, _), .suspend(let route, _, _), .remind(let route, _): route
        case .resume: nil
        }
    }

    /// What it is called in refusals.
    var name: String {
        switch self {
        case .set: "set"
        case .suspend: "suspend"
        case .resume: "resume"
        case .remind: "remind"
        }
    }

    var json: JSONValue {
        var members = route?.members ?? []
        func add(_ name: String, _ text: String?) {
            if let text { members.append(JSONMember(name, .string(text))) }
        }
        switch self {
        case .set(_, let due, let note):
            add("due", due.text)
            add("note", note)
        case .suspend(_, let from, let reason):
            add("from", from.text)
            add("reason", reason)
        case .resume(let on, let note):
            add("on", on.text)
            add("note", note)
        case .remind(_, let note): add("note", note)
        }
        return .object(members)
    }
}
