import ArgumentParser
import RegiopostClient
import RegiopostModel

struct RespondCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "respond", abstract: Help.respond.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
    @OptionGroup var answer: AnswerOptions
    @Option(name: .customLong("for"), help: ArgumentHelp(ConfidentialityTexts.onBehalf.here)) var onBehalf: String?
    @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let found = try desk.letter(letter, in: view)
            let organisation =
                try onBehalf.map { try desk.organisation($0, in: view).code }
                ?? ResponseCommand.answering(found.state, desk, view)
            let content = ResponseContent(
                route: found.state.route, roles: found.state.content.roles(at: organisation),
                answer: try await answer.content(for: found.state, desk))
            let subject = SubjectID.response(letter: found.id, organisation: organisation)
            desk.noteSuperseded(found.state)
            try await desk.write(
                Workspace.Intent(.responseSubmit, on: subject, .responseSubmit(content), key: key), in: view)
        }
    }
}

struct ResponsesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "responses", abstract: Help.responses.here)
    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String?

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let id = try letter.map { try desk.letter($0, in: view).id }
            ResponsePresentation(
                view: view, output: desk.output, deadlines: desk.deadlines, files: desk.profile.files
            ).list(
                view.responses.filter { id == nil || $0.letter == id })
        }
    }
}

struct ResponseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "response", abstract: Help.response.here,
        subcommands: [Show.self, Acknowledge.self, Withdraw.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @Argument(help: ArgumentHelp(Help.organisation.here)) var organisation: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let response = try ResponseCommand.response(letter, organisation, desk, view)
                ResponsePresentation(
                    view: view, output: desk.output, deadlines: desk.deadlines, files: desk.profile.files
                ).show(response)
            }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "acknowledge", abstract: Help.acknowledge.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @Argument(help: ArgumentHelp(Help.organisation.here)) var organisation: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let response = try ResponseCommand.response(letter, organisation, desk, view)
                let subject = SubjectID.response(letter: response.letter, organisation: response.organisation)
                return Workspace.Intent(.responseAcknowledge, on: subject, .responseAcknowledge(note: note))
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "withdraw", abstract: Help.withdraw.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let response = try ResponseCommand.response(letter, nil, desk, view)
                let subject = SubjectID.response(letter: response.letter, organisation: response.organisation)
                return Workspace.Intent(.responseWithdraw, on: subject, .responseWithdraw(reason: reason))
            }
        }
    }

    /// The organisation that one answers a letter for: one's own, or the one that was merged into it and got the letter.
    fileprivate static func answering(
        _ letter: LetterState, _ desk: Desk, _ view: View
    ) throws -> OrganisationCode {
        let own = desk.profile.address.organisation
        let all = view.answering(letter)
        guard !all.contains(own), let first = all.first else { return own }
        guard all.count == 1 else {
            let names = all.map { view.correspondence.directory.name(of: $0) + " (" + $0.text + ")" }
            throw Failure(
                .data, ConfidentialityTexts.severalOrganisations, ["list": names.joined(separator: ", ")])
        }
        return first
    }

    /// The response of an organisation, of one's own unless another is named.
    fileprivate static func response(
        _ letter: String, _ organisation: String?, _ desk: Desk, _ view: View
    ) throws -> ResponseState {
        let found = try desk.letter(letter, in: view)
        let code =
            try organisation.map { try desk.organisation($0, in: view).code }
            ?? answering(found.state, desk, view)
        guard let response = view.response(to: found.id, by: code) else {
            throw Failure(.data, Texts.noResponse, ["name": view.correspondence.directory.name(of: code)])
        }
        return response
    }
}
