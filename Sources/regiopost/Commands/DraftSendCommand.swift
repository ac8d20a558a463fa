import ArgumentParser
import RegiopostClient
import RegiopostModel

struct DraftSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "send", abstract: Help.sendDraft.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String
    @Option(name: .long, help: ArgumentHelp(Help.date.here)) var date: String?
    @Flag(name: .long, help: ArgumentHelp(Help.incomplete.here)) var incomplete = false
    @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let found = try desk.draft(draft, in: view)
            switch found.state.current.content.matter {
            case .letter(let letter): try await publish(letter, found, desk, view)
            case .response(let answer): try await respond(answer, found, desk, view)
            case .joint(let answer, _): try await join(answer, found, desk, view)
            }
        }
    }

    private func publish(
        _ letter: LetterContent, _ found: (id: ChangeID, state: DraftState), _ desk: Desk, _ view: View
    ) async throws {
        guard let day = try date.map(LetterPublishCommand.date) ?? LocalTime.today(desk.workspace.now) else {
            throw Failure(.data, Texts.badDate, ["date": date ?? ""])
        }
        let content = letter.dated(day, from: try Self.citation(of: found))
        try LetterDispatch.checkNew(content, key: key, in: view)
        LetterDispatch.sayAddressed(content, desk, view)
        try await LetterDispatch.publish(content, key: key, isDateFilledIn: date == nil, desk, view)
    }

    private func respond(
        _ answer: DraftAnswer, _ found: (id: ChangeID, state: DraftState), _ desk: Desk, _ view: View
    ) async throws {
        let letter = try desk.letter(of: answer, in: view)
        let organisation = desk.profile.address.organisation
        let content = ResponseContent(
            route: letter.route, roles: letter.content.roles(at: organisation), answer: answer.content,
            draft: try Self.citation(of: found))
        let subject = SubjectID.response(letter: answer.letter, organisation: organisation)
        desk.noteSuperseded(letter)
        try await desk.write(
            Workspace.Intent(
                .responseSubmit, on: subject, .responseSubmit(content), key: key,
                takenFrom: desk.takenFrom(found.state, in: view)), in: view)
    }

    private func join(
        _ answer: DraftAnswer, _ found: (id: ChangeID, state: DraftState), _ desk: Desk, _ view: View
    ) async throws {
        let letter = try desk.letter(of: answer, in: view)
        guard let content = JointContent(from: found.state, id: found.id, answering: letter) else {
            throw Failure(.data, Texts.noSharedDraft, ["handle": draft])
        }
        let others = content.members.filter { !content.standing.isSigned(by: $0) }
        let names = others.map(view.correspondence.directory.name(of:)).joined(separator: ", ")
        if !others.isEmpty, desk.profile.address.organisation == content.lead, !incomplete {
            throw Failure(.data, code: "signature-missing", Texts.notAllSigned, ["list": names])
        }
        if !others.isEmpty { desk.output.say(Texts.sentWithout, ["list": names]) }
        desk.noteSuperseded(letter)
        try await desk.write(
            Workspace.Intent(
                .jointSubmit, on: .joint(found.id), .jointSubmit(content), key: key,
                takenFrom: desk.takenFrom(found.state, in: view)), in: view)
    }

    static func citation(of draft: (id: ChangeID, state: DraftState)) throws -> DraftCitation {
        let version = draft.state.current
        guard let digest = version.digest else { throw Refusal(.textChanged, ["current": version.id.text]) }
        return DraftCitation(id: draft.id, version: version.id, digest: digest)
    }
}

extension Desk {
    /// Says that there is a newer letter; an answer to this one is taken all the same.
    func noteSuperseded(_ letter: LetterState) {
        guard let newer = letter.supersededBy else { return }
        output.warn(output.text(Texts.answersSuperseded, ["handle": Handle.text(newer)]))
    }
}
