/// Whether a step on a term fits the letter and the dates that stand.
enum TermConsistency {
    static func check(
        _ step: TermStep, _ change: Change, on state: Subject.State?, _ letter: LetterState?
    ) throws(Refusal) {
        guard let letter, case .term(_, let organisation) = change.subject else { return }
        guard letter.content.recipients.contains(where: { $0.organisation == organisation }) else {
            throw Refusal(.notAddressed, ["organisation": organisation.text])
        }
        if let reason = letter.withdrawn { throw Refusal(.letterWithdrawn, ["reason": reason]) }
        if let route = step.route {
            try Consistency.same(route.route, as: letter)
            guard route.roles == letter.content.roles(at: organisation) else {
                throw Refusal(
                    .badField, ["field": "body.roles", "expected": "the roles that the letter was sent to"])
            }
            guard route.confidentiality == letter.content.confidentiality else {
                throw Refusal(.badField, ["field": "body.confidentiality", "expected": "the letter's"])
            }
        }
        var term: TermState?
        if case .term(let known) = state { term = known }
        try check(step, byOrganisation: change.author.organisation != letter.sender.organisation, letter, term)
    }

    /// An organisation's own date is no extension, and only a term that hasn't ended can stand still.
    private static func check(
        _ step: TermStep, byOrganisation: Bool, _ letter: LetterState, _ term: TermState?
    ) throws(Refusal) {
        let end = Deadline.sendersDate(letter: letter.content.due, term: term)
        switch step {
        case .set(_, let due, _):
            guard byOrganisation, let end, due > end else { return }
            throw Refusal(.badField, ["field": "body.due", "expected": "a day not after \(end.text)"])
        case .suspend(_, let from, _):
            guard let end else { throw Refusal(.illegalStep, ["state": "without-term", "step": step.name]) }
            guard from > end else { return }
            throw Refusal(.badField, ["field": "body.from", "expected": "a day not after \(end.text)"])
        case .resume, .remind: return
        }
    }
}
