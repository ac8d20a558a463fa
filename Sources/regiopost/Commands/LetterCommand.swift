import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct LetterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letter", abstract: Help.letter.here,
        subcommands: [
            Import.self, DraftList.self, LetterPublishCommand.self, LetterOverviewCommand.self, Withdraw.self,
        ])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "import", abstract: Help.importLetter.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.file.here)) var file: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let text = try TextSource.read(file: file)
                let letter = try LetterReading.read(text, desk.output.language)
                let drafts = Drafts(folder: desk.profile.folder)
                let name = letter.draft.document?.text ?? Drafts.name(ofFile: file)
                let isReplaced = drafts.exists(name)
                try drafts.save(text, as: name)
                if isReplaced { desk.output.warn(desk.output.text(Texts.draftReplaced, ["name": name])) }
                DraftPresentation(output: desk.output).show(letter, name: name)
            }
        }
    }

    struct DraftList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "drafts", abstract: Help.drafts.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                let names = try Drafts(folder: desk.profile.folder).names()
                if names.isEmpty { desk.output.say(Texts.noDrafts) }
                desk.output.show(names)
                desk.output.emit(.strings(names))
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
                let id = try desk.letter(letter, in: view).id
                return Workspace.Intent(.letterWithdraw, on: .letter(id), .letterWithdraw(reason: reason))
            }
        }
    }
}

/// Reads a letter, or says why it can't be one.
enum LetterReading {
    static func read(
        _ text: String, dossier: DossierNumber? = nil, _ language: Language
    ) throws -> LetterImport {
        do throws(LetterImportError) {
            return try LetterReader.read(text, dossier: dossier)
        } catch {
            throw Failure(
                .data, code: "no-letter", Phrase(dutch: error.text(.dutch), english: error.text(.english)))
        }
    }
}
