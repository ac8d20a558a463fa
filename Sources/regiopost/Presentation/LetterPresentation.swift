import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Letters, for people and for programs.
struct LetterPresentation {
    let view: View
    let output: Output
    let deadlines: DeadlineText
    let files: FileFolder

    /// - Parameter letters: what is listed; the view needs to hold no more than the directory.
    func list(_ letters: [LetterSummary]) {
        if letters.isEmpty { output.say(Texts.noLetters) }
        output.show(letters.map(row))
        output.emit(.array(letters.map(json)))
    }

    func show(_ id: ChangeID, _ letter: LetterState) {
        guard let summary = LetterSummary(of: id, in: view.correspondence) else { return }
        output.show(head(id, letter, summary) + [""] + [letter.content.text] + tail(id, letter))
        output.emit(
            .object([
                "letter": json(summary), "text": .string(letter.content.text),
                "themes": .strings(letter.content.themes), "requests": .strings(letter.content.requests),
                "answers": (view.ownResponse(to: id, letter)?.current.content.answer.answers)
                    .map(AnswerPresentation.json),
            ]))
    }

    private func row(_ letter: LetterSummary) -> String {
        [
            Handle.text(letter.id), letter.date.text, letter.dossier, letter.title, "[" + status(letter) + "]",
            waiting(letter),
            letter.files.isEmpty ? "" : FilePresentation(files: files, output: output).mark(letter.files),
        ].filter { !$0.isEmpty }.joined(separator: "  ") + (letter.confidentiality ?? .standard).mark
    }

    private func head(_ id: ChangeID, _ letter: LetterState, _ summary: LetterSummary) -> [String] {
        let content = letter.content
        let labels = Self.labels
        var lines = [
            content.title,
            "",
            label(labels.sender, who(letter.sender)), label(labels.date, content.date.text),
            label(labels.dossier, content.dossier.text), label(labels.document, content.document.text),
            label(labels.recipients, names(content.recipients)), label(labels.copies, names(content.copies)),
            label(labels.status, status(summary)),
        ]
        if let level = content.confidentiality { lines.append(label(ConfidentialityTexts.label, level.rawValue)) }
        lines += due(id, letter)
        if let reason = letter.withdrawn { lines.append(label(labels.withdrawn, reason)) }
        if let newer = letter.supersededBy { lines.append(label(labels.superseded, Handle.text(newer))) }
        lines += FilePresentation(files: files, output: output).lines(content.files)
        if !content.requests.isEmpty {
            lines.append(output.text(labels.requests) + ":")
            lines += requests(id, letter)
        }
        return lines
    }

    /// The requests for action by number, each with what one's own organisation answered.
    private func requests(_ id: ChangeID, _ letter: LetterState) -> [String] {
        let answers = view.response(to: id, by: view.address.organisation)?.current.content.answer.answers ?? []
        return letter.content.requests.enumerated().flatMap { offset, request in
            let own = answers.first { $0.request == offset + 1 }
            return ["  \(offset + 1). " + request]
                + (own.map { ["     " + AnswerPresentation(output: output).line($0)] } ?? [])
        }
    }

    private func tail(_ id: ChangeID, _ letter: LetterState) -> [String] {
        let own = view.address.organisation
        guard own.kind == .municipality, letter.withdrawn == nil, view.ownAnswer(to: id, letter) == nil else {
            return []
        }
        return [
            "",
            output.text(
                Texts.answerWith, ["handle": Handle.text(id), "dossier": letter.content.dossier.text]),
        ]
    }

    private func label(_ phrase: Phrase, _ value: String) -> String { output.text(phrase) + ": " + value }

    private func who(_ address: Address) -> String {
        view.correspondence.directory.name(of: address.organisation) + " (" + address.role.text + ")"
    }

    private func names(_ addresses: [Address]) -> String { addresses.map(who).joined(separator: ", ") }

    // MARK: How far it is

    /// For a municipality its own state; for the province how many received, opened and answered it.
    private func status(_ letter: LetterSummary) -> String {
        if letter.withdrawn != nil { return output.text(Phrase(dutch: "ingetrokken", english: "withdrawn")) }
        if view.address.organisation.kind == .municipality { return ownStatus(letter) }
        guard letter.isPublished else {
            return output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
        }
        return output.text(
            Phrase(
                dutch: "{recipients} geadresseerden: {delivered} bezorgd, {opened} geopend, {answered} beantwoord",
                english: "{recipients} addressees: {delivered} delivered, {opened} opened, {answered} answered"),
            Dictionary(uniqueKeysWithValues: progress(letter).map { ($0, String($1)) }))
    }

    private func ownStatus(_ letter: LetterSummary) -> String {
        let parties = letter.answering(view.address, in: view.correspondence.directory)
        let own = parties.first { $0.response != nil }
        if let own, let response = own.response, response != .withdrawn {
            return output.text(Self.answered(response, isReceived: own.isResponseReceived))
        }
        if let joint = parties.lazy.compactMap(\.answer).first { return output.text(Self.answeredTogether(joint)) }
        if own != nil { return output.text(Self.takenBack) }
        return output.text(
            letter.isOpened(by: view.address)
                ? Phrase(dutch: "geopend", english: "opened") : Phrase(dutch: "nieuw", english: "new"))
    }

    /// By name, in alphabetical order.
    private func progress(_ letter: LetterSummary) -> [(name: String, count: Int)] {
        [
            ("answered", letter.parties.count { $0.answer != nil }), ("delivered", letter.delivered),
            ("opened", letter.opened), ("recipients", letter.recipients.count),
        ]
    }

    private static func answered(_ response: LetterSummary.Step, isReceived: Bool) -> Phrase {
        switch response {
        case .submitted:
            isReceived
                ? Phrase(dutch: "beantwoord", english: "answered")
                : Phrase(dutch: "antwoord in de wachtrij", english: "answer in the queue")
        case .acknowledged:
            Phrase(dutch: "beantwoord, gelezen door de provincie", english: "answered, read by the province")
        case .withdrawn: takenBack
        }
    }

    private static let takenBack = Phrase(dutch: "antwoord ingetrokken", english: "answer withdrawn")

    private static func answeredTogether(_ answer: LetterSummary.Step) -> Phrase {
        switch answer {
        case .acknowledged:
            Phrase(
                dutch: "samen beantwoord, gelezen door de provincie",
                english: "answered together, read by the province")
        default: Phrase(dutch: "samen beantwoord", english: "answered together")
        }
    }

    private func json(_ letter: LetterSummary) -> JSONValue {
        let own = view.address.organisation
        let parties = letter.answering(view.address, in: view.correspondence.directory)
        let response = parties.lazy.compactMap(\.answer).first ?? parties.lazy.compactMap(\.response).first
        let isOwn = own.kind == .municipality
        return .object([
            "id": .string(letter.id.text), "handle": .string(Handle.text(letter.id)),
            "dossier": .string(letter.dossier), "document": .string(letter.document),
            "date": .string(letter.date.text), "title": .string(letter.title), "region": .string(letter.region),
            "sender": .string(letter.sender.text), "recipients": .strings(letter.recipients),
            "copies": .strings(letter.copies), "attachments": .number(letter.attachments),
            "files": FilePresentation(files: files, output: output).json(letter.files),
            "due": letter.due.map { .string($0.text) },
            "confidentiality": .string((letter.confidentiality ?? .standard).rawValue),
            "withdrawn": letter.withdrawn.map(JSONValue.string),
            "supersededBy": letter.supersededBy.map { .string($0.text) },
            "supersedes": letter.supersedes.map { .string($0.text) },
            "response": isOwn ? response.map { .string($0.name) } : nil,
            "opened": isOwn ? .bool(letter.isOpened(by: view.address)) : nil,
            "deadline": parties.first?.deadline.date.map { .string($0.text) },
            "progress": own.kind == .province
                ? .object(progress(letter).map { JSONMember($0.name, .number($0.count)) }) : nil,
        ])
    }

    private static let labels = (
        sender: Phrase(dutch: "Van", english: "From"), date: Phrase(dutch: "Datum", english: "Date"),
        dossier: Phrase(dutch: "Dossier", english: "Dossier"),
        document: Phrase(dutch: "Document", english: "Document"),
        recipients: Phrase(dutch: "Aan", english: "To"), copies: Phrase(dutch: "Afschrift aan", english: "Copy to"),
        status: Phrase(dutch: "Stand", english: "Status"),
        superseded: Phrase(dutch: "Vervangen door", english: "Superseded by"),
        withdrawn: Phrase(dutch: "Ingetrokken", english: "Withdrawn"),
        requests: Phrase(dutch: "Gevraagd", english: "Asked of you")
    )
}
