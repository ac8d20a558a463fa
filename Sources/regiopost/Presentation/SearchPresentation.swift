import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// What a search found, for people and for programs.
struct SearchPresentation {
    let directory: Directory
    let output: Output

    func list(_ hits: [SearchHit], isMore: Bool, limit: Int) {
        if hits.isEmpty { output.say(Texts.nothingFound) }
        output.show(hits.flatMap(rows))
        if isMore { output.say(Texts.moreFound, ["limit": String(limit)]) }
        output.emit(.object(["hits": .array(hits.map(json)), "more": .bool(isMore)]))
    }

    private func rows(_ hit: SearchHit) -> [String] {
        let moment =
            hit.isWaiting
            ? output.text(Phrase(dutch: "nog te versturen", english: "to be sent")) : LocalTime.text(hit.moment)
        let head = [
            handle(hit), moment, kind(hit), directory.name(of: hit.author.organisation), hit.title,
        ].compactMap(\.self)
        return [head.joined(separator: "  ")] + (hit.snippet.isEmpty ? [] : ["    " + hit.snippet])
    }

    /// What the subject is called at the other commands: its own number, or that of the letter it belongs to.
    private func handle(_ hit: SearchHit) -> String {
        let parts = hit.subject.text.split(separator: "/")
        return parts.dropFirst().first.flatMap { ChangeID(String($0)) }.map(Handle.text) ?? hit.subject.text
    }

    private func kind(_ hit: SearchHit) -> String { Self.kinds[hit.kind].map { output.text($0) } ?? hit.kind }

    private func json(_ hit: SearchHit) -> JSONValue {
        .object([
            "subject": .string(hit.subject.text), "handle": .string(handle(hit)), "kind": .string(hit.kind),
            "author": .string(hit.author.text), "title": hit.title.map(JSONValue.string),
            "time": .string(hit.moment.text), "waiting": .bool(hit.isWaiting), "snippet": .string(hit.snippet),
        ])
    }

    private static let kinds: [String: Phrase] = [
        "letter": Phrase(dutch: "brief", english: "letter"),
        "response": Phrase(dutch: "antwoord", english: "response"),
        "meeting": Phrase(dutch: "aanvraag", english: "meeting"),
        "draft": Phrase(dutch: "concept", english: "draft"),
        "joint": Phrase(dutch: "gezamenlijk antwoord", english: "joint response"),
        "agreement": Phrase(dutch: "afspraak", english: "agreement"),
        "programme": Phrase(dutch: "programma", english: "programme"),
        "term": Phrase(dutch: "termijn", english: "deadline"),
    ]
}
