import ArgumentParser
import RegiopostClient
import RegiopostModel

struct DraftSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: Help.saveDraft.here,
        subcommands: [Letter.self, Response.self, Joint.self])

    struct Letter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "letter", abstract: Help.saveLetter.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.draft.here)) var draft: String
        @OptionGroup var letter: LetterOptions
        @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

        func validate() throws {
            guard letter.region != nil else { throw ValidationError(Texts.regionMissing.here) }
        }

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let (content, read) = try await LetterPublishCommand.read(
                    draft, letter, region: letter.region ?? "", desk, view)
                let body = DraftContent(title: content.title, matter: .letter(content))
                try await desk.write(
                    Workspace.Intent(.draftSave, .draftSave(body), key: key), in: view, warnings: read.warnings)
            }
        }
    }

    struct Response: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "response", abstract: Help.saveResponse.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @OptionGroup var answer: AnswerOptions
        @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.letter(letter, in: view)
                let content = try await answer.content(for: found.state, desk)
                let drafted = try DraftSaveCommand.drafted(found, by: [desk.profile.address.organisation], content)
                let body = DraftContent(title: found.state.content.title, matter: .response(drafted))
                try await desk.write(Workspace.Intent(.draftSave, .draftSave(body), key: key), in: view)
            }
        }
    }

    struct Joint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "joint", abstract: Help.saveJoint.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @Option(name: .long, help: ArgumentHelp(Help.member.here)) var with: [String] = []
        @Flag(name: .long, help: ArgumentHelp(Help.allMembers.here)) var region = false
        @OptionGroup var answer: AnswerOptions
        @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

        func validate() throws {
            guard region || !with.isEmpty else { throw ValidationError(Texts.membersMissing.here) }
        }

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.letter(letter, in: view)
                let own = desk.profile.address.organisation
                var others = try with.map { try desk.organisation($0, in: view).code }
                if region { others += found.state.content.recipients.map(\.organisation) }
                let members = [own] + Set(others).subtracting([own]).sorted()
                let content = try await answer.content(for: found.state, desk)
                let drafted = try DraftSaveCommand.drafted(found, by: members, content)
                let body = DraftContent(
                    title: found.state.content.title, matter: .joint(drafted, members: members))
                try await desk.write(Workspace.Intent(.draftSave, .draftSave(body), key: key), in: view)
            }
        }
    }

    static func drafted(
        _ letter: (id: ChangeID, state: LetterState), by organisations: [OrganisationCode], _ answer: AnswerContent
    ) throws -> DraftAnswer {
        let recipients = letter.state.content.recipients
        for organisation in organisations where !recipients.contains(where: { $0.organisation == organisation }) {
            throw Refusal(.notAddressed, ["organisation": organisation.text])
        }
        return DraftAnswer(
            letter: letter.id, recipients: recipients.filter { organisations.contains($0.organisation) },
            content: answer)
    }
}

struct DraftEditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edit", abstract: Help.editDraft.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String
    @Option(name: .long, help: ArgumentHelp(Help.draftTitle.here)) var title: String?
    @OptionGroup var answer: AnswerOptions

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let found = try desk.draft(draft, in: view)
            let known = found.state.current.content
            let body = DraftContent(title: title ?? known.title, matter: try await matter(known, desk, view))
            let takenFrom = desk.takenFrom(found.state, in: view)
            if !found.state.decisions.isEmpty { desk.output.say(Texts.signaturesVoid) }
            try await desk.write(
                Workspace.Intent(.draftSave, on: .draft(found.id), .draftSave(body), takenFrom: takenFrom), in: view
            )
        }
    }

    private func matter(_ known: DraftContent, _ desk: Desk, _ view: View) async throws -> DraftContent.Matter {
        switch known.matter {
        case .letter(let letter): return .letter(try await edited(letter, desk, view))
        case .response(let drafted): return .response(try await edited(drafted, desk, view))
        case .joint(let drafted, let members):
            return .joint(try await edited(drafted, desk, view), members: members)
        }
    }

    private func edited(_ drafted: DraftAnswer, _ desk: Desk, _ view: View) async throws -> DraftAnswer {
        let letter = try desk.letter(of: drafted, in: view)
        return DraftAnswer(
            letter: drafted.letter, recipients: drafted.recipients,
            content: try await answer.content(for: letter, instead: drafted.content, desk))
    }

    /// The same letter to the same people, read anew from a file.
    private func edited(_ known: LetterContent, _ desk: Desk, _ view: View) async throws -> LetterContent {
        let letter = answer.attach.isEmpty ? known : known.with(files: try await desk.attach(answer.attach))
        guard answer.file != nil || answer.text != nil else { return letter }
        let text = try answer.text ?? answer.file.map { try TextSource.read(file: $0) } ?? letter.text
        let read = try LetterReading.read(text, dossier: letter.dossier, desk.output.language)
        DraftPresentation(output: desk.output).warn(read)
        return letter.reworded(
            title: read.draft.subject ?? letter.title, text: text,
            themes: read.draft.themes.map(\.heading).filter { $0.utf8.count <= LetterContent.maximumTheme },
            requests: read.draft.requests.map(\.text).filter { $0.utf8.count <= LetterContent.maximumRequest })
    }
}
