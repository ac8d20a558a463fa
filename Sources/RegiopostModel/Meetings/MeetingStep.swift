import RegiopostJSON

/// What happens to a meeting after it was asked for.
public enum MeetingStep: Equatable, Sendable {
    /// An organisation that was invited takes part; its slots narrow the choice, none means that any suits.
    case join(slots: [Slot])
    case propose(slot: Slot, place: String?, note: String?)
    case counter(slots: [Slot], note: String?)
    case accept(note: String?)
    case confirm(slot: Slot, place: String?, note: String?)
    case decline(reason: String)
    case cancel(reason: String)

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .meetingJoin: self = .join(slots: try fields.values("slots", Slot.pattern, Slot.read))
        case .meetingPropose, .meetingConfirm:
            let slot = try fields.value("slot", Slot.pattern, Slot.read)
            let place = try fields.optionalText("place", maximum: 500)
            let note = try fields.optionalText("note")
            self =
                type == .meetingPropose
                ? .propose(slot: slot, place: place, note: note) : .confirm(slot: slot, place: place, note: note)
        case .meetingCounter:
            let slots = try fields.someValues("slots", Slot.pattern, Slot.read)
            self = .counter(slots: slots, note: try fields.optionalText("note"))
        case .meetingDecline: self = .decline(reason: try fields.text("reason"))
        case .meetingCancel: self = .cancel(reason: try fields.text("reason"))
        default: self = .accept(note: try fields.optionalText("note"))
        }
    }

    /// The type of the change that says this.
    public var type: ChangeType {
        switch self {
        case .join: .meetingJoin
        case .propose: .meetingPropose
        case .counter: .meetingCounter
        case .accept: .meetingAccept
        case .confirm: .meetingConfirm
        case .decline: .meetingDecline
        case .cancel: .meetingCancel
        }
    }

    var json: JSONValue {
        switch self {
        case .join(let slots): .object(["slots": slots.isEmpty ? nil : .strings(slots.map(\.text))])
        case .propose(let slot, let place, let note), .confirm(let slot, let place, let note):
            .object([
                "slot": .string(slot.text), "place": place.map(JSONValue.string),
                "note": note.map(JSONValue.string),
            ])
        case .counter(let slots, let note):
            .object(["slots": .strings(slots.map(\.text)), "note": note.map(JSONValue.string)])
        case .accept(let note): .object(["note": note.map(JSONValue.string)])
        case .decline(let reason), .cancel(let reason): .object(["reason": .string(reason)])
        }
    }
}
