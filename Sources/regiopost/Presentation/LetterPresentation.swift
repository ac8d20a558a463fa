import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Letters, for people and for programs.
struct LetterPresentation {
    let view: View
    let output: Output
    let deadlines: DeadlineText
    let files: FileFolder

    func list() {
        if view.letters.isEmpty { output.say(Texts.noLetters) }
        output.show(view.letters.map { row($0.id, $0.state) })
        output.emit(.array(view.letters.map { json($0.id, $0.state) }))
    }

    func show(_ id: ChangeID, _ letter: LetterState) {
        output.show(head(id, letter) + [""] + [letter.content.text] + tail(id, letter))
        output.emit(
            .object([
                "letter": json(id, letter), "text": .string(letter.content.text),
                "themes": .strings(letter.content.themes), "requests": .strings(letter.content.requests),
                "answers": (view.ownResponse(to: id, letter)?.current.content.answer.answers)
                    .map(AnswerPresentation.json),
            ]))
    }

    private func row(_ id: ChangeID, _ letter: LetterState) -> String {
        let content = letter.content
        return [
            Handle.text(id), content.date.text, content.dossier.text, content.title, "[" + status(id, letter) + "]",
            waiting(id, letter),
            content.files.isEmpty ? "" : FilePresentation(files: files, output: output).mark(content.files),
        ].filter { !$0.isEmpty }.joined(separator: "  ") + (content.confidentiality ?? .standard).mark
    }

    private func head(_ id: ChangeID, _ letter: LetterState) -> [String] {
        let content = letter.content
        let labels = Self.labels
        var lines = [
            content.title,
            "",
            label(labels.sender, who(letter.sender)), label(labels.date, content.date.text),
            label(labels.dossier, content.dossier.text), label(labels.document, content.document.text),
            label(labels.recipients, names(content.recipients)), label(labels.copies, names(content.copies)),
            label(labels.status, status(id, letter)),
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
    private func status(_ id: ChangeID, _ letter: LetterState) -> String {
        if letter.withdrawn != nil { return output.text(Phrase(dutch: "ingetrokken", english: "withdrawn")) }
        let progress = progress(id, letter)
        let own = view.address.organisation
        if own.kind == .municipality {
            if let response = view.ownResponse(to: id, letter), response.status.isStanding {
                return output.text(Self.answered(response))
            }
            if let joint = view.ownAnswer(to: id, letter) { return output.text(Self.answeredTogether(joint)) }
            if view.ownResponse(to: id, letter) != nil { return output.text(Self.takenBack) }
            let isOpened = view.receipt(of: id, by: view.address)?.isOpened == true
            return output.text(
                isOpened ? Phrase(dutch: "geopend", english: "opened") : Phrase(dutch: "nieuw", english: "new"))
        }
        if letter.publishedAt == nil {
            return output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
        }
        return output.text(
            Phrase(
                dutch: "{recipients} geadresseerden: {delivered} bezorgd, {opened} geopend, {answered} beantwoord",
                english: "{recipients} addressees: {delivered} delivered, {opened} opened, {answered} answered"),
            progress.mapValues(String.init))
    }

    private func progress(_ id: ChangeID, _ letter: LetterState) -> [String: Int] {
        let receipts = letter.content.recipients.compactMap { view.receipt(of: id, by: $0) }
        let organisations = Set(letter.content.recipients.map(\.organisation))
        let answers = organisations.compactMap { view.answer(to: id, by: $0) }
        return [
            "recipients": letter.content.recipients.count,
            "delivered": receipts.filter { $0.deliveredAt != nil }.count,
            "opened": receipts.filter(\.isOpened).count, "answered": answers.count,
        ]
    }

    private static func answered(_ response: ResponseState) -> Phrase {
        switch response.status {
        case .submitted:
            response.current.receivedAt == nil
                ? Phrase(dutch: "antwoord in de wachtrij", english: "answer in the queue")
                : Phrase(dutch: "beantwoord", english: "answered")
        case .acknowledged:
            Phrase(dutch: "beantwoord, gelezen door de provincie", english: "answered, read by the province")
        case .withdrawn: takenBack
        }
    }

    private static let takenBack = Phrase(dutch: "antwoord ingetrokken", english: "answer withdrawn")

    private static func answeredTogether(_ answer: View.Answer) -> Phrase {
        switch answer.status {
        case .acknowledged:
            Phrase(
                dutch: "samen beantwoord, gelezen door de provincie",
                english: "answered together, read by the province")
        default: Phrase(dutch: "samen beantwoord", english: "answered together")
        }
    }

    private func json(_ id: ChangeID, _ letter: LetterState) -> JSONValue {
        let content = letter.content
        let own = view.address.organisation
        let response =
            own.kind == .municipality
            ? view.ownAnswer(to: id, letter)?.status.name ?? view.ownResponse(to: id, letter)?.status.name : nil
        return .object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "dossier": .string(content.dossier.text),
            "document": .string(content.document.text), "date": .string(content.date.text),
            "title": .string(content.title), "region": .string(content.region),
            "sender": .string(letter.sender.text), "recipients": .strings(content.recipients.map(\.text)),
            "copies": .strings(content.copies.map(\.text)), "attachments": .number(content.attachments),
            "files": FilePresentation(files: files, output: output).json(content.files),
            "due": content.due.map { .string($0.text) },
            "confidentiality": .string((content.confidentiality ?? .standard).rawValue),
            "withdrawn": letter.withdrawn.map(JSONValue.string),
            "supersededBy": letter.supersededBy.map { .string($0.text) },
            "supersedes": content.supersedes.map { .string($0.text) }, "response": response.map(JSONValue.string),
            "opened": own.kind == .municipality
                ? .bool(view.receipt(of: id, by: view.address)?.isOpened == true) : nil,
            "deadline": deadline(id, letter)?.date.map { .string($0.text) },
            "progress": own.kind == .province ? Self.counts(progress(id, letter)) : nil,
        ])
    }

    private static func counts(_ progress: [String: Int]) -> JSONValue {
        .object(progress.sorted { $0.key < $1.key }.map { JSONMember($0.key, .number($0.value)) })
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
