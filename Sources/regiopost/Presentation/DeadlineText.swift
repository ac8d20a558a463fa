import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Deadlines, for people and for programs.
struct DeadlineText {
    let output: Output
    let today: CalendarDate

    /// `2026-06-01, nog 5 werkdagen`; `nil` where nothing is due.
    func text(_ deadline: Deadline) -> String? {
        switch deadline {
        case .none: return nil
        case .suspended(let since):
            return output.text(
                Phrase(dutch: "opgeschort sinds {day}", english: "suspended since {day}"), ["day": since.text])
        case .due(let date):
            return date.text + ", " + left(deadline.daysLeft(on: today) ?? 0, date)
        }
    }

    private func left(_ days: Int, _ date: CalendarDate) -> String {
        let phrase: Phrase =
            switch days {
            case 1: Phrase(dutch: "nog {n} werkdag", english: "{n} working day left")
            case 2...: Phrase(dutch: "nog {n} werkdagen", english: "{n} working days left")
            case -1: Phrase(dutch: "{n} werkdag te laat", english: "{n} working day late")
            case ..<(-1): Phrase(dutch: "{n} werkdagen te laat", english: "{n} working days late")
            default: date == today ? Phrase(dutch: "vandaag", english: "today") : Self.beforeNextWorkingDay
            }
        return output.text(phrase, ["n": String(abs(days))])
    }

    private static let beforeNextWorkingDay = Phrase(
        dutch: "geen werkdag meer", english: "no working day left")

    /// Whether an answer came in time; `nil` where nobody can tell.
    func inTime(_ isInTime: Bool?) -> String? {
        isInTime.map { isInTime in
            output.text(
                isInTime
                    ? Phrase(dutch: "op tijd", english: "in time") : Phrase(dutch: "te laat", english: "late"))
        }
    }

    /// How often somebody was reminded, and what was said last.
    func reminders(_ count: Int, _ last: TermState.Reminder?) -> String? {
        guard count > 0, let last else { return nil }
        let text = output.text(
            Phrase(dutch: "HERINNERING ({n}), {day}", english: "REMINDER ({n}), {day}"),
            [
                "n": String(count),
                "day": last.receivedAt.map { DutchTime.date(of: $0).text }
                    ?? output.text(Phrase(dutch: "nog te versturen", english: "to be sent")),
            ])
        return text + (last.note.map { ": " + $0 } ?? "")
    }

    /// A deadline for programs, as members of an object.
    func members(_ deadline: Deadline) -> [JSONMember] {
        switch deadline {
        case .none: []
        case .suspended(let since): [JSONMember("suspendedSince", .string(since.text))]
        case .due(let date):
            [
                JSONMember("deadline", .string(date.text)),
                JSONMember("daysLeft", .number(deadline.daysLeft(on: today) ?? 0)),
            ]
        }
    }
}

extension Desk {
    /// Deadlines as of today in the Netherlands.
    var deadlines: DeadlineText { DeadlineText(output: output, today: DutchTime.date(of: workspace.now)) }
}
