import ArgumentParser
import RegiopostClient
import RegiopostModel

struct LetterPublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "publish", abstract: Help.publish.here)

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
            let (content, read) = try await Self.read(draft, letter, region: letter.region ?? "", desk, view)
            try LetterDispatch.checkNew(content, key: key, in: view)
            let isDateFilledIn = letter.date == nil && read.draft.date == nil
            try await LetterDispatch.publish(
                content, key: key, isDateFilledIn: isDateFilledIn, warnings: read.warnings, desk, view)
        }
    }

    /// The letter in a draft or a file, with what is worth a warning said.
    static func read(
        _ name: String, _ letter: LetterOptions, region: String, _ desk: Desk, _ view: View
    ) async throws -> (content: LetterContent, read: LetterImport) {
        let text = try Drafts(folder: desk.profile.folder).read(name)
        let given = try letter.dossier.map { try Self.dossier($0) }
        let read = try LetterReading.read(text, dossier: given, desk.output.language)
        let plain = try letter.content(read.draft, text, region: region, desk, view)
        let content = try await letter.attaching(to: plain, named: read.draft.attachmentCount, desk)
        DraftPresentation(output: desk.output).warn(read)
        if let guess = read.draft.addresseeRole, let role = content.recipients.first?.role,
            !content.recipients.contains(where: { $0.role == guess })
        {
            desk.output.warn(
                desk.output.text(
                    Texts.otherRole,
                    ["salutation": read.draft.salutation ?? "", "guess": guess.text, "role": role.text]))
        }
        LetterDispatch.sayAddressed(content, desk, view)
        LetterDispatch.sayDue(content, desk)
        return (content, read)
    }

    static func date(_ text: String) throws -> CalendarDate {
        guard let date = CalendarDate(text) else { throw Failure(.data, Texts.badDate, ["date": text]) }
        return date
    }

    /// Reads a dossier number. What is nearly the one expected is taken for a slip of it.
    static func dossier(_ text: String, expecting expected: DossierNumber? = nil) throws -> DossierNumber {
        if let number = DossierNumber(text) { return number }
        let near = expected.flatMap { $0.isNear(text) ? $0.text : nil }
        let guess = near ?? DossierNumber.nearMisses(in: text).first?.suggestion?.text ?? "DOS-2026-0001234"
        throw Failure(.data, code: "malformed-dossier", Texts.badDossier, ["found": text, "expected": guess])
    }
}
