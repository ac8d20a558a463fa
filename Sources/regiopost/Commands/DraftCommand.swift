import ArgumentParser
import RegiopostClient
import RegiopostModel

struct DraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft", abstract: Help.sharedDraft.here, discussion: Help.draftsAreShared.here,
        subcommands: [
            List.self, Show.self, DraftSaveCommand.self, DraftEditCommand.self, Sign.self, Decline.self,
            Discard.self,
            DraftSendCommand.self,
        ], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: Help.list.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                SharedDraftPresentation(view: view, output: desk.output).list()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.draft(draft, in: view)
                SharedDraftPresentation(view: view, output: desk.output).show(found.id, found.state)
            }
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "sign", abstract: Help.sign.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let found = try desk.draft(draft, in: view)
                let citation = try DraftSendCommand.citation(of: found)
                desk.output.say(
                    Texts.signing,
                    [
                        "title": found.state.current.content.title, "version": String(found.state.count),
                        "digest": String(citation.digest.text.prefix(12)),
                    ])
                let step = DraftStep.sign(version: citation.version, digest: citation.digest)
                return Workspace.Intent(.draftSign, on: .draft(found.id), .draft(step))
            }
        }
    }

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "decline", abstract: Help.declineToSign.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let id = try desk.draft(draft, in: view).id
                return Workspace.Intent(.draftDecline, on: .draft(id), .draft(.decline(reason: reason)))
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "discard", abstract: Help.discard.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.draftHandle.here)) var draft: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let id = try desk.draft(draft, in: view).id
                return Workspace.Intent(.draftDiscard, on: .draft(id), .draft(.discard(reason: reason)))
            }
        }
    }
}

extension Desk {
    func draft(_ handle: String, in view: View) throws -> (id: ChangeID, state: DraftState) {
        try one(of: view.drafts, handle, Texts.noSharedDraft)
    }

    /// The letter that a drafted answer is about.
    func letter(of answer: DraftAnswer, in view: View) throws -> LetterState {
        guard case .letter(let letter) = view.correspondence.subject(.letter(answer.letter))?.state else {
            throw Refusal(.letterUnknown, ["letter": answer.letter.text])
        }
        return letter
    }

    /// The last version of a draft, where one whose work this address takes over wrote it.
    func takenFrom(_ draft: DraftState, in view: View) -> ChangeID? {
        let last = draft.current
        let own = profile.address
        guard last.author != own else { return nil }
        let isSuccessor =
            last.author.successor == own || view.correspondence.directory.holder(of: last.author) == own
        return isSuccessor ? last.id : nil
    }
}
