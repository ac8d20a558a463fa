import RegiopostJSON
import RegiopostModel

/// What an answer says, for people and for programs: the same for a response, a joint one, and their drafts.
struct AnswerPresentation {
    let output: Output

    /// The text, then what it says to each request, its themes, the support asked for and its reference.
    ///
    /// - Parameter requests: what the letter asks for, as far as it is known here.
    func lines(_ answer: AnswerContent, to requests: [String]) -> [String] {
        var lines = [answer.text]
        for entry in answer.answers {
            let asked = requests.indices.contains(entry.request - 1) ? requests[entry.request - 1] : ""
            lines += ["", "\(entry.request). " + asked, "   " + line(entry)]
        }
        let labelled = [
            (Self.labels.support, answer.support.map { output.text($0.name) }.joined(separator: ", ")),
            (Self.labels.themes, answer.themes.joined(separator: ", ")),
            (Self.labels.reference, answer.reference ?? ""),
        ].filter { !$0.1.isEmpty }
        if !labelled.isEmpty { lines.append("") }
        return lines + labelled.map { output.text($0.0) + ": " + $0.1 }
    }

    /// `→ yes: because`.
    func line(_ entry: RequestAnswer) -> String {
        "→ " + output.text(entry.verdict.name) + (entry.text.map { ": " + $0 } ?? "")
    }

    /// The members for programs.
    func members(_ answer: AnswerContent) -> [JSONMember] {
        [
            JSONMember("dossier", answer.dossier.map { .string($0.text) } ?? .null),
            JSONMember("reference", answer.reference.map(JSONValue.string) ?? .null),
            JSONMember("text", .string(answer.text)), JSONMember("answers", Self.json(answer.answers)),
            JSONMember("themes", .strings(answer.themes)),
            JSONMember("support", .strings(answer.support.map(\.rawValue))),
            JSONMember("confidentiality", .string((answer.confidentiality ?? .standard).rawValue)),
        ].filter { $0.value != .null }
    }

    static func json(_ answers: [RequestAnswer]) -> JSONValue {
        .array(
            answers.map { entry in
                .object([
                    "request": .number(entry.request), "answer": .string(entry.verdict.rawValue),
                    "text": entry.text.map(JSONValue.string),
                ])
            })
    }

    private static let labels = (
        support: Phrase(dutch: "Gevraagde ondersteuning", english: "Support asked for"),
        themes: Phrase(dutch: "Thema's", english: "Themes"),
        reference: Phrase(dutch: "Kenmerk", english: "Reference")
    )
}
