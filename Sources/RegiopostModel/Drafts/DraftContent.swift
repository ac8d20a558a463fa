import RegiopostJSON

/// What a `draft.save` says: one version of a text that only its circle sees.
public struct DraftContent: Equatable, Sendable {
    /// What becomes of it.
    public enum Kind: String, Sendable, CaseIterable {
        /// A letter, once the secretaris and the voorzitter have signed it.
        case letter
        /// One organisation's response.
        case response
        /// A response of several organisations together.
        case joint
    }

    /// The text, by what becomes of it.
    public enum Matter: Equatable, Sendable {
        /// What `letter.publish` will say. Its date is the one that is foreseen: publishing may set another.
        case letter(LetterContent)
        /// What an organisation will answer.
        case response(DraftAnswer)
        /// What several organisations will answer, and which.
        case joint(DraftAnswer, members: [OrganisationCode])
    }

    /// What people call it.
    public let title: String
    /// The text.
    public let matter: Matter

    /// Makes a version.
    public init(title: String, matter: Matter) {
        self.title = title
        self.matter = matter
    }

    init(_ fields: Fields) throws(Refusal) {
        let kind = try fields.value("kind", "letter, response or joint", Kind.init(rawValue:))
        title = try fields.text("title", maximum: 500)
        switch kind {
        case .letter: matter = .letter(try LetterContent(fields.object("content")))
        case .response: matter = .response(try DraftAnswer(fields))
        case .joint:
            let members = try fields.someValues("members", "organisation", OrganisationCode.init(_:))
            matter = .joint(try DraftAnswer(fields), members: members)
        }
    }

    /// What becomes of it.
    public var kind: Kind {
        switch matter {
        case .letter: .letter
        case .response: .response
        case .joint: .joint
        }
    }

    /// The answer, where it drafts one.
    public var answer: DraftAnswer? {
        switch matter {
        case .letter: nil
        case .response(let answer), .joint(let answer, _): answer
        }
    }

    /// What is attached.
    public var files: [FileReference] {
        if case .letter(let content) = matter { content.files } else { answer?.content.files ?? [] }
    }

    /// How far it may be known; `nil` where it says nothing.
    public var confidentiality: Confidentiality? {
        if case .letter(let content) = matter { content.confidentiality } else { answer?.content.confidentiality }
    }

    /// The organisations that a joint response speaks for.
    public var members: [OrganisationCode] {
        if case .joint(_, let members) = matter { members } else { [] }
    }

    var json: JSONValue {
        var head = [JSONMember("kind", .string(kind.rawValue)), JSONMember("title", .string(title))]
        switch matter {
        case .letter(let content): return .object(head + [JSONMember("content", content.json)])
        case .response(let answer): return .object(head + answer.json)
        case .joint(let answer, let members):
            head.append(JSONMember("members", .strings(members.map(\.text))))
            return .object(head + answer.json)
        }
    }
}

/// An answer as it is drafted: to which letter, and who may work on it.
public struct DraftAnswer: Equatable, Sendable {
    /// The letter that it answers.
    public let letter: ChangeID
    /// Whom the letter is addressed to at the answering organisations, as the letter has them.
    public let recipients: [Address]
    /// The answer.
    public let content: AnswerContent

    /// Makes a drafted answer.
    public init(letter: ChangeID, recipients: [Address], content: AnswerContent) {
        self.letter = letter
        self.recipients = recipients
        self.content = content
    }

    init(_ fields: Fields) throws(Refusal) {
        letter = try fields.value("letter", "identifier", ChangeID.init(_:))
        recipients = try fields.someValues("recipients", "address", Address.init(_:))
        content = try AnswerContent(fields.object("content"))
    }

    fileprivate var json: [JSONMember] {
        [
            JSONMember("letter", .string(letter.text)), JSONMember("recipients", .strings(recipients.map(\.text))),
            JSONMember("content", .object(content.members)),
        ]
    }
}
