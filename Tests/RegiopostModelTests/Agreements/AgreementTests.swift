import RegiopostModel
import RegiopostTestSupport
import Testing

/// Concrete agreements (afspraken) out of a meeting, from both sides.
@Suite("Life cycle: agreement") struct AgreementTests {
    private static let owner = "gm0503/college"
    private static let sides = [owner, Story.accounthouder]
    private static let leadsTo = ["complete": "done", "drop": "dropped", "reopen": "open"]
    private static let steps: [AgreementStep] = [
        .progress(note: "Half.", percent: 50), .amend(due: nil, reason: "Zomer."), .complete(note: nil),
        .drop(reason: "Vervallen."), .reopen(reason: "Toch niet."),
    ]

    private func state(_ story: Story, _ subject: SubjectID) throws -> AgreementState {
        guard case .agreement(let agreement) = story.world.subject(subject)?.state else { throw NoAgreement() }
        return agreement
    }

    private struct NoAgreement: Error {}

    private func step(_ story: inout Story, _ author: String, _ subject: SubjectID, _ step: AgreementStep) throws {
        try story.accept(author, subject, step.type, .agreement(step))
    }

    @Test("every step of the table leads where it says, every other one is refused with its code") func cells()
        throws
    {
        let rows = try StateTable.rows(below: "Agreements")
        #expect(rows.map(\.state) == ["open", "done", "dropped"])
        for row in rows {
            for (side, author) in Self.sides.enumerated() {
                for next in Self.steps {
                    var story = try Story()
                    let subject = try story.recordedAgreement()
                    if row.state == "done" { try step(&story, Self.owner, subject, .complete(note: nil)) }
                    if row.state == "dropped" { try step(&story, Self.owner, subject, .drop(reason: "Nee.")) }
                    let before = try state(story, subject)
                    let name = String(next.type.rawValue.dropFirst("agreement.".count))
                    let comment = Comment(rawValue: "\(name) by \(author) in \(row.state)")
                    let refusal = try story.refusal(author, subject, next.type, .agreement(next))
                    if row.steps[side].contains(name) {
                        #expect(refusal == nil, comment)
                        #expect(try state(story, subject).status.name == Self.leadsTo[name] ?? row.state, comment)
                    } else {
                        let isEver = rows.contains { $0.steps[side].contains(name) }
                        #expect(refusal == (isEver ? .illegalStep : .notAllowed), comment)
                        #expect(try state(story, subject) == before, comment)
                    }
                }
            }
        }
    }

    @Test("nothing happens to an agreement that isn't there, and recording it twice is no step") func nothing()
        throws
    {
        var story = try Story()
        let id = story.nextID()
        for next in Self.steps {
            #expect(
                try story.refusal(Self.owner, .agreement(id), next.type, .agreement(next)) == .subjectUnknown)
        }
    }

    @Test("open, progress with percent, another date, done, reopened, dropped with reason: all of it is kept")
    func lifeCycle() throws {
        var story = try Story()
        let subject = try story.recordedAgreement()
        #expect(try state(story, subject).due?.text == "2026-06-30")
        try step(&story, "gm0503/griffie", subject, .progress(note: "Vier wijken.", percent: 40))
        try step(&story, Story.accounthouder, subject, .progress(note: "Wij helpen.", percent: nil))
        try step(&story, Story.accounthouder, subject, .amend(due: CalendarDate("2026-09-01"), reason: "Zomer."))
        #expect(try state(story, subject).percent == 40 && state(story, subject).due?.text == "2026-09-01")
        try step(&story, Self.owner, subject, .complete(note: "Klaar."))
        try step(&story, Story.accounthouder, subject, .reopen(reason: "Er ontbreekt iets."))
        try step(&story, Self.owner, subject, .drop(reason: "Het Rijk doet dit."))
        let agreement = try state(story, subject)
        #expect(agreement.status == .dropped(reason: "Het Rijk doet dit."))
        #expect(
            agreement.entries.elements.map(\.author.organisation.text) == [
                "gm0503", "pv28", "pv28", "gm0503", "pv28", "gm0503",
            ])
    }

    @Test("it is overdue after its day, while it is open") func overdue() throws {
        var story = try Story()
        let subject = try story.recordedAgreement()
        let (day, next) = (try #require(CalendarDate("2026-06-30")), try #require(CalendarDate("2026-07-01")))
        #expect(try !state(story, subject).isOverdue(on: day) && state(story, subject).isOverdue(on: next))
        try step(&story, Self.owner, subject, .complete(note: nil))
        #expect(try !state(story, subject).isOverdue(on: next))
    }

    @Test(
        "both sides see the same: the account holder, and at each party its leaders and who asks for such meetings")
    func audience() throws {
        var story = try Story()
        let subject = try story.recordedAgreement()
        let agreement = try #require(story.world.subject(subject)?.state)
        #expect(
            Set(Audience.mailboxes(of: agreement, in: story.world.directory).map(\.text)) == [
                Story.accounthouder, "pv28/registratuur", "gm0503/griffie", "gm0503/college",
                "gm0503/gemeentesecretaris", "gm0503/burgemeester", "gm0503/registratuur", "gm0518/griffie",
                "gm0518/college", "gm0518/gemeentesecretaris", "gm0518/burgemeester", "gm0518/registratuur",
            ])
        let progress = ChangeBody.agreement(.progress(note: "Half.", percent: nil))
        #expect(try story.refusal("gm0518/college", subject, .agreementProgress, progress) == .notAllowed)
        #expect(try story.refusal("gm0603/college", subject, .agreementProgress, progress) == .subjectUnknown)
        #expect(try story.refusal("gm0503/formateur", subject, .agreementProgress, progress) == .subjectUnknown)
    }

    @Test("what the province sees to is the account holder's to report") func provincial() throws {
        var story = try Story()
        let subject = try story.recordedAgreement(owner: "pv28")
        let progress = ChangeBody.agreement(.progress(note: "Half.", percent: nil))
        #expect(try story.refusal(Self.owner, subject, .agreementProgress, progress) == .notAllowed)
        #expect(try story.refusal(Story.accounthouder, subject, .agreementProgress, progress) == nil)
    }

    @Test("two who report offline: the second gets a conflict and keeps its work") func conflict() throws {
        var story = try Story()
        let subject = try story.recordedAgreement()
        let mine = try story.change(
            Self.owner, subject, .agreementComplete, .agreement(.complete(note: nil)))
        let theirs = try story.accept(
            Story.accounthouder, subject, .agreementDrop, .agreement(.drop(reason: "Vervallen.")))
        #expect(throws: Refusal(.conflict, ["current": theirs.id.text])) { try story.send(mine) }
    }
}
