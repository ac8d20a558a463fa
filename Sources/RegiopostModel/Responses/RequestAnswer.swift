import RegiopostJSON

/// What an answer says to one of the requests for action in a letter.
public struct RequestAnswer: Equatable, Sendable {
    /// What the answering side is going to do.
    public enum Verdict: String, Sendable, CaseIterable {
        case yes, partly, no
        /// It can't say yet.
        case later

        /// The verdict for people.
        public var name: Phrase {
            switch self {
            case .yes: Phrase(dutch: "ja", english: "yes")
            case .partly: Phrase(dutch: "deels", english: "partly")
            case .no: Phrase(dutch: "nee", english: "no")
            case .later: Phrase(dutch: "later", english: "later")
            }
        }
    }

    /// The request's number in the letter, from 1.
    public let request: Int
    /// What the answering side is going to do.
    public let verdict: Verdict
    /// Why, or how.
    public let text: String?

    /// Makes an answer to one request.
    public init(request: Int, verdict: Verdict, text: String? = nil) {
        self.request = request
        self.verdict = verdict
        self.text = text
    }

    init(_ fields: Fields) throws(Refusal) {
        request = try fields.integer("request", in: 1...Fields.maximumList)
        verdict = try fields.value("answer", "yes, partly, no or later", Verdict.init(rawValue:))
        text = try fields.optionalText("text")
    }

    var json: JSONValue {
        .object([
            "request": .number(request), "answer": .string(verdict.rawValue), "text": text.map(JSONValue.string),
        ])
    }
}
