import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Agreements, for people and for programs.
struct AgreementPresentation {
    let view: View
    let output: Output
    let today: CalendarDate?

    init(_ desk: Desk, _ view: View) {
        self.view = view
        output = desk.output
        today = LocalTime.today(desk.workspace.now)
    }

    /// Whether it should have been done before today.
    func isOverdue(_ agreement: AgreementState) -> Bool { today.map { agreement.isOverdue(on: $0) } ?? false }

    func list(_ agreements: [(id: ChangeID, state: AgreementState)]) {
        if agreements.isEmpty { output.say(Texts.noAgreements) }
        output.show(agreements.map { row($0.id, $0.state) })
        output.emit(.array(agreements.map { json($0.id, $0.state) }))
    }

    func show(_ id: ChangeID, _ agreement: AgreementState) {
        let content = agreement.content
        let details: [(Phrase, String)] = [
            (Phrase(dutch: "Uit", english: "Out of"), Handle.text(content.meeting)),
            (Phrase(dutch: "Dossier", english: "Dossier"), content.dossier?.text ?? ""),
            (Phrase(dutch: "Thema's", english: "Themes"), content.themes.joined(separator: ", ")),
            (Phrase(dutch: "Partijen", english: "Parties"), content.parties.map(name).joined(separator: ", ")),
            (Phrase(dutch: "Vastgelegd", english: "Recorded"), moment(agreement.recordedAt)),
        ]
        output.show([row(id, agreement)] + details.filter { !$0.1.isEmpty }.map { output.text($0.0) + ": " + $0.1 })
        output.show(["", content.text])
        if !agreement.entries.isEmpty { output.show([""] + agreement.entries.elements.map(line)) }
        output.emit(json(id, agreement))
    }

    /// One line: handle, how far, by when, who, and the beginning of what was agreed.
    func row(_ id: ChangeID, _ agreement: AgreementState) -> String {
        var parts = [Handle.text(id), "[" + status(agreement) + "]"]
        if let due = agreement.due {
            parts.append(due.text + (isOverdue(agreement) ? " " + output.text(Self.overdue) : ""))
        }
        parts += [name(agreement.content.owner), Self.shortened(agreement.content.text)]
        return parts.joined(separator: "  ") + (agreement.content.confidentiality ?? .standard).mark
    }

    private static let overdue = Phrase(dutch: "OVER TIJD", english: "OVERDUE")

    /// The first line, and of that no more than fits beside the rest.
    static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.count > 60 ? line.prefix(59) + "…" : line
    }

    private func status(_ agreement: AgreementState) -> String {
        switch agreement.status {
        case .open:
            output.text(Phrase(dutch: "open", english: "open")) + (agreement.percent.map { ", \($0)%" } ?? "")
        case .done: output.text(Phrase(dutch: "gedaan", english: "done"))
        case .dropped(let reason):
            output.text(Phrase(dutch: "vervallen: {reason}", english: "dropped: {reason}"), ["reason": reason])
        }
    }

    private func line(_ entry: AgreementState.Entry) -> String {
        let what: (Phrase, String?) =
            switch entry.step {
            case .progress(let note, let percent):
                (Phrase(dutch: "voortgang", english: "progress"), (percent.map { "\($0)% " } ?? "") + note)
            case .amend(let due, let reason):
                (Phrase(dutch: "andere datum", english: "another date"), (due.map { $0.text + " " } ?? "") + reason)
            case .complete(let note): (Phrase(dutch: "gedaan", english: "done"), note)
            case .drop(let reason): (Phrase(dutch: "vervallen", english: "dropped"), reason)
            case .reopen(let reason): (Phrase(dutch: "heropend", english: "reopened"), reason)
            }
        let said = output.text(what.0) + (what.1.map { ": " + $0 } ?? "")
        return moment(entry.receivedAt) + "  " + name(entry.author.organisation) + "  " + said
    }

    private func moment(_ time: Timestamp?) -> String {
        time.map(LocalTime.text) ?? output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
    }

    private func name(_ code: OrganisationCode) -> String { view.correspondence.directory.name(of: code) }

    func json(_ id: ChangeID, _ agreement: AgreementState) -> JSONValue {
        let content = agreement.content
        var reason: String?
        if case .dropped(let why) = agreement.status { reason = why }
        return .object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "status": .string(agreement.status.name),
            "overdue": .bool(isOverdue(agreement)), "due": agreement.due.map { .string($0.text) },
            "percent": agreement.percent.map(JSONValue.number), "owner": .string(content.owner.text),
            "parties": .strings(content.parties.map(\.text)), "meeting": .string(content.meeting.text),
            "accounthouder": .string(agreement.recorder.text), "text": .string(content.text),
            "confidentiality": .string((content.confidentiality ?? .standard).rawValue),
            "themes": .strings(content.themes), "dossier": content.dossier.map { .string($0.text) },
            "reason": reason.map(JSONValue.string), "recorded": agreement.recordedAt.map { .string($0.text) },
            "entries": .array(agreement.entries.elements.map(json)),
        ])
    }

    private func json(_ entry: AgreementState.Entry) -> JSONValue {
        let said = entry.step.said
        return .object([
            "type": .string(entry.step.type.rawValue), "author": .string(entry.author.text),
            "received": entry.receivedAt.map { .string($0.text) }, "percent": said.percent.map(JSONValue.number),
            "text": said.text.map(JSONValue.string),
        ])
    }
}

extension AgreementStep {
    /// What people wrote, and how far in percent they said it is.
    fileprivate var said: (text: String?, percent: Int?) {
        switch self {
        case .progress(let note, let percent): (note, percent)
        case .amend(_, let reason), .drop(let reason), .reopen(let reason): (reason, nil)
        case .complete(let note): (note, nil)
        }
    }
}
