/// What a change is about. Subjects with a natural key derive their name from it, so that two clerks who both
/// answer a letter offline meet in one subject; the others are named by their first change.
public enum SubjectID: Hashable, Sendable {
    /// A published letter, named by its `letter.publish`.
    case letter(ChangeID)
    /// One address's receipt of a letter.
    case receipt(letter: ChangeID, address: Address)
    /// One organisation's response to a letter.
    case response(letter: ChangeID, organisation: OrganisationCode)
    /// A response of several organisations together, named as the draft that they signed.
    case joint(ChangeID)
    /// A text that only its circle sees, named by its first `draft.save`.
    case draft(ChangeID)
    /// A meeting or briefing that was asked for, named by its `meeting.request`.
    case meeting(ChangeID)
    /// What a meeting came to, named by its `agreement.record`.
    case agreement(ChangeID)
    /// A named list of agreements, named by its `programme.start`.
    case programme(ChangeID)
    /// The term by which one organisation answers a letter.
    case term(letter: ChangeID, organisation: OrganisationCode)
    /// An organisation in the directory.
    case organisation(OrganisationCode)
    /// A region in the directory.
    case region(String)
    /// The mandate of an address, in the directory.
    case mandate(Address)
    /// Of a kind that this version has no word for, as written: only changes of types it doesn't know are about one.
    case other(String)

    /// Reads `letter/ID`, `receipt/ID/ADDRESS`, `response/ID/ORGANISATION`, `term/ID/ORGANISATION`, `joint/ID`, `draft/ID`, `meeting/ID`,
    /// `agreement/ID`, `programme/ID`,
    /// `organisation/CODE`, `region/NAME`, `mandate/ADDRESS`, or another kind in lower case, a slash and a name; anything
    /// else is `nil`.
    public init?(_ text: String) {
        guard let (kind, rest) = text[...].cut(at: "/") else { return nil }
        switch kind {
        case "letter", "joint", "draft", "meeting", "agreement", "programme":
            guard let id = ChangeID(rest) else { return nil }
            self = Self.named(kind, id)
        case "receipt", "response", "term":
            guard let (id, name) = rest.cut(at: "/"), let letter = ChangeID(id) else { return nil }
            if kind == "receipt" {
                guard let address = Address(name) else { return nil }
                self = .receipt(letter: letter, address: address)
            } else {
                guard let organisation = OrganisationCode(name) else { return nil }
                self =
                    kind == "term"
                    ? .term(letter: letter, organisation: organisation)
                    : .response(letter: letter, organisation: organisation)
            }
        case "organisation":
            guard let code = OrganisationCode(rest) else { return nil }
            self = .organisation(code)
        case "region":
            guard RegionName.isValid(rest) else { return nil }
            self = .region(String(rest))
        case "mandate":
            guard let address = Address(rest) else { return nil }
            self = .mandate(address)
        default:
            guard Self.isOther(text, kind: kind) else { return nil }
            self = .other(text)
        }
    }

    /// Whether it is an entry of the directory, whose changes everybody reads.
    public var isInDirectory: Bool {
        switch self {
        case .organisation, .region, .mandate: true
        default: false
        }
    }

    /// The subject that a change of that type starts and names by its own id.
    public static func started(by id: ChangeID, _ type: ChangeType) -> SubjectID {
        switch type {
        case .letterPublish: .letter(id)
        case .agreementRecord: .agreement(id)
        case .programmeStart: .programme(id)
        case .draftSave: .draft(id)
        default: .meeting(id)
        }
    }

    /// All subjects that a change could start by its own id.
    public static func all(startedBy id: ChangeID) -> [SubjectID] {
        [.letter(id), .draft(id), .meeting(id), .agreement(id), .programme(id)]
    }

    private static func named(_ kind: Substring, _ id: ChangeID) -> SubjectID {
        switch kind {
        case "letter": .letter(id)
        case "agreement": .agreement(id)
        case "programme": .programme(id)
        case "joint": .joint(id)
        case "draft": .draft(id)
        default: .meeting(id)
        }
    }

    private static func isOther(_ text: String, kind: Substring) -> Bool {
        (1...40).contains(kind.utf8.count) && kind.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
            && (kind.utf8.count + 2...200).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The subject as written in a change.
    public var text: String {
        switch self {
        case .letter(let id): "letter/" + id.text
        case .receipt(let letter, let address): "receipt/" + letter.text + "/" + address.text
        case .response(let letter, let organisation): "response/" + letter.text + "/" + organisation.text
        case .joint(let id): "joint/" + id.text
        case .draft(let id): "draft/" + id.text
        case .term(let letter, let organisation): "term/" + letter.text + "/" + organisation.text
        case .meeting(let id): "meeting/" + id.text
        case .agreement(let id): "agreement/" + id.text
        case .programme(let id): "programme/" + id.text
        case .organisation(let code): "organisation/" + code.text
        case .region(let name): "region/" + name
        case .mandate(let address): "mandate/" + address.text
        case .other(let text): text
        }
    }
}

extension SubjectID: CustomStringConvertible {
    /// The subject as written in a change.
    public var description: String { text }
}
