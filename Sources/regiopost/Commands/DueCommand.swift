import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct DueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "due", abstract: Help.dueCommand.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
    @Option(name: .long, help: ArgumentHelp(Help.organisation.here)) var municipality: String?
    @Option(name: .long, help: ArgumentHelp(Help.setDue.here)) var set: String?
    @Option(name: .long, help: ArgumentHelp(Help.suspend.here)) var suspend: String?
    @Option(name: .long, help: ArgumentHelp(Help.resume.here)) var resume: String?
    @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String?
    @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

    func validate() throws {
        guard [set, suspend, resume].compactMap(\.self).count <= 1 else {
            throw ValidationError(Help.oneOfDue.here)
        }
        guard suspend == nil || reason != nil else { throw ValidationError(Help.suspendReason.here) }
    }

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let term = try LetterTerm(letter, municipality, desk, view)
            if let step = try step(term, desk) {
                try await desk.write(Workspace.Intent(step.type, on: term.subject, .term(step.content)), in: view)
            } else {
                term.show(desk, view)
            }
        }
    }

    private func step(_ term: LetterTerm, _ desk: Desk) throws -> (type: ChangeType, content: TermStep)? {
        let today = desk.deadlines.today
        if let set {
            let due = try DueDate.read(set, after: today)
            return (.termSet, .set(term.route, due: due, note: note))
        }
        if let suspend {
            let from = try DueDate.day(suspend, today: today)
            return (.termSuspend, .suspend(term.route, from: from, reason: reason ?? ""))
        }
        return try resume.map { (.termResume, .resume(on: try DueDate.day($0, today: today), note: note)) }
    }
}

struct RemindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remind", abstract: Help.remind.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
    @Option(name: .long, help: ArgumentHelp(Help.organisation.here)) var municipality: String
    @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let term = try LetterTerm(letter, municipality, desk, view)
            guard view.answer(to: term.id, by: term.organisation) == nil else {
                throw Failure(
                    .data, code: "answered", Texts.answeredAlready,
                    ["name": view.correspondence.directory.name(of: term.organisation)])
            }
            try await desk.write(
                Workspace.Intent(.termRemind, on: term.subject, .term(.remind(term.route, note: note))), in: view)
        }
    }
}

/// The term of one organisation for one letter, as a command names it.
struct LetterTerm {
    let id: ChangeID
    let letter: LetterState
    let organisation: OrganisationCode

    /// The organisation is one's own unless another is named.
    init(_ handle: String, _ municipality: String?, _ desk: Desk, _ view: View) throws {
        let found = try desk.letter(handle, in: view)
        id = found.id
        letter = found.state
        if let municipality {
            organisation = try desk.organisation(municipality, in: view).code
        } else {
            let own = desk.profile.address.organisation
            guard own.kind == .municipality else { throw Failure(.data, Texts.whichMunicipality) }
            organisation = view.answering(found.state).first ?? own
        }
        guard letter.content.recipients.contains(where: { $0.organisation == organisation }) else {
            throw Failure(Refusal(.notAddressed, ["organisation": organisation.text]))
        }
    }

    var subject: SubjectID { .term(letter: id, organisation: organisation) }

    var route: TermRoute {
        TermRoute(
            route: letter.route, roles: letter.content.roles(at: organisation),
            confidentiality: letter.content.confidentiality)
    }

    func show(_ desk: Desk, _ view: View) {
        let term = view.term(of: id, for: organisation)
        let deadline = view.deadline(of: id, letter, for: organisation)
        let isInTime = view.isAnsweredInTime(id, by: organisation)
        desk.output.say(
            Texts.dueOf,
            [
                "name": view.correspondence.directory.name(of: organisation), "title": letter.content.title,
                "due": desk.deadlines.text(deadline) ?? desk.output.text(Texts.noDue),
            ])
        let dates: [(Phrase, CalendarDate?)] = [
            (Phrase(dutch: "In de brief", english: "In the letter"), letter.content.due),
            (Phrase(dutch: "Verplaatst naar", english: "Moved to"), term?.moved),
            (Phrase(dutch: "Eigen datum", english: "Own date"), term?.own),
        ]
        desk.output.show(dates.compactMap { name, date in date.map { desk.output.text(name) + ": " + $0.text } })
        desk.output.show(
            [
                term?.suspension.map(\.reason), desk.deadlines.inTime(isInTime),
                term.flatMap { desk.deadlines.reminders($0.reminders, $0.lastReminder) },
            ].compactMap(\.self))
        var members = [
            JSONMember("letter", .string(id.text)), JSONMember("organisation", .string(organisation.text)),
        ]
        for (name, date) in zip(["letterDue", "moved", "own"], dates.map(\.1)) {
            if let date { members.append(JSONMember(name, .string(date.text))) }
        }
        members += desk.deadlines.members(deadline)
        members.append(JSONMember("suspendedDays", .number(term?.suspendedDays ?? 0)))
        members.append(JSONMember("reminders", .number(term?.reminders ?? 0)))
        if let isInTime { members.append(JSONMember("inTime", .bool(isInTime))) }
        desk.output.emit(.object(members))
    }
}

/// Days as people give them for deadlines.
enum DueDate {
    /// A date, or so many working days after a day: `20wd`, in Dutch also `20werkdagen`.
    static func read(_ text: String, after day: CalendarDate) throws -> CalendarDate {
        if let date = CalendarDate(text) { return date }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard ["wd", "werkdagen", "workingdays"].contains(text.dropFirst(digits.count).lowercased()),
            let count = Int(digits), (1...1_000).contains(count)
        else { throw Failure(.data, Texts.badDue, ["date": text]) }
        return WorkingDays.adding(count, to: day)
    }

    /// A date, or today.
    static func day(_ text: String, today: CalendarDate) throws -> CalendarDate {
        ["today", "vandaag"].contains(text.lowercased()) ? today : try LetterPublishCommand.date(text)
    }
}
