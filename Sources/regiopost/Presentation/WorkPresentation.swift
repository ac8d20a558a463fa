import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// What waits for somebody, for people and for programs.
struct WorkPresentation {
    let view: View
    let deadlines: DeadlineText
    let output: Output

    func list(_ items: [WorkItem], none: Phrase) {
        if items.isEmpty { output.say(none) }
        output.show(items.flatMap(rows))
        output.emit(.array(items.map(json)))
    }

    private func rows(_ item: WorkItem) -> [String] {
        let none = output.text(Phrase(dutch: "geen datum", english: "no date"))
        let row = [
            handle(item), deadlines.text(item.deadline) ?? none,
            view.correspondence.directory.name(of: item.organisation), output.text(Self.name(item.task)),
            item.title.map(Self.firstLine) ?? item.dossier?.text ?? "",
        ].filter { !$0.isEmpty }.joined(separator: "  ")
        return [row] + (deadlines.reminders(item.reminders, item.lastReminder).map { ["    " + $0] } ?? [])
    }

    private func handle(_ item: WorkItem) -> String {
        switch item.subject {
        case .letter(let id), .response(let id, _), .meeting(let id), .agreement(let id), .joint(let id),
            .draft(let id):
            Handle.text(id)
        default: item.subject.text
        }
    }

    private static func firstLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
        return line.count > 80 ? line.prefix(79) + "…" : line
    }

    private static func name(_ task: WorkItem.Task) -> Phrase {
        switch task {
        case .answer: Phrase(dutch: "beantwoorden", english: "to answer")
        case .acknowledge: Phrase(dutch: "antwoord lezen en bevestigen", english: "answer to acknowledge")
        case .schedule: Phrase(dutch: "moment voorstellen of vastleggen", english: "slot to propose or fix")
        case .reply: Phrase(dutch: "reageren op het voorstel", english: "proposal to react to")
        case .hold: Phrase(dutch: "afspraak, daarna verslag", english: "meeting, then minutes")
        case .sign: Phrase(dutch: "concept ondertekenen", english: "draft to sign")
        case .fulfil: Phrase(dutch: "afspraak nakomen", english: "agreement to keep")
        case .join: Phrase(dutch: "uitnodiging om mee te doen", english: "invitation to join")
        }
    }

    private func json(_ item: WorkItem) -> JSONValue {
        var members = [
            JSONMember("task", .string(item.task.rawValue)), JSONMember("subject", .string(item.subject.text)),
            JSONMember("handle", .string(handle(item))),
            JSONMember("organisation", .string(item.organisation.text)),
        ]
        if let title = item.title { members.append(JSONMember("title", .string(title))) }
        if let dossier = item.dossier { members.append(JSONMember("dossier", .string(dossier.text))) }
        members += deadlines.members(item.deadline)
        if item.reminders > 0 { members.append(JSONMember("reminders", .number(item.reminders))) }
        members.append(JSONMember("waitsFor", .strings(item.waitsFor.map(\.text))))
        return .object(members)
    }
}
