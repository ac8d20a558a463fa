import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Responses, for people and for programs.
struct ResponsePresentation {
    let view: View
    let output: Output
    let deadlines: DeadlineText
    let files: FileFolder

    func list(_ responses: [ResponseState]) {
        if responses.isEmpty { output.say(Texts.noResponses) }
        output.show(responses.map(row))
        output.emit(.array(responses.map(json)))
    }

    func show(_ response: ResponseState) {
        let version = response.current
        let lines = AnswerPresentation(output: output).lines(
            version.content.answer, to: requests(of: response.letter))
        let attached = FilePresentation(files: files, output: output).lines(version.content.files)
        output.show([row(response), who(version.author)] + superseded(response.letter) + [""] + lines + attached)
        output.emit(json(response))
    }

    private func row(_ response: ResponseState) -> String {
        let version = response.current
        let moment =
            version.receivedAt.map(LocalTime.text)
            ?? output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
        return [
            Handle.text(response.letter), version.content.dossier?.text ?? "-",
            view.correspondence.directory.name(of: response.organisation), moment, "[" + status(response) + "]",
        ].joined(separator: "  ") + (version.content.confidentiality ?? .standard).mark
    }

    private func who(_ address: Address) -> String {
        view.correspondence.directory.name(of: address.organisation) + " (" + address.role.text + ")"
    }

    private func status(_ response: ResponseState) -> String {
        let inTime = deadlines.inTime(view.isInTime(response)).map { ", " + $0 } ?? ""
        return Self.status(response.status, response.history.count, output) + inTime
    }

    static func status(_ status: ResponseState.Status, _ count: Int, _ output: Output) -> String {
        let phrase =
            switch status {
            case .submitted: Phrase(dutch: "ingediend", english: "submitted")
            case .acknowledged: Phrase(dutch: "gelezen door de provincie", english: "read by the province")
            case .withdrawn: Phrase(dutch: "ingetrokken", english: "withdrawn")
            }
        let version =
            count > 1
            ? output.text(Phrase(dutch: ", versie {n}", english: ", version {n}"), ["n": String(count)]) : ""
        return output.text(phrase) + version
    }

    private func json(_ response: ResponseState) -> JSONValue {
        let version = response.current
        return .object(
            [
                JSONMember("letter", .string(response.letter.text)),
                JSONMember("organisation", .string(response.organisation.text)),
                JSONMember("status", .string(response.status.name)),
                JSONMember("version", .number(response.history.count)),
                JSONMember("superseded", .bool(!superseded(response.letter).isEmpty)),
                JSONMember("author", .string(version.author.text)),
            ] + (version.receivedAt.map { [JSONMember("received", .string($0.text))] } ?? [])
                + (view.isInTime(response).map { [JSONMember("inTime", .bool($0))] } ?? [])
                + AnswerPresentation(output: output).members(version.content.answer)
                + (FilePresentation(files: files, output: output).json(version.content.files)
                    .map { [JSONMember("files", $0)] } ?? []))
    }

    /// A line where a newer letter has taken the place of the one that is answered.
    private func superseded(_ letter: ChangeID) -> [String] {
        guard case .letter(let state) = view.correspondence.subject(.letter(letter))?.state,
            let newer = state.supersededBy
        else { return [] }
        let phrase = Phrase(
            dutch: "Antwoord op een brief die vervangen is door {handle}",
            english: "Answers a letter that was superseded by {handle}")
        return [output.text(phrase, ["handle": Handle.text(newer)])]
    }

    private func requests(of letter: ChangeID) -> [String] {
        guard case .letter(let state) = view.correspondence.subject(.letter(letter))?.state else { return [] }
        return state.content.requests
    }
}
