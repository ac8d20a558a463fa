import RegiopostModel

/// What somebody looks for. Text in it is data: nothing in it is a command to whatever does the searching.
public struct SearchQuery: Equatable, Sendable {
    /// Where a term may stand.
    public enum Field: String, Sendable {
        case anywhere, dossier, document, reference, municipality, theme
    }

    /// One thing that a subject must have; words count by their beginning.
    public struct Term: Equatable, Sendable {
        /// Where.
        public let field: Field
        /// The words as typed: next to each other in this order.
        public let text: String
        /// The organisation that they name, if they do: to be about it is as good as to name it.
        public let organisation: OrganisationCode?

        /// Makes a term.
        public init(_ field: Field, _ text: String, organisation: OrganisationCode? = nil) {
            self.field = field
            self.text = text
            self.organisation = organisation
        }
    }

    /// No search has more terms.
    public static let maximumTerms = 32
    /// No term is longer, in bytes of UTF-8.
    public static let maximumText = 500

    /// What a subject must have, all of it.
    public let terms: [Term]
    /// The kind of subject, `nil` for any.
    public let kind: String?
    /// How many subjects to find at most.
    public let limit: Int

    /// Makes a query.
    public init(_ terms: [Term], kind: String? = nil, limit: Int = 20) {
        self.terms = terms
        self.kind = kind
        self.limit = limit
    }

    /// The terms that words make. What names an organisation, in one word or several, is one term.
    /// O(words × organisations).
    public static func terms(of words: [String], in directory: Directory) -> [Term] {
        var rest = words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }[...]
        var terms: [Term] = []
        while let first = rest.first {
            let named = (1...4).reversed().lazy.filter { $0 <= rest.count }.compactMap { count in
                directory.organisation(named: rest.prefix(count).joined(separator: " ")).map { (count, $0.code) }
            }.first
            let text = rest.prefix(named?.0 ?? 1).joined(separator: " ")
            terms.append(Term(.anywhere, named == nil ? first : text, organisation: named?.1))
            rest = rest.dropFirst(named?.0 ?? 1)
        }
        return terms
    }

    /// `text` without anything but letters and digits, in lower case: `z260815` for `Z/26/0815`.
    public static func compact(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// A subject that a search found.
public struct SearchHit: Equatable, Sendable {
    /// What was found.
    public let subject: SubjectID
    /// The kind of subject.
    public let kind: String
    /// Who wrote the first of what can be found about it.
    public let author: Address
    /// Its title, or that of the letter it belongs to.
    public let title: String?
    /// When the newest of it was received; by the author's clock where it waits to be sent.
    public let moment: Timestamp
    /// Whether the newest of it is still in the outbox.
    public let isWaiting: Bool
    /// The words around what was found, without controls; empty where there is no text.
    public let snippet: String

    /// Makes a hit.
    public init(
        subject: SubjectID, kind: String, author: Address, title: String?, moment: Timestamp, isWaiting: Bool,
        snippet: String
    ) {
        self.subject = subject
        self.kind = kind
        self.author = author
        self.title = title
        self.moment = moment
        self.isWaiting = isWaiting
        self.snippet = snippet
    }
}
