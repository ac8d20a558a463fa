import ArgumentParser
import Foundation
import RegiopostModel

/// What an answer says, as options: for a response, a joint one, and their drafts.
struct AnswerOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Help.text.here)) var text: String?
    @Option(name: .long, help: ArgumentHelp(Help.file.here)) var file: String?
    @Option(name: .long, help: ArgumentHelp(Help.answer.here)) var answer: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.support.here)) var support: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.theme.here)) var theme: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.dossier.here)) var dossier: String?
    @Option(name: .long, help: ArgumentHelp(Help.reference.here)) var reference: String?
    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp(FileTexts.attach.here)) var attach: [String] =
        []
    @OptionGroup var level: ConfidentialityOption

    /// The answer to a letter. What isn't given is as it was in `known`; the dossier is filled in from the letter.
    func content(for letter: LetterState, instead known: AnswerContent? = nil, _ desk: Desk) async throws
        -> AnswerContent
    {
        let given = try text ?? file.map { try TextSource.read(file: $0) } ?? known?.text ?? ""
        guard given.contains(where: { !$0.isWhitespace }) else { throw Failure(.data, Texts.noText) }
        return AnswerContent(
            dossier: try dossier(for: letter), text: given, reference: reference ?? known?.reference,
            answers: answer.isEmpty ? known?.answers ?? [] : try answer.map(Self.requestAnswer),
            themes: theme.isEmpty ? known?.themes ?? [] : theme,
            support: support.isEmpty ? known?.support ?? [] : try kinds(),
            files: attach.isEmpty ? known?.files ?? [] : try await desk.attach(attach),
            confidentiality: level.confidentiality ?? known?.confidentiality ?? Self.level(of: letter))
    }

    /// An answer to what is more confidential than usual is so too, unless somebody says otherwise.
    private static func level(of letter: LetterState) -> Confidentiality? {
        guard let level = letter.content.confidentiality, level > .standard else { return nil }
        return level
    }

    /// Filled in from the letter; an empty one given by hand is a missing one, which the rules refuse.
    private func dossier(for letter: LetterState) throws -> DossierNumber? {
        guard let dossier else { return letter.content.dossier }
        return dossier.isEmpty ? nil : try LetterPublishCommand.dossier(dossier, expecting: letter.content.dossier)
    }

    private func kinds() throws -> [SupportKind] {
        try support.flatMap { $0.split(separator: ",") }.map { name in
            guard let kind = SupportKind(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                let list = SupportKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(.data, Texts.badSupport, ["name": String(name), "list": list])
            }
            return kind
        }
    }

    /// Reads `1=yes:because`, in English or Dutch words.
    static func requestAnswer(_ text: String) throws -> RequestAnswer {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let rest = parts.last?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
        guard parts.count == 2, let number = Int(parts[0]), let word = rest.first?.lowercased(),
            let verdict = RequestAnswer.Verdict.allCases.first(where: { verdict in
                [verdict.rawValue, verdict.name.text(.dutch)].contains(word)
            })
        else { throw Failure(.data, Texts.badAnswer, ["answer": text]) }
        let reason = rest.count == 2 ? rest[1].trimmingCharacters(in: .whitespaces) : ""
        return RequestAnswer(request: number, verdict: verdict, text: reason.isEmpty ? nil : reason)
    }
}
