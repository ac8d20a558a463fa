import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// The outbox, for people and for programs.
struct QueuePresentation {
    let view: View
    let output: Output
    let now: Timestamp

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
        warnOverdue()
        output.emit(.array(view.outbox.map { .object(members($0)) }))
    }

    /// Says loudly what hasn't arrived after a day.
    func warnOverdue() {
        let overdue = view.overdue(at: now)
        guard let oldest = overdue.first else { return }
        output.warn(
            output.text(
                QueueTexts.overdue,
                [
                    "count": String(overdue.count), "handle": Handle.text(oldest.change.id),
                    "time": LocalTime.text(oldest.change.time),
                ]))
    }

    /// The same for programs: how many, and the time of the oldest, `null` where there is none.
    var overdue: [JSONMember] {
        let overdue = view.overdue(at: now)
        return [
            JSONMember("overdueInQueue", .number(overdue.count)),
            JSONMember("oldestInQueue", overdue.first.map { .string($0.change.time.text) } ?? .null),
        ]
    }

    /// What a change is and about what, with its handle.
    func short(_ change: Change) -> String { Handle.text(change.id) + " " + what(change) }

    func what(_ change: Change) -> String {
        [News.what(change, language: output.language), News.about(change, in: view)]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func lines(_ item: OutboxItem) -> [String] {
        let age = QueueTexts.age(item.age(at: now), output.language) + (item.isOverdue(at: now) ? " !" : "")
        let line = [
            Handle.text(item.change.id), LocalTime.text(item.change.time), "(" + age + ")", what(item.change),
            "[" + state(item) + "]",
        ]
        guard case .refused(let refusal) = item.state else { return [line.joined(separator: "  ")] }
        return [line.joined(separator: "  "), "    " + refusal.text(output.language)]
    }

    func state(_ item: OutboxItem) -> String {
        switch view.standing(of: item) {
        case .held:
            output.text(Phrase(dutch: "wacht op een beslissing hierboven", english: "waits for a decision above"))
        case .queued: output.text(Phrase(dutch: "te versturen", english: "to be sent"))
        case .sent: output.text(Phrase(dutch: "verstuurd, nog geen antwoord", english: "sent, no answer yet"))
        case .accepted: output.text(Phrase(dutch: "aangekomen", english: "arrived"))
        case .conflict: output.text(Phrase(dutch: "een ander was u voor", english: "somebody else came first"))
        case .refused: output.text(Phrase(dutch: "geweigerd", english: "refused"))
        }
    }

    /// An item for programs.
    func members(_ item: OutboxItem) -> [JSONMember] {
        var code: String?
        if case .refused(let refusal) = item.state { code = refusal.code.rawValue }
        let object = JSONValue.object([
            "id": .string(item.change.id.text), "handle": .string(Handle.text(item.change.id)),
            "type": .string(item.change.typeName), "subject": .string(item.change.subject.text),
            "state": .string(view.standing(of: item).rawValue), "code": code.map(JSONValue.string),
            "key": item.key.map(JSONValue.string), "time": .string(item.change.time.text),
            "age": .number(Int(item.age(at: now) / 1_000)), "overdue": .bool(item.isOverdue(at: now)),
        ])
        return object.members ?? []
    }
}
