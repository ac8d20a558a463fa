import RegiopostJSON

/// What happens to a meeting after it was asked for.
public enum MeetingStep: Equatable, Sendable {
    /// An organisation that was invited takes part; its slots narrow the choice, none means that any suits. It takes the
    /// place of the organisation's earlier joins that it names.
    case join(slots: [Slot], replaces: [ChangeID] = [])
    /// An organisation takes back the joins that it names.
    case leave(replaces: [ChangeID])
    case propose(slot: Slot, place: String?, note: String?)
    case counter(slots: [Slot], note: String?)
    case accept(note: String?)
    case confirm(slot: Slot, place: String?, note: String?)
    case decline(reason: String)
    case cancel(reason: String)
    /// Another date for a confirmed meeting: one proposed by the account holder, or slots that suit the requester.
    case reschedule(slots: [Slot], place: String?, reason: String)
    /// It has taken place.
    case hold(Minutes)

    /// What is kept of a meeting that was held.
    public struct Minutes: Equatable, Sendable {
        /// What was said.
        public let text: String
        /// The organisations that were there; none means that nobody wrote it down.
        public let present: [OrganisationCode]
        /// What was shown or handed round.
        public let files: [FileReference]

        /// No minutes are longer, in bytes of UTF-8.
        public static let maximumText = 64 * 1_024

        /// Makes minutes.
        public init(text: String, present: [OrganisationCode] = [], files: [FileReference] = []) {
            self.text = text
            self.present = present
            self.files = files
        }
    }

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .meetingJoin:
            let slots = try fields.values("slots", Slot.pattern, Slot.read)
            self = .join(slots: slots, replaces: try fields.values("replaces", "identifier", ChangeID.init(_:)))
        case .meetingLeave:
            self = .leave(replaces: try fields.someValues("replaces", "identifier", ChangeID.init(_:)))
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
        case .meetingReschedule:
            let slots = try fields.someValues("slots", Slot.pattern, Slot.read)
            let place = try fields.optionalText("place", maximum: 500)
            self = .reschedule(slots: slots, place: place, reason: try fields.text("reason"))
        case .meetingHold:
            let text = try fields.text("minutes", maximum: Minutes.maximumText)
            let present = try fields.values("present", "organisation", OrganisationCode.init(_:))
            self = .hold(Minutes(text: text, present: present, files: try fields.files("files")))
        default: self = .accept(note: try fields.optionalText("note"))
        }
    }

    /// The type of the change that says this.
    public var type: ChangeType {
        switch self {
        case .join: .meetingJoin
        case .leave: .meetingLeave
        case .propose: .meetingPropose
        case .counter: .meetingCounter
        case .accept: .meetingAccept
        case .confirm: .meetingConfirm
        case .decline: .meetingDecline
        case .cancel: .meetingCancel
        case .reschedule: .meetingReschedule
        case .hold: .meetingHold
        }
    }

    /// The step's name: its type's without the kind of subject.
    var name: String { String(type.rawValue.dropFirst("meeting.".count)) }

    var json: JSONValue {
        switch self {
        case .join(let slots, let replaces):
            .object(["slots": Self.list(slots.map(\.text)), "replaces": Self.list(replaces.map(\.text))])
        case .leave(let replaces): .object(["replaces": .strings(replaces.map(\.text))])
        case .propose(let slot, let place, let note), .confirm(let slot, let place, let note):
            .object([
                "slot": .string(slot.text), "place": place.map(JSONValue.string),
                "note": note.map(JSONValue.string),
            ])
        case .counter(let slots, let note):
            .object(["slots": .strings(slots.map(\.text)), "note": note.map(JSONValue.string)])
        case .accept(let note): .object(["note": note.map(JSONValue.string)])
        case .decline(let reason), .cancel(let reason): .object(["reason": .string(reason)])
        case .reschedule(let slots, let place, let reason):
            .object([
                "slots": .strings(slots.map(\.text)), "place": place.map(JSONValue.string),
                "reason": .string(reason),
            ])
        case .hold(let minutes):
            .object([
                "minutes": .string(minutes.text), "present": Self.list(minutes.present.map(\.text)),
                "files": .files(minutes.files),
            ])
        }
    }

    private static func list(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .strings(texts) }
}
