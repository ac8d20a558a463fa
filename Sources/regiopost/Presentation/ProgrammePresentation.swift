import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Implementation programmes, for people and for programs.
struct ProgrammePresentation {
    let view: View
    let output: Output
    private let agreements: AgreementPresentation

    init(_ desk: Desk, _ view: View) {
        self.view = view
        output = desk.output
        agreements = AgreementPresentation(desk, view)
    }

    func list() {
        if view.programmes.isEmpty { output.say(Texts.noProgrammes) }
        output.show(view.programmes.map { row($0.id, $0.state) })
        output.emit(.array(view.programmes.map { json($0.id, $0.state) }))
    }

    func show(_ id: ChangeID, _ programme: ProgrammeState) {
        let parties = programme.content.parties.map(view.correspondence.directory.name(of:)).joined(separator: ", ")
        var lines = [row(id, programme), output.text(Phrase(dutch: "Van: ", english: "Of: ")) + parties]
        if let note = programme.note { lines.append(note) }
        lines += view.agreements(of: programme).map { "  " + agreements.row($0.id, $0.state) }
        output.show(lines)
        output.emit(json(id, programme))
    }

    /// How many agreements are open, of these overdue, done, dropped, and not for this address to see.
    private struct Counts {
        var open = 0
        var overdue = 0
        var done = 0
        var dropped = 0
        var hidden = 0
    }

    private func counts(_ programme: ProgrammeState) -> Counts {
        let seen = view.agreements(of: programme)
        var counts = Counts(hidden: programme.agreements.count - seen.count)
        for (_, agreement) in seen {
            switch agreement.status {
            case .open: counts.open += 1
            case .done: counts.done += 1
            case .dropped: counts.dropped += 1
            }
            if agreements.isOverdue(agreement) { counts.overdue += 1 }
        }
        return counts
    }

    private func row(_ id: ChangeID, _ programme: ProgrammeState) -> String {
        let counts = counts(programme)
        var parts = [
            (Phrase(dutch: "{n} open", english: "{n} open"), counts.open),
            (Phrase(dutch: "{n} gedaan", english: "{n} done"), counts.done),
            (Phrase(dutch: "{n} vervallen", english: "{n} dropped"), counts.dropped),
        ]
        if counts.overdue > 0 {
            parts.append((Phrase(dutch: "{n} over tijd", english: "{n} overdue"), counts.overdue))
        }
        if counts.hidden > 0 {
            parts.append(
                (Phrase(dutch: "{n} voor u niet zichtbaar", english: "{n} not for you to see"), counts.hidden))
        }
        let numbers = parts.map { output.text($0.0, ["n": String($0.1)]) }.joined(separator: ", ")
        let closed = programme.isClosed ? output.text(Phrase(dutch: "afgesloten; ", english: "closed; ")) : ""
        return [Handle.text(id), programme.name, "[" + closed + numbers + "]"].joined(separator: "  ")
    }

    private func json(_ id: ChangeID, _ programme: ProgrammeState) -> JSONValue {
        let counts = counts(programme)
        return .object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "name": .string(programme.name),
            "status": .string(programme.statusName), "region": .string(programme.content.region),
            "keeper": .string(programme.keeper.text), "parties": .strings(programme.content.parties.map(\.text)),
            "open": .number(counts.open), "overdue": .number(counts.overdue), "done": .number(counts.done),
            "dropped": .number(counts.dropped), "hidden": .number(counts.hidden),
            "agreements": .array(view.agreements(of: programme).map { agreements.json($0.id, $0.state) }),
            "note": programme.note.map(JSONValue.string),
            "started": programme.startedAt.map { .string($0.text) },
        ])
    }
}
