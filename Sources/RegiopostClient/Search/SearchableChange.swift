import RegiopostJSON
import RegiopostModel

/// What of a change can be found by searching: whatever people wrote in it, of types of later versions too.
public struct SearchableChange: Equatable, Sendable {
    /// What it is about, which is what a search finds.
    public let subject: SubjectID
    /// The kind of subject: `letter`, `response`, `meeting` and so on.
    public let kind: String
    /// Its title, if it has one.
    public private(set) var title: String?
    /// The dossiers, each also in the forms that people look for.
    public private(set) var dossiers: [String] = []
    /// The document numbers, likewise.
    public private(set) var documents: [String] = []
    /// Either side's own references, each also without separators.
    public private(set) var references: [String] = []
    /// The codes of the municipalities that it is about, by, or addressed to.
    public private(set) var municipalities: [String] = []
    /// The themes.
    public private(set) var themes: [String] = []
    /// All other text, the main one first.
    public private(set) var texts: [String] = []

    /// The first part of the names of subjects that nobody looks for here: how far a letter got, and the directory.
    private static let passedOver: Set<String> = ["receipt", "organisation", "region", "mandate"]
    /// Members of a body that programs wrote, not people.
    private static let structure: Set<String> = [
        "sender", "region", "roles", "role", "kind", "accounthouder", "media", "sha256", "slot", "slots",
        "confidentiality", "digest", "letter", "draft", "language", "support",
    ]

    /// Takes a change apart; `nil` for one that is about nothing to look for. O(bytes).
    public init?(_ change: Change) {
        let path = change.subject.text.split(separator: "/").map(String.init)
        guard let kind = path.first, !Self.passedOver.contains(kind) else { return nil }
        subject = change.subject
        self.kind = kind
        if let code = path.last.flatMap(OrganisationCode.init(_:)) { add(code) }
        add(change.author.organisation)
        take(change.body.json, named: "")
    }

    /// The forms of every reference in it.
    public var numbers: [String] {
        ReferenceForms.all(in: (dossiers + documents + references + [title ?? ""] + texts).joined(separator: "\n"))
    }

    private mutating func take(_ value: JSONValue, named name: String) {
        switch value {
        case .object(let members): for member in members { take(member.value, named: member.name) }
        case .array(let values): for value in values { take(value, named: name) }
        case .string(let text): take(text, named: name)
        default: break
        }
    }

    private mutating func take(_ text: String, named name: String) {
        switch name {
        case "dossier": dossiers += [text] + ReferenceForms.all(in: text)
        case "document": documents += [text] + ReferenceForms.all(in: text)
        case "reference", "yourReference": references += [text, SearchQuery.compact(text)]
        case "theme", "themes": themes.append(text)
        case "title": title = title ?? text
        case "text": texts.insert(text, at: 0)
        case _ where Self.structure.contains(name): break
        default:
            if let address = Address(text) {
                add(address.organisation)
            } else if let code = OrganisationCode(text) {
                add(code)
            } else if ChangeID(text) == nil, CalendarDate(text) == nil {
                texts.append(text)
            }
        }
    }

    private mutating func add(_ code: OrganisationCode) {
        if code.kind == .municipality, !municipalities.contains(code.text) { municipalities.append(code.text) }
    }
}
