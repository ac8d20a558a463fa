import RegiopostJSON

/// What a `meeting.request` asks for.
public struct MeetingContent: Equatable, Sendable {
    /// What sort of meeting.
    public enum Kind: String, Sendable, CaseIterable {
        /// A conversation with the region's account holder.
        case conversation
        /// A briefing of one council, or of several together.
        case briefing
        /// A knowledge session, webinar or workshop.
        case knowledgeSession = "knowledge-session"
        /// An expert team that comes to help.
        case expertTeam = "expert-team"

        /// How a kind is written in a change.
        static let pattern = allCases.map(\.rawValue).joined(separator: "|")
    }

    /// What sort of meeting.
    public let kind: Kind
    /// The account holder it is asked of.
    public let accounthouder: Address
    /// Other organisations that are invited to take part.
    public let invited: [OrganisationCode]
    /// The letter that gave rise to it.
    public let letter: ChangeID?
    /// The dossier it belongs to.
    public let dossier: DossierNumber?
    /// What it should be about.
    public let themes: [String]
    /// Slots that suit the requester; none means that any does.
    public let slots: [Slot]
    /// Where, or `nil` for no preference.
    public let place: String?
    /// Whether it should be online (`true`) or not (`false`); `nil` for no preference.
    public let online: Bool?
    /// The language to hold it in.
    public let language: LanguageTag?
    /// The kinds of support that it is wanted for.
    public let support: [SupportKind]
    /// The team that is wanted, by its name: "Expertteam Realisatie Woningbouw".
    public let team: String?
    /// Who will be there: "new council members".
    public let audience: String?
    /// How many people will be there.
    public let size: Int?
    /// Anything else.
    public let note: String?
    /// How far it may be known; `nil` where the request says nothing.
    public let confidentiality: Confidentiality?

    /// Makes the content of a request.
    public init(
        kind: Kind, accounthouder: Address, invited: [OrganisationCode] = [], letter: ChangeID? = nil,
        dossier: DossierNumber? = nil, themes: [String] = [], slots: [Slot] = [], place: String? = nil,
        online: Bool? = nil, language: LanguageTag? = nil, support: [SupportKind] = [], team: String? = nil,
        audience: String? = nil, size: Int? = nil, note: String? = nil,
        confidentiality: Confidentiality? = nil
    ) {
        self.kind = kind
        self.accounthouder = accounthouder
        self.invited = invited
        self.letter = letter
        self.dossier = dossier
        self.themes = themes
        self.slots = slots
        self.place = place
        self.online = online
        self.language = language
        self.support = support
        self.team = team
        self.audience = audience
        self.size = size
        self.note = note
        self.confidentiality = confidentiality
    }

    init(_ fields: Fields) throws(Refusal) {
        kind = try fields.value("kind", Kind.pattern, Kind.init(rawValue:))
        accounthouder = try fields.value("accounthouder", "address of an account holder") { text in
            guard let address = Address(text), case .accounthouder = address.role else { return nil }
            return address
        }
        invited = try fields.values("invited", "organisation", OrganisationCode.init(_:))
        letter = try fields.optionalValue("letter", "identifier", ChangeID.init(_:))
        dossier = try fields.optionalValue("dossier", "DOS-YYYY-NNNNNNN", DossierNumber.init(_:))
        themes = try fields.texts("themes", maximum: 500)
        slots = try fields.values("slots", Slot.pattern, Slot.read)
        place = try fields.optionalText("place", maximum: 500)
        online = try fields.optionalTruth("online")
        language = try fields.optionalValue("language", "language such as nl or nl-NL", LanguageTag.init(_:))
        support = try fields.values("support", SupportKind.pattern, SupportKind.init(rawValue:))
        team = try fields.optionalText("team", maximum: 200)
        audience = try fields.optionalText("audience", maximum: 500)
        size = fields.isPresent("size") ? try fields.integer("size", in: 1...10_000) : nil
        note = try fields.optionalText("note")
        confidentiality = try fields.confidentiality()
    }

    /// The region of the account holder it is asked of.
    public var region: String {
        guard case .accounthouder(let region) = accounthouder.role else { return "" }
        return region
    }

    var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "accounthouder": .string(accounthouder.text),
            "invited": invited.isEmpty ? nil : .strings(invited.map(\.text)),
            "letter": letter.map { .string($0.text) }, "dossier": dossier.map { .string($0.text) },
            "themes": themes.isEmpty ? nil : .strings(themes),
            "slots": slots.isEmpty ? nil : .strings(slots.map(\.text)),
            "place": place.map(JSONValue.string), "online": online.map(JSONValue.bool),
            "language": language.map { .string($0.text) },
            "support": support.isEmpty ? nil : .strings(support.map(\.rawValue)),
            "team": team.map(JSONValue.string), "audience": audience.map(JSONValue.string),
            "size": size.map(JSONValue.number), "note": note.map(JSONValue.string),
            "confidentiality": confidentiality.map { .string($0.rawValue) },
        ])
    }
}
