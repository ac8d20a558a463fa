import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct LetterOverviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "overview", abstract: Help.overview.here)
    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let found = try desk.letter(letter, in: view)
            LetterOverview(id: found.id, letter: found.state, view: view, output: desk.output).show()
        }
    }
}

/// How far a letter got with each of its recipients, and what was said to each of its requests.
struct LetterOverview {
    let id: ChangeID
    let letter: LetterState
    let view: View
    let output: Output

    /// How far it got with one address.
    private struct Row {
        let address: Address
        let isCopy: Bool
        let receipt: ReceiptState?
        /// The organisation's answer; of somebody who got a copy none is expected.
        let answer: View.Answer?
    }

    func show() {
        let rows = rows
        var lines = [
            letter.content.title + "  (" + letter.content.dossier.text + ", " + letter.content.region + ")", "",
        ]
        lines += [output.text(Self.labels.addressees)] + rows.filter { !$0.isCopy }.map(line)
        if !letter.content.copies.isEmpty {
            lines += ["", output.text(Self.labels.copies)] + rows.filter(\.isCopy).map(line)
        }
        if !letter.content.requests.isEmpty { lines += ["", output.text(Self.labels.requests)] + requestLines }
        output.show(lines)
        output.emit(json(rows))
    }

    private var rows: [Row] {
        letter.content.recipients.map { row($0, isCopy: false) }
            + letter.content.copies.map { row($0, isCopy: true) }
    }

    private func row(_ address: Address, isCopy: Bool) -> Row {
        Row(
            address: address, isCopy: isCopy, receipt: view.receipt(of: id, by: address),
            answer: isCopy ? nil : view.answer(to: id, by: address.organisation))
    }

    private func line(_ row: Row) -> String {
        let name =
            view.correspondence.directory.name(of: row.address.organisation) + " (" + row.address.role.text + ")"
        var steps: [String] = []
        if let moment = letter.publishedAt { steps.append(step(Self.labels.available, moment)) }
        if let moment = row.receipt?.deliveredAt { steps.append(step(Self.labels.delivered, moment)) }
        if let moment = row.receipt?.openedAt { steps.append(step(Self.labels.opened, moment)) }
        if let answer = row.answer, let moment = answer.receivedAt {
            steps.append(step(answer.isJoint ? Self.labels.answeredTogether : Self.labels.answered, moment))
        }
        return "  " + ([name] + steps).joined(separator: "  ")
    }

    private func step(_ label: Phrase, _ moment: Timestamp) -> String {
        output.text(label) + " " + LocalTime.text(moment)
    }

    // MARK: What was asked

    private var organisations: [OrganisationCode] {
        letter.content.recipients.map(\.organisation).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// How many organisations gave each verdict on a request.
    private func counts(_ number: Int) -> [RequestAnswer.Verdict: Int] {
        organisations.reduce(into: [:]) { counts, organisation in
            let answers = view.answer(to: id, by: organisation)?.content.answers ?? []
            if let answer = answers.first(where: { $0.request == number }) {
                counts[answer.verdict, default: 0] += 1
            }
        }
    }

    private var requestLines: [String] {
        letter.content.requests.enumerated().flatMap { offset, request in
            let counts = counts(offset + 1)
            let said = RequestAnswer.Verdict.allCases.map { output.text($0.name) + " \(counts[$0] ?? 0)" }
            let rest = organisations.count - counts.values.reduce(0, +)
            let all = said + [output.text(Self.labels.unanswered) + " \(rest)"]
            return ["  \(offset + 1). " + request, "     " + all.joined(separator: ", ")]
        }
    }

    private func json(_ rows: [Row]) -> JSONValue {
        let requests = letter.content.requests.enumerated().map { offset, request in
            let counts = counts(offset + 1)
            let verdicts = RequestAnswer.Verdict.allCases.map { JSONMember($0.rawValue, .number(counts[$0] ?? 0)) }
            return JSONValue.object(
                [JSONMember("request", .number(offset + 1)), JSONMember("text", .string(request))] + verdicts)
        }
        return .object([
            "letter": .string(id.text), "dossier": .string(letter.content.dossier.text),
            "region": .string(letter.content.region), "recipients": .array(rows.map(json)),
            "requests": .array(requests),
        ])
    }

    private func json(_ row: Row) -> JSONValue {
        .object([
            "address": .string(row.address.text), "kind": .string(row.isCopy ? "copy" : "addressee"),
            "available": letter.publishedAt.map { .string($0.text) },
            "delivered": row.receipt?.deliveredAt.map { .string($0.text) },
            "opened": row.receipt?.openedAt.map { .string($0.text) },
            "answered": row.answer?.receivedAt.map { .string($0.text) },
            "together": row.answer.map { .bool($0.isJoint) },
            "response": row.answer.map { .string($0.status.name) },
        ])
    }

    private static let labels = (
        addressees: Phrase(dutch: "Geadresseerden", english: "Addressees"),
        copies: Phrase(dutch: "Afschriften", english: "Copies"),
        requests: Phrase(dutch: "Gevraagd", english: "Asked for"),
        available: Phrase(dutch: "klaargezet", english: "available"),
        delivered: Phrase(dutch: "bezorgd", english: "delivered"),
        opened: Phrase(dutch: "geopend", english: "opened"),
        answered: Phrase(dutch: "beantwoord", english: "answered"),
        answeredTogether: Phrase(dutch: "samen beantwoord", english: "answered together"),
        unanswered: Phrase(dutch: "niet beantwoord", english: "not answered")
    )
}
