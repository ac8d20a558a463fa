import RegiopostClient
import RegiopostModel

extension LetterPresentation {
    /// By when one's own organisation is to answer; `nil` for the province, where each organisation has its own.
    private func deadline(_ id: ChangeID, _ letter: LetterState) -> Deadline? {
        view.answering(letter).first.map { view.deadline(of: id, letter, for: $0) }
    }

    /// What the list says about a letter that waits for an answer: by when, or how many are late.
    func waiting(_ letter: LetterSummary) -> String {
        guard letter.withdrawn == nil else { return "" }
        let open = letter.asked(by: view.address, in: view.correspondence.directory).filter { $0.answer == nil }
        if let own = open.first, view.address.organisation.kind == .municipality {
            return (deadlines.text(own.deadline) ?? "") + (own.reminders > 0 ? " (!)" : "")
        }
        let late = open.count { party in party.deadline.date.map { $0 < deadlines.today } ?? false }
        guard late > 0 else { return "" }
        return output.text(Phrase(dutch: "{n} te laat", english: "{n} late"), ["n": String(late)])
    }

    /// What the letter in full says about dates and reminders: of one's own organisation, for the province of each whose
    /// date isn't the letter's.
    func due(_ id: ChangeID, _ letter: LetterState) -> [String] {
        let name = output.text(Phrase(dutch: "Graag antwoord uiterlijk op", english: "Answer welcome by")) + ": "
        guard let own = view.answering(letter).first, let deadline = deadline(id, letter) else {
            let others = view.asked(by: letter).compactMap { code -> String? in
                guard let term = view.term(of: id, for: code),
                    let text = deadlines.text(view.deadline(of: id, letter, for: code))
                else { return nil }
                let reminders = deadlines.reminders(term.reminders, term.lastReminder).map { ". " + $0 } ?? ""
                return "  " + view.correspondence.directory.name(of: code) + ": " + text + reminders
            }
            return (letter.content.due.map { [name + $0.text] } ?? []) + others
        }
        let term = view.term(of: id, for: own)
        let isAnswered = view.answer(to: id, by: own) != nil
        let day = isAnswered ? deadline.date?.text : deadlines.text(deadline)
        let reminder = isAnswered ? nil : term.flatMap { deadlines.reminders($0.reminders, $0.lastReminder) }
        return (day.map { [name + $0] } ?? []) + (reminder.map { [$0] } ?? [])
    }
}
