import ArgumentParser
import RegiopostClient
import RegiopostModel

struct LettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letters", abstract: Help.letters.here, subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoShow.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                let (view, letters) = try await desk.workspace.letters()
                LetterPresentation(
                    view: view, output: desk.output, deadlines: desk.deadlines, files: desk.profile.files
                ).list(letters)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.letter(letter, in: view)
                LetterPresentation(
                    view: view, output: desk.output, deadlines: desk.deadlines, files: desk.profile.files
                ).show(
                    found.id, found.state)
                try await noteOpened(found.id, found.state, in: view, desk)
            }
        }

        /// Reading a letter that came for this address is told to its sender, once.
        private func noteOpened(_ id: ChangeID, _ letter: LetterState, in view: View, _ desk: Desk) async throws {
            let address = desk.profile.address
            guard (letter.content.recipients + letter.content.copies).contains(address),
                view.receipt(of: id, by: address)?.isOpened != true
            else { return }
            _ = try await desk.workspace.write(
                Workspace.Intent(
                    .receiptOpened, on: .receipt(letter: id, address: address), .receiptOpened(letter.route)),
                in: view)
        }
    }
}
