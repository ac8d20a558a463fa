import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// The outbox, for people and for programs.
struct QueuePresentation {
    let view: View
    let output: Output

    /// How many wait to be sent or held, and how many were refused.
    var counts: (queued: Int, refused: Int) {
        var counts = (queued: 0, refused: 0)
        for item in view.outbox {
            switch item.state {
            case .queued: counts.queued += 1
            case .refused: counts.refused += 1
            case .accepted: break
            }
        }
        return counts
    }

    func list() {
        if view.outbox.isEmpty { output.say(Texts.queueEmpty) }
        output.show(view.outbox.flatMap(lines))
        output.emit(.array(view.outbox.map(json)))
    }

    private func lines(_ item: OutboxItem) -> [String] {
        let what = [News.what(item.change, language: output.language), News.about(item.change, in: view)]
            .filter { !$0.isEmpty }.joined(separator: " ")
        let line = [Handle.text(item.change.id), LocalTime.text(item.change.time), what, "[" + state(item) + "]"]
        guard case .refused(let refusal) = item.state else { return [line.joined(separator: "  ")] }
        return [line.joined(separator: "  "), "    " + refusal.text(output.language)]
    }

    private func state(_ item: OutboxItem) -> String {
        switch item.state {
        case .queued where view.held.contains(item.change.id):
            output.text(Phrase(dutch: "wacht op een beslissing hierboven", english: "waits for a decision above"))
        case .queued: output.text(Phrase(dutch: "te versturen", english: "to be sent"))
        case .accepted: output.text(Phrase(dutch: "aangekomen", english: "arrived"))
        case .refused: output.text(Phrase(dutch: "geweigerd", english: "refused"))
        }
    }

    private func json(_ item: OutboxItem) -> JSONValue {
        let state: String
        var code: String?
        switch item.state {
        case .queued: state = view.held.contains(item.change.id) ? "held" : "queued"
        case .accepted: state = "accepted"
        case .refused(let refusal):
            state = "refused"
            code = refusal.code.rawValue
        }
        return .object([
            "id": .string(item.change.id.text), "handle": .string(Handle.text(item.change.id)),
            "type": .string(item.change.typeName), "subject": .string(item.change.subject.text),
            "state": .string(state), "code": code.map(JSONValue.string), "key": item.key.map(JSONValue.string),
        ])
    }
}
