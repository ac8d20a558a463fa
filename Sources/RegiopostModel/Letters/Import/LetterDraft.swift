/// A letter as it was read from a text: every part that could be told, and the text itself, unchanged.
public struct LetterDraft: Hashable, Sendable {
    /// The whole text, exactly as it was read.
    public var text = ""
    /// What stands in each line of the text. Ordered, without overlap; every line that isn't blank is in one part.
    public var parts: [LetterPart] = []

    /// The lines before the first label: who sends the letter, and from where.
    public var sender: [String] = []
    /// The dossier that every answer must cite.
    public var dossier: DossierNumber?
    /// The letter's own number.
    public var document: DocumentNumber?
    /// The date on the letter; most letters get it when they are published.
    public var date: CalendarDate?
    /// The recipient's reference.
    public var yourReference: String?
    /// How many attachments the letter says it has; `nil` where it doesn't say, or not as a number.
    public var attachmentCount: Int?
    /// The attachments that the letter lists.
    public var attachments: [String] = []
    /// What the letter is about.
    public var subject: String?
    /// The line that addresses the reader.
    public var salutation: String?
    /// The role that the salutation seems to address.
    public var addresseeRole: Role?

    /// Everything between salutation and closing formula, as it stands, lines joined by LF.
    public var body = ""
    /// What comes before the first heading, as it stands.
    public var introduction = ""
    /// What the letter speaks about, heading by heading.
    public var themes: [Theme] = []
    /// What the letter asks its reader to do.
    public var requests: [ActionRequest] = []
    /// The support that the letter offers, point by point.
    public var support: [SupportOffer] = []
    /// What else it offers.
    public var offers: Set<Offer> = []

    /// The closing formula.
    public var closing: String?
    /// In whose name it is signed.
    public var onBehalfOf: String?
    /// Who signs.
    public var signatories: [Signatory] = []
    /// The request to cite the dossier's number, where it stands apart.
    public var referenceInstruction: String?
    /// Who gets a copy.
    public var copies: [CopyRecipient] = []

    /// An empty draft.
    public init() {}

    /// What the line of that number (1 for the first) belongs to; `nil` for a blank line between parts and outside
    /// the text. O(parts).
    public func part(atLine line: Int) -> LetterPart? { parts.first { $0.lines.contains(line) } }
}

extension LetterDraft {
    /// One heading and what stands under it.
    public struct Theme: Hashable, Sendable {
        /// The heading, without marks.
        public let heading: String
        /// The text under it as it stands, lines joined by LF.
        public let text: String
        /// The heading's line, 1 for the first of the letter.
        public let line: Int
    }

    /// One sentence that asks the reader to do something.
    public struct ActionRequest: Hashable, Sendable {
        /// The sentence, without marks.
        public let text: String
        /// The heading it stands under; `nil` in the introduction.
        public let theme: String?
        /// The line where its paragraph starts, 1 for the first of the letter.
        public let line: Int
    }

    /// One point of a list of support.
    public struct SupportOffer: Hashable, Sendable {
        /// The point, without marks.
        public let text: String
        /// The kind of support; `nil` where it is none of the known ones.
        public let kind: SupportKind?
        /// The point's line, 1 for the first of the letter.
        public let line: Int
    }

    /// Somebody who signs the letter.
    public struct Signatory: Hashable, Sendable {
        /// As what: `secretaris`; `nil` where only a name stands there.
        public let function: String?
        /// The name with its titles.
        public let name: String

        /// Makes a signatory.
        public init(function: String?, name: String) {
            self.function = function
            self.name = name
        }
    }

    /// Somebody who gets a copy of the letter.
    public struct CopyRecipient: Hashable, Sendable {
        /// The line as it stands, without marks.
        public let text: String
        /// The role it seems to mean.
        public let role: Role?

        /// Makes a copy's recipient.
        public init(text: String, role: Role?) {
            self.text = text
            self.role = role
        }
    }
}
