import RegiopostJSON

/// What happens to an agreement after it was recorded.
public enum AgreementStep: Equatable, Sendable {
    /// How far it is, and in percent where somebody dares to say.
    case progress(note: String, percent: Int?)
    /// Another date by which it should be done, `nil` for none.
    case amend(due: CalendarDate?, reason: String)
    case complete(note: String?)
    case drop(reason: String)
    case reopen(reason: String)

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .agreementProgress:
            let note = try fields.text("note")
            let percent = fields.isPresent("percent") ? try fields.integer("percent", in: 0...100) : nil
            self = .progress(note: note, percent: percent)
        case .agreementAmend:
            let due = try fields.optionalValue("due", "date", CalendarDate.init(_:))
            self = .amend(due: due, reason: try fields.text("reason"))
        case .agreementDrop: self = .drop(reason: try fields.text("reason"))
        case .agreementReopen: self = .reopen(reason: try fields.text("reason"))
        default: self = .complete(note: try fields.optionalText("note"))
        }
    }

    /// The type of the change that says this.
    public var type: ChangeType {
        switch self {
        case .progress: .agreementProgress
        case .amend: .agreementAmend
        case .complete: .agreementComplete
        case .drop: .agreementDrop
        case .reopen: .agreementReopen
        }
    }

    /// The step's name: its type's without the kind of subject.
    var name: String { String(type.rawValue.dropFirst("agreement.".count)) }

    var json: JSONValue {
        switch self {
        case .progress(let note, let percent):
            .object(["note": .string(note), "percent": percent.map(JSONValue.number)])
        case .amend(let due, let reason):
            .object(["due": due.map { .string($0.text) }, "reason": .string(reason)])
        case .complete(let note): .object(["note": note.map(JSONValue.string)])
        case .drop(let reason), .reopen(let reason): .object(["reason": .string(reason)])
        }
    }
}
