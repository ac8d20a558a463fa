import RegiopostModel
import RegiopostTestSupport
import Testing

/// A council briefing that Delft asks for, with Den Haag and Rijswijk invited: a story that meetings are tried on.
struct MeetingDesk {
    static let early = "2026-05-12T19:30/21:00"
    static let late = "2026-05-19T20:00/22:00"
    static let delft = "gm0503/griffie"
    static let denHaag = "gm0518/griffie"
    static let rijswijk = "gm0603/griffie"

    var story: Story
    let subject: SubjectID

    /// - Parameter slots: those that the request names.
    init(_ kind: MeetingContent.Kind = .briefing, slots: [String] = [], by author: String = delft) throws {
        story = try Story()
        let body = try story.meeting(kind, slots: slots, invited: ["gm0518", "gm0603"])
        subject = try story.accept(author, nil, .meetingRequest, body).subject
    }

    /// The meeting as it is now.
    var meeting: MeetingState {
        get throws {
            guard case .meeting(let meeting) = story.world.subject(subject)?.state else { throw NoMeeting() }
            return meeting
        }
    }

    struct NoMeeting: Error {}

    /// Takes a step that is fine.
    @discardableResult mutating func step(_ author: String, _ step: MeetingStep) throws -> Change {
        try story.accept(author, subject, step.type, .meeting(step))
    }

    /// The code that a step is refused with, `nil` where it is taken.
    mutating func refusal(_ author: String, _ step: MeetingStep) throws -> RefusalCode? {
        try story.refusal(author, subject, step.type, .meeting(step))
    }

    /// Brings a meeting into a state, by the names of the specification.
    init(in state: String) throws {
        try self.init()
        let slot = try Story.slot(Self.early)
        let propose = MeetingStep.propose(slot: slot, place: "Raadzaal", note: nil)
        switch state {
        case "requested": break
        case "proposed": try step(Story.accounthouder, propose)
        case "countered":
            try step(Story.accounthouder, propose)
            try step(Self.delft, .counter(slots: [slot], note: nil))
        case "accepted":
            try step(Story.accounthouder, propose)
            try step(Self.delft, .accept(note: nil))
        case "confirmed", "held":
            try step(Story.accounthouder, .confirm(slot: slot, place: "Raadzaal", note: nil))
            if state == "held" { try step(Story.accounthouder, .hold(MeetingStep.Minutes(text: "Besproken."))) }
        case "declined": try step(Story.accounthouder, .decline(reason: "Vol."))
        case "cancelled": try step(Self.delft, .cancel(reason: "Ziek."))
        default: throw NoMeeting()
        }
    }
}
