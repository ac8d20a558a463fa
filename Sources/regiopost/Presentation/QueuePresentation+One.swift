import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// One item of the outbox in full, beside what it is in conflict with, and what the rules say of all.
extension QueuePresentation {
    /// Width of a column where two versions stand side by side, in characters.
    private static let column = 48

    // MARK: One

    func show(_ item: OutboxItem) {
        let change = item.change
        let dependents = OutboxItem.dependents(of: change.id, in: view.outbox)
        output.show(
            [short(change) + "  [" + state(item) + "]"] + author(change)
                + [QueueTexts.age(item.age(at: now), output.language)] + refusal(item) + [""] + body(change) + [""])
        if !dependents.isEmpty {
            output.say(
                Phrase(dutch: "Hierop bouwt voort: {list}.", english: "On this builds: {list}."),
                ["list": dependents.map { short($0.change) }.joined(separator: "; ")])
        }
        output.say(Phrase(dutch: "Wat nu: {advice}", english: "What now: {advice}"), ["advice": advice(item)])
        output.show(["", String(decoding: item.line, as: UTF8.self)])
        output.emit(
            .object(
                members(item) + [
                    JSONMember("why", refusal(item).first.map(JSONValue.string) ?? .null),
                    JSONMember("advice", .string(advice(item))),
                    JSONMember("buildsOn", .strings(item.buildsOn.map(\.text))),
                    JSONMember("dependents", .strings(dependents.map(\.change.id.text))),
                    JSONMember("line", .string(String(decoding: item.line, as: UTF8.self))),
                ]))
    }

    private func author(_ change: Change) -> [String] {
        [change.author.text + ", " + LocalTime.text(change.time)]
    }

    private func refusal(_ item: OutboxItem) -> [String] {
        guard case .refused(let refusal) = item.state else { return [] }
        return [refusal.text(output.language)]
    }

    private func advice(_ item: OutboxItem) -> String {
        let handle = ["handle": Handle.text(item.change.id)]
        switch view.standing(of: item) {
        case .queued: return output.text(QueueTexts.adviceQueued)
        case .sent: return output.text(QueueTexts.adviceSent)
        case .accepted: return output.text(QueueTexts.adviceAccepted)
        case .conflict: return output.text(QueueTexts.adviceConflict, handle)
        case .refused: return output.text(QueueTexts.adviceRefused, handle)
        case .held:
            let refused = view.outbox.filter { other in
                guard case .refused = other.state else { return false }
                return OutboxItem.dependents(of: other.change.id, in: view.outbox).contains {
                    $0.change.id == item.change.id
                }
            }
            let list = refused.map { short($0.change) }.joined(separator: "; ")
            return output.text(QueueTexts.adviceHeld, ["list": list])
        }
    }

    /// What a change says, a field at a time.
    private func body(_ change: Change) -> [String] {
        (change.body.json.members ?? []).flatMap { member -> [String] in
            let label = QueueTexts.label(member.name, output.language)
            let text = Self.words(member.value)
            return text.contains("\n") ? [label + ":", text] : [label + ": " + text]
        }
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let values) where values.allSatisfy { $0.string != nil }:
            values.compactMap(\.string).joined(separator: ", ")
        case .array, .object: EditableBody.indented(value)
        case .null, .bool, .number: value.text
        }
    }

    // MARK: Two

    /// One's own version and what is there instead, side by side.
    func compare(_ item: OutboxItem) {
        let theirs = view.versions(against: item)
        let right =
            theirs.isEmpty ? [output.text(QueueTexts.nothingThere)] : theirs.flatMap { version($0) + [""] }
        output.show(
            Self.sideBySide(
                [output.text(QueueTexts.mineHeading), ""] + version(item.change),
                [output.text(QueueTexts.theirsHeading), ""] + right))
        output.show([""] + refusal(item))
        output.say(QueueTexts.choose, ["handle": Handle.text(item.change.id)])
        output.emit(
            .object([
                "mine": .object(members(item) + [JSONMember("body", item.change.body.json)]),
                "theirs": .array(
                    theirs.map { change in
                        .object([
                            "id": .string(change.id.text), "type": .string(change.typeName),
                            "author": .string(change.author.text), "time": .string(change.time.text),
                            "body": change.body.json,
                        ])
                    }), "choices": .strings(["mine", "theirs", "edit"]),
            ]))
    }

    private func version(_ change: Change) -> [String] { [what(change)] + author(change) + body(change) }

    static func sideBySide(_ left: [String], _ right: [String]) -> [String] {
        let (left, right) = (left.flatMap(wrapped), right.flatMap(wrapped))
        return (0..<max(left.count, right.count)).map { row in
            let mine = row < left.count ? left[row] : ""
            let theirs = row < right.count ? right[row] : ""
            let gap = String(repeating: " ", count: column - mine.count)
            return (mine + gap + " | " + theirs).trimmingSuffix(" ")
        }
    }

    /// The lines of a text, none wider than a column, broken between words where that is possible.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var current = ""
            for word in line.split(separator: " ", omittingEmptySubsequences: false) {
                if current.isEmpty {
                    current = String(word)
                } else if current.count + 1 + word.count <= column {
                    current += " " + word
                } else {
                    lines.append(current)
                    current = String(word)
                }
                while current.count > column {
                    lines.append(String(current.prefix(column)))
                    current.removeFirst(column)
                }
            }
            lines.append(current)
        }
        return lines
    }

    // MARK: All

    /// What the rules say of all.
    func show(_ forecasts: [OutboxForecast]) {
        let bad = forecasts.filter { !$0.isFine }
        for forecast in forecasts {
            output.show(["  " + short(forecast.item.change) + "  [" + word(forecast.outcome) + "]"])
            if let refusal = refusal(forecast.outcome) { output.show(["      " + refusal.text(output.language)]) }
        }
        output.say(
            bad.isEmpty ? QueueTexts.allFine : QueueTexts.notAllFine,
            ["bad": String(bad.count), "count": String(forecasts.count)])
        output.emit(
            .object([
                "fine": .bool(bad.isEmpty),
                "changes": .array(
                    forecasts.map { forecast in
                        let refusal = refusal(forecast.outcome)
                        return .object([
                            "id": .string(forecast.item.change.id.text),
                            "handle": .string(Handle.text(forecast.item.change.id)),
                            "type": .string(forecast.item.change.typeName),
                            "outcome": .string(Self.name(forecast.outcome)),
                            "code": refusal.map { .string($0.code.rawValue) },
                            "text": refusal.map { .string($0.text(output.language)) },
                        ])
                    }),
            ]))
    }

    private func refusal(_ outcome: OutboxForecast.Outcome) -> Refusal? {
        switch outcome {
        case .refused(let refusal), .waits(let refusal): refusal
        case .arrived, .goes, .held: nil
        }
    }

    private static func name(_ outcome: OutboxForecast.Outcome) -> String {
        switch outcome {
        case .arrived: "arrived"
        case .goes: "goes"
        case .waits: "waits"
        case .refused: "refused"
        case .held: "held"
        }
    }

    private func word(_ outcome: OutboxForecast.Outcome) -> String {
        switch outcome {
        case .arrived: output.text(Phrase(dutch: "aangekomen", english: "arrived"))
        case .goes: output.text(Phrase(dutch: "kan weg", english: "can go"))
        case .waits:
            output.text(
                Phrase(dutch: "geweigerd, zou nu wel kunnen: 'retry'", english: "refused, would go now: 'retry'"))
        case .refused: output.text(Phrase(dutch: "kan niet weg", english: "can't go"))
        case .held: output.text(Phrase(dutch: "wacht op een andere", english: "waits for another one"))
        }
    }
}

extension String {
    /// Without such characters at its end.
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var rest = self[...]
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
