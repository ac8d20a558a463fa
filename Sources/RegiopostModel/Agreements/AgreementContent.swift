import RegiopostJSON

/// What an `agreement.record` says: what a meeting came to, and who sees to it.
public struct AgreementContent: Equatable, Sendable {
    /// The meeting that it came out of.
    public let meeting: ChangeID
    /// That meeting's kind, which decides who sees the agreement.
    public let kind: MeetingContent.Kind
    /// The organisations that had a part in the meeting, by code.
    public let parties: [OrganisationCode]
    /// What was agreed.
    public let text: String
    /// The organisation that sees to it: a party, or the province.
    public let owner: OrganisationCode
    /// By when.
    public let due: CalendarDate?
    /// What it is about.
    public let themes: [String]
    /// The dossier it belongs to.
    public let dossier: DossierNumber?
    /// The letter that gave rise to it.
    public let letter: ChangeID?
    /// How far it may be known; `nil` for the level of what says none.
    public let confidentiality: Confidentiality?

    /// Makes the content of an agreement.
    public init(
        meeting: ChangeID, kind: MeetingContent.Kind, parties: [OrganisationCode], text: String,
        owner: OrganisationCode, due: CalendarDate? = nil, themes: [String] = [], dossier: DossierNumber? = nil,
        letter: ChangeID? = nil, confidentiality: Confidentiality? = nil
    ) {
        self.meeting = meeting
        self.kind = kind
        self.parties = parties
        self.text = text
        self.owner = owner
        self.due = due
        self.themes = themes
        self.dossier = dossier
        self.letter = letter
        self.confidentiality = confidentiality
    }

    init(_ fields: Fields) throws(Refusal) {
        meeting = try fields.value("meeting", "identifier", ChangeID.init(_:))
        kind = try fields.value("kind", MeetingContent.Kind.pattern, MeetingContent.Kind.init(rawValue:))
        parties = try fields.someValues("parties", "organisation", OrganisationCode.init(_:))
        text = try fields.text("text")
        owner = try fields.value("owner", "organisation", OrganisationCode.init(_:))
        due = try fields.optionalValue("due", "date", CalendarDate.init(_:))
        themes = try fields.texts("themes", maximum: 500)
        dossier = try fields.optionalValue("dossier", "DOS-YYYY-NNNNNNN", DossierNumber.init(_:))
        letter = try fields.optionalValue("letter", "identifier", ChangeID.init(_:))
        confidentiality = try fields.confidentiality()
    }

    var json: JSONValue {
        .object([
            "meeting": .string(meeting.text), "kind": .string(kind.rawValue),
            "parties": .strings(parties.map(\.text)), "text": .string(text), "owner": .string(owner.text),
            "due": due.map { .string($0.text) }, "themes": themes.isEmpty ? nil : .strings(themes),
            "dossier": dossier.map { .string($0.text) }, "letter": letter.map { .string($0.text) },
            "confidentiality": confidentiality.map { .string($0.rawValue) },
        ])
    }
}
