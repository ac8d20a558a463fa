import RegiopostJSON

/// What an organisation, or several together, say to a letter: the part that a response, a joint response and their
/// drafts have in common.
public struct AnswerContent: Equatable, Sendable {
    /// The dossier of the letter. Without it the answer is refused, so that no province has to guess.
    public let dossier: DossierNumber?
    /// The answering side's own reference.
    public let reference: String?
    /// How far it may be known; `nil` where the answer says nothing.
    public let confidentiality: Confidentiality?
    /// The answer as a whole.
    public let text: String
    /// What it says to each request for action; not every one needs an answer.
    public let answers: [RequestAnswer]
    /// What it is about.
    public let themes: [String]
    /// The kinds of support that it asks for.
    public let support: [SupportKind]
    /// What is attached.
    public let files: [FileReference]

    /// No answer is longer, in bytes of UTF-8.
    public static let maximumText = 256 * 1_024

    /// Makes an answer.
    public init(
        dossier: DossierNumber?, text: String, reference: String? = nil, answers: [RequestAnswer] = [],
        themes: [String] = [], support: [SupportKind] = [], files: [FileReference] = [],
        confidentiality: Confidentiality? = nil
    ) {
        self.dossier = dossier
        self.reference = reference
        self.text = text
        self.answers = answers
        self.themes = themes
        self.support = support
        self.files = files
        self.confidentiality = confidentiality
    }

    init(_ fields: Fields) throws(Refusal) {
        dossier = try fields.optionalValue("dossier", "DOS-YYYY-NNNNNNN", DossierNumber.init(_:))
        reference = try fields.optionalText("reference", maximum: 200)
        confidentiality = try fields.confidentiality()
        text = try fields.text("text", maximum: Self.maximumText)
        answers = try Self.answers(fields)
        themes = try fields.texts("themes", maximum: LetterContent.maximumTheme)
        support = try fields.values("support", "kind of support", SupportKind.init(rawValue:))
        guard Set(support).count == support.count else {
            throw fields.refusal("support", expected: "each kind of support once")
        }
        files = try fields.files("files")
    }

    private static func answers(_ fields: Fields) throws(Refusal) -> [RequestAnswer] {
        var answers: [RequestAnswer] = []
        for (index, entry) in try fields.objects("answers").enumerated() {
            let answer = try RequestAnswer(entry)
            guard !answers.contains(where: { $0.request == answer.request }) else {
                throw fields.refusal("answers[\(index)].request", expected: "each request once")
            }
            answers.append(answer)
        }
        return answers
    }

    /// The members that it adds to the object it stands in.
    var members: [JSONMember] {
        let object = JSONValue.object([
            "dossier": dossier.map { .string($0.text) }, "reference": reference.map(JSONValue.string),
            "confidentiality": confidentiality.map { .string($0.rawValue) },
            "text": .string(text), "answers": answers.isEmpty ? nil : .array(answers.map(\.json)),
            "themes": themes.isEmpty ? nil : .strings(themes),
            "support": support.isEmpty ? nil : .strings(support.map(\.rawValue)),
            "files": .files(files),
        ])
        return object.members ?? []
    }

    /// Whether it fits the letter that it answers: the dossier is cited where it must be, and no request is answered that
    /// the letter doesn't make.
    ///
    /// - Parameter path: where it stands in the change.
    func check(against letter: LetterState, path: String, isSent: Bool = true) throws(Refusal) {
        let expected = letter.content.dossier
        if isSent, dossier == nil { throw Refusal(.dossierMissing, ["expected": expected.text]) }
        if let dossier, dossier != expected {
            throw Refusal(.dossierMismatch, ["expected": expected.text, "found": dossier.text])
        }
        let count = letter.content.requests.count
        for (index, answer) in answers.enumerated() where answer.request > count {
            let numbers =
                count == 0 ? "no answers, since the letter asks for nothing" : "a number from 1 to \(count)"
            throw Refusal(.badField, ["field": path + ".answers[\(index)].request", "expected": numbers])
        }
    }
}
