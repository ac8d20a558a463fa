import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Terms by which letters are answered") struct TermRulesTests {
    private static let college = "gm0503/college"
    private var story: Story
    private let letter: ChangeID
    private let subject: SubjectID
    private let route: TermRoute

    init() throws {
        var story = try Story()
        let letter = try story.accept(
            Story.secretariaat, nil, .letterPublish, try story.letter(due: "2026-06-01"))
        self.letter = letter.id
        subject = .term(letter: letter.id, organisation: try #require(OrganisationCode("gm0503")))
        route = TermRoute(route: try story.route(), roles: [.formateur, .griffie])
        self.story = story
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
    private func set(_ due: String) throws -> ChangeBody { .term(.set(route, due: try date(due), note: nil)) }
    private func suspend(_ from: String) throws -> ChangeBody {
        .term(.suspend(route, from: try date(from), reason: "Wij wachten."))
    }
    private func resume(_ on: String) throws -> ChangeBody { .term(.resume(on: try date(on), note: nil)) }
    private func remind() -> ChangeBody { .term(.remind(route, note: "Graag.")) }

    private func deadline(_ story: Story) throws -> Deadline {
        var term: TermState?
        if case .term(let state) = story.world.subject(subject)?.state { term = state }
        return Deadline(letter: try date("2026-06-01"), term: term)
    }

    @Test(
        "no response deadline anywhere: a due date is optional, set by the sender or, for itself, by the recipient")
    func dates() throws {
        var story = story
        #expect(Deadline(letter: nil, term: nil) == .none)
        #expect(try deadline(story) == .due(date("2026-06-01")))
        try story.accept(Self.college, subject, .termSet, try set("2026-05-20"))
        #expect(try deadline(story) == .due(date("2026-05-20")))
        // The sender's side moves the term; the organisation's own date stays the earlier one.
        try story.accept(Story.accounthouder, subject, .termSet, try set("2026-07-01"))
        #expect(try deadline(story) == .due(date("2026-05-20")))
        try story.accept(Self.college, subject, .termSet, try set("2026-06-26"))
        #expect(try deadline(story) == .due(date("2026-06-26")))
        // An own date is no extension.
        #expect(try story.refusal(Self.college, subject, .termSet, try set("2026-07-02")) == .badField)
        try story.accept(Story.secretariaat, subject, .termSet, try set("2026-05-14"))
        #expect(try deadline(story) == .due(date("2026-05-15")))
    }

    @Test("where the sender set no date, the organisation may set any for itself, and nothing can stand still")
    func withoutDate() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let subject = SubjectID.term(letter: letter.id, organisation: try #require(OrganisationCode("gm0503")))
        #expect(
            try story.refusal(Story.secretariaat, subject, .termSuspend, try suspend("2026-05-01")) == .illegalStep)
        try story.accept(Self.college, subject, .termSet, try set("2030-01-01"))
        #expect(
            try story.refusal(Story.secretariaat, subject, .termSuspend, try suspend("2026-05-01")) == .illegalStep)
        try story.accept(Story.secretariaat, subject, .termSet, try set("2026-06-01"))
        #expect(try story.refusal(Story.secretariaat, subject, .termSuspend, try suspend("2026-05-01")) == nil)
    }

    /// The states of section 8.4.5, and what comes of each step.
    @Test(
        "no step is taken that the table of states doesn't have",
        arguments: [
            ("none", ["set running", "own running", "suspend suspended", "resume -", "remind running"]),
            ("running", ["set running", "own running", "suspend suspended", "resume -", "remind running"]),
            ("suspended", ["set -", "own suspended", "suspend -", "resume running", "remind suspended"]),
        ])
    func states(from: String, steps: [String]) throws {
        for step in steps.map({ $0.split(separator: " ").map(String.init) }) {
            var story = story
            if from != "none" { try story.accept(Story.accounthouder, subject, .termRemind, remind()) }
            if from == "suspended" {
                try story.accept(Story.secretariaat, subject, .termSuspend, try suspend("2026-05-11"))
            }
            let (author, type, body): (String, ChangeType, ChangeBody) =
                switch step[0] {
                case "set": (Story.accounthouder, .termSet, try set("2026-07-01"))
                case "own": (Self.college, .termSet, try set("2026-05-20"))
                case "suspend": (Story.accounthouder, .termSuspend, try suspend("2026-05-12"))
                case "resume": (Story.accounthouder, .termResume, try resume("2026-05-18"))
                default: (Story.accounthouder, .termRemind, remind())
                }
            let refusal = try story.refusal(author, subject, type, body)
            let expected: RefusalCode? = step[1] == "-" ? (from == "none" ? .subjectUnknown : .illegalStep) : nil
            #expect(refusal == expected, "\(from) \(step)")
            if expected == nil, case .term(let term) = story.world.subject(subject)?.state {
                #expect(term.status == step[1], "\(from) \(step)")
            }
        }
    }

    @Test("suspension moves the date by the days that the term stood still, to a working day") func suspension()
        throws
    {
        var story = story
        try story.accept(Story.accounthouder, subject, .termSuspend, try suspend("2026-05-11"))
        #expect(try deadline(story) == .suspended(since: date("2026-05-11")))
        #expect(try story.refusal(Story.accounthouder, subject, .termResume, try resume("2026-05-10")) == .badField)
        try story.accept(Story.accounthouder, subject, .termResume, try resume("2026-05-16"))
        // 1 June and five days is Saturday 6 June.
        #expect(try deadline(story) == .due(date("2026-06-08")))
        #expect(
            try story.refusal(Story.accounthouder, subject, .termSuspend, try suspend("2026-06-09")) == .badField)
        try story.accept(Story.accounthouder, subject, .termSuspend, try suspend("2026-06-08"))
        try story.accept(Story.accounthouder, subject, .termResume, try resume("2026-06-08"))
        #expect(try deadline(story) == .due(date("2026-06-08")))
        // A new date forgets what stood still before it.
        try story.accept(Story.secretariaat, subject, .termSet, try set("2026-07-01"))
        #expect(try deadline(story) == .due(date("2026-07-01")))
    }

    @Test("however often a term stands still, it ends as many days later", arguments: 1...20)
    func arithmetic(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var story = story
        var total = 0
        var day = try date("2026-04-01")
        for _ in 0..<6 {
            day = day.adding(days: Int.random(in: 0...9, using: &generator))
            try story.accept(Story.secretariaat, subject, .termSuspend, try suspend(day.text))
            let length = Int.random(in: 0...40, using: &generator)
            day = day.adding(days: length)
            total += length
            try story.accept(Story.accounthouder, subject, .termResume, try resume(day.text))
            let expected = WorkingDays.end(of: try date("2026-06-01").adding(days: total))
            #expect(try deadline(story) == .due(expected))
        }
    }

    @Test("reminders are counted, by more than one at once, and don't stand in the way of exact steps")
    func reminders() throws {
        var story = story
        let own = try story.change(Self.college, subject, .termSet, try set("2026-05-20"))
        try story.accept(Story.accounthouder, subject, .termRemind, remind())
        try story.accept(Story.secretariaat, subject, .termRemind, .term(.remind(route, note: "Nogmaals.")))
        try story.send(own)
        guard case .term(let term) = story.world.subject(subject)?.state else { throw Missing() }
        #expect(term.reminders == 2 && term.lastReminder?.note == "Nogmaals.")
        #expect(term.lastReminder?.author.text == Story.secretariaat)
    }

    private struct Missing: Error {}

    @Test("a term is of an organisation that the letter is addressed to, and carries the letter's route")
    func consistency() throws {
        var story = story
        let other = SubjectID.term(letter: letter, organisation: try #require(OrganisationCode("gm0603")))
        #expect(try story.refusal(Story.secretariaat, other, .termSet, try set("2026-07-01")) == .notAddressed)
        let stray = TermRoute(route: Route(sender: route.route.sender, region: "drechtsteden"), roles: route.roles)
        let body = ChangeBody.term(.set(stray, due: try date("2026-05-20"), note: nil))
        #expect(try story.refusal(Story.secretariaat, subject, .termSet, body) == .badField)
        let narrow = TermRoute(route: route.route, roles: [.formateur])
        #expect(
            try story.refusal(Story.secretariaat, subject, .termRemind, .term(.remind(narrow, note: nil)))
                == .badField)
        try story.accept(
            Story.secretariaat, .letter(letter), .letterWithdraw, .letterWithdraw(reason: "Vervallen."))
        #expect(try story.refusal(Story.secretariaat, subject, .termRemind, remind()) == .letterWithdrawn)
    }

    @Test("who sees the answer of an organisation sees its term, and nobody else") func audience() throws {
        var story = story
        let verdict = try story.send(try story.change(Story.accounthouder, subject, .termRemind, remind()))
        let response = SubjectID.response(letter: letter, organisation: try #require(OrganisationCode("gm0503")))
        let answer = try story.send(
            try story.change(Self.college, response, .responseSubmit, try story.response()))
        #expect(verdict.mailboxes == answer.mailboxes)
        let others = ["gm0518/college", "gm0518/formateur", "gm0503/raadslid"].compactMap(Address.init(_:))
        #expect(others.count == 3 && verdict.mailboxes.isDisjoint(with: others.map(Mailbox.address)))
    }

    @Test("Legal time: what counts is when a message was received, by the server and in Dutch days") func inTime()
        throws
    {
        let deadline = Deadline.due(try date("2026-06-01"))
        #expect(deadline.isInTime(try #require(Timestamp("2026-06-01T21:59:59Z"))) == true)
        #expect(deadline.isInTime(try #require(Timestamp("2026-06-01T22:00:00Z"))) == false)
        #expect(Deadline.suspended(since: try date("2026-06-01")).isInTime(Timestamp(milliseconds: 0)) == nil)
        #expect(deadline.daysLeft(on: try date("2026-05-29")) == 1)
        #expect(deadline.daysLeft(on: try date("2026-06-01")) == 0)
        #expect(deadline.daysLeft(on: try date("2026-06-02")) == -1)
        let friday = Deadline.due(try date("2026-05-29"))
        #expect(friday.daysLeft(on: try date("2026-05-30")) == -1)
        #expect(friday.daysLeft(on: try date("2026-06-02")) == -2)
    }
}
