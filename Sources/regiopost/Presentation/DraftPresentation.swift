import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// A letter as it was read, with what is wrong with it.
struct DraftPresentation {
    let output: Output

    func show(_ letter: LetterImport, name: String) {
        let draft = letter.draft
        let unknown = output.text(Phrase(dutch: "(niet gevonden)", english: "(not found)"))
        let values: [(Phrase, String?)] = [
            (Phrase(dutch: "Dossier", english: "Dossier"), draft.dossier?.text),
            (Phrase(dutch: "Document", english: "Document"), draft.document?.text),
            (Phrase(dutch: "Datum", english: "Date"), draft.date?.text),
            (Phrase(dutch: "Onderwerp", english: "Subject"), draft.subject),
            (Phrase(dutch: "Aanhef", english: "Salutation"), draft.salutation),
            (Phrase(dutch: "Aan de rol", english: "To the role"), draft.addresseeRole?.text),
            (Phrase(dutch: "Bijlagen", english: "Attachments"), draft.attachmentCount.map(String.init)),
            (
                Phrase(dutch: "Ondertekend door", english: "Signed by"),
                draft.signatories.map { $0.name + ($0.function.map { " (" + $0 + ")" } ?? "") }.joined(
                    separator: ", ")
            ),
            (
                Phrase(dutch: "Afschrift aan", english: "Copy to"),
                draft.copies.isEmpty ? nil : draft.copies.map(\.text).joined(separator: ", ")
            ),
        ]
        output.show(values.map { output.text($0.0) + ": " + ($0.1.flatMap { $0.isEmpty ? nil : $0 } ?? unknown) })
        list(Phrase(dutch: "Thema's", english: "Themes"), draft.themes.map(\.heading))
        list(Phrase(dutch: "Verzoeken", english: "Requests"), draft.requests.map(\.text))
        list(
            Phrase(dutch: "Aangeboden steun", english: "Support offered"),
            draft.support.map { $0.kind?.name.text(output.language) ?? $0.text })
        list(
            Phrase(dutch: "Aanbod", english: "Offers"), draft.offers.map { $0.name.text(output.language) }.sorted())
        warn(letter)
        output.say(Texts.letterRead, ["name": name])
        output.emit(json(letter, name: name))
    }

    /// What is wrong with it, each with its line.
    func warn(_ letter: LetterImport) {
        output.warn(letter.warnings)
        if letter.warnings.isEmpty { output.say(Texts.noWarnings) }
        let others = letter.draft.parts.filter { $0.kind == .other }.map { part in
            part.lines.count == 1
                ? String(part.lines.lowerBound) : "\(part.lines.lowerBound)-\(part.lines.upperBound)"
        }
        if !others.isEmpty {
            output.warn(output.text(Texts.notUnderstood, ["lines": others.joined(separator: ", ")]))
        }
    }

    private func list(_ title: Phrase, _ items: [String]) {
        guard !items.isEmpty else { return }
        output.show([output.text(title) + ":"] + items.map { "  - " + $0 })
    }

    private func json(_ letter: LetterImport, name: String) -> JSONValue {
        let draft = letter.draft
        return .object([
            "draft": .string(name), "dossier": draft.dossier.map { .string($0.text) },
            "document": draft.document.map { .string($0.text) }, "date": draft.date.map { .string($0.text) },
            "title": draft.subject.map(JSONValue.string), "role": draft.addresseeRole.map { .string($0.text) },
            "attachments": draft.attachmentCount.map(JSONValue.number),
            "themes": .strings(draft.themes.map(\.heading)), "requests": .strings(draft.requests.map(\.text)),
            "support": .strings(draft.support.map { $0.kind?.rawValue ?? $0.text }),
            "offers": .strings(draft.offers.map(\.rawValue).sorted()),
            "warnings": output.json(letter.warnings),
        ])
    }
}
