import RegiopostJSON

/// What a `letter.publish` says: the whole text as it was, and what the software reads out of it.
public struct LetterContent: Equatable, Sendable {
    /// The dossier, which every answer must cite.
    public let dossier: DossierNumber
    /// The letter's own number.
    public let document: DocumentNumber
    /// The dispatch date, set at publishing.
    public private(set) var date: CalendarDate
    /// The subject line.
    public private(set) var title: String
    /// The region it is sent to, fixed here for ever.
    public let region: String
    /// The recipient's reference, if there is one.
    public let yourReference: String?
    /// How many attachments the letter names.
    public private(set) var attachments: Int
    /// The attachments themselves, as many as the letter names or none.
    public private(set) var files: [FileReference]
    /// The headings.
    public private(set) var themes: [String]
    /// What the letter asks recipients to do.
    public private(set) var requests: [String]
    /// Who signed.
    public let signatories: [Signatory]
    /// Whom it is addressed to.
    public let recipients: [Address]
    /// Who gets a copy.
    public let copies: [Address]
    /// When the sender would like an answer at the latest, if at all.
    public private(set) var due: CalendarDate?
    /// How far it may be known; `nil` where the letter says nothing.
    public let confidentiality: Confidentiality?
    /// The earlier letter whose place it takes.
    public private(set) var supersedes: ChangeID?
    /// The draft that was signed here; `nil` for a letter that was signed outside.
    public private(set) var draft: DraftCitation?
    /// The whole letter, as it was written.
    public private(set) var text: String

    /// No letter is longer, in bytes of UTF-8.
    public static let maximumText = 512 * 1_024

    /// No heading is longer, in bytes of UTF-8.
    public static let maximumTheme = 500
    /// No request is longer, in bytes of UTF-8.
    public static let maximumRequest = 4_000

    /// Makes the content of a letter.
    public init(
        dossier: DossierNumber, document: DocumentNumber, date: CalendarDate, title: String, region: String,
        yourReference: String? = nil, attachments: Int = 0, files: [FileReference] = [], themes: [String] = [],
        requests: [String] = [], signatories: [Signatory] = [], recipients: [Address], copies: [Address],
        due: CalendarDate? = nil, confidentiality: Confidentiality? = nil, supersedes: ChangeID? = nil,
        draft: DraftCitation? = nil, text: String
    ) {
        self.dossier = dossier
        self.document = document
        self.date = date
        self.title = title
        self.region = region
        self.yourReference = yourReference
        self.attachments = attachments
        self.files = files
        self.themes = themes
        self.requests = requests
        self.signatories = signatories
        self.recipients = recipients
        self.copies = copies
        self.due = due
        self.confidentiality = confidentiality
        self.supersedes = supersedes
        self.draft = draft
        self.text = text
    }

    init(_ fields: Fields) throws(Refusal) {
        dossier = try fields.value("dossier", "DOS-YYYY-NNNNNNN", DossierNumber.init(_:))
        document = try fields.value("document", "PZH-YYYY-NNNNNNNNN", DocumentNumber.init(_:))
        date = try fields.value("date", "YYYY-MM-DD", CalendarDate.init(_:))
        title = try fields.text("title", maximum: 500)
        region = try fields.value("region", "region", RegionName.read)
        yourReference = try fields.optionalText("yourReference", maximum: 200)
        attachments = try fields.integer("attachments", in: 0...1_000)
        files = try fields.files("files")
        themes = try fields.texts("themes", maximum: Self.maximumTheme)
        requests = try fields.texts("requests", maximum: Self.maximumRequest)
        var signatories: [Signatory] = []
        for entry in try fields.objects("signatories") {
            signatories.append(
                Signatory(
                    function: try entry.text("function", maximum: 200), name: try entry.text("name", maximum: 200)))
        }
        self.signatories = signatories
        recipients = try fields.someValues("recipients", "address", Address.init(_:))
        copies = try fields.values("copies", "address", Address.init(_:))
        due = try fields.optionalValue("due", "YYYY-MM-DD", CalendarDate.init(_:))
        confidentiality = try fields.confidentiality()
        supersedes = try fields.optionalValue("supersedes", "identifier", ChangeID.init(_:))
        if let citation = try fields.optionalObject("draft") { draft = try DraftCitation(citation) }
        text = try fields.text("text", maximum: Self.maximumText)
    }

    var json: JSONValue {
        let signatories = signatories.map { signatory in
            JSONValue.object(["function": .string(signatory.function), "name": .string(signatory.name)])
        }
        return .object([
            "dossier": .string(dossier.text), "document": .string(document.text), "date": .string(date.text),
            "title": .string(title), "region": .string(region),
            "yourReference": yourReference.map(JSONValue.string),
            "attachments": .number(attachments), "files": .files(files), "themes": .strings(themes),
            "requests": .strings(requests),
            "signatories": .array(signatories), "recipients": .strings(recipients.map(\.text)),
            "copies": .strings(copies.map(\.text)), "due": due.map { .string($0.text) },
            "confidentiality": confidentiality.map { .string($0.rawValue) },
            "supersedes": supersedes.map { .string($0.text) }, "draft": draft?.json, "text": .string(text),
        ])
    }

    /// The same letter with another date of dispatch, sent from a draft or not.
    public func dated(_ date: CalendarDate, from draft: DraftCitation? = nil) -> LetterContent {
        var letter = self
        letter.date = date
        letter.draft = draft
        return letter
    }

    /// The same letter, due when another is, where that is as many working days after its date.
    public func due(like other: LetterContent) -> LetterContent {
        func days(_ content: LetterContent) -> Int? {
            content.due.map { WorkingDays.count(after: content.date, through: $0) }
        }
        var letter = self
        if days(self) == days(other) { letter.due = other.due }
        return letter
    }

    /// The same letter to the same people in other words.
    public func reworded(
        title: String, text: String, themes: [String], requests: [String]
    ) -> LetterContent {
        var letter = self
        letter.title = title
        letter.text = text
        letter.themes = themes
        letter.requests = requests
        return letter
    }

    /// The same letter in the place of an earlier one.
    public func replacing(_ older: ChangeID?) -> LetterContent {
        var letter = self
        letter.supersedes = older
        return letter
    }

    /// The same letter with these files as its attachments.
    public func with(files: [FileReference]) -> LetterContent {
        var letter = self
        letter.attachments = files.count
        letter.files = files
        return letter
    }

    /// The roles of an organisation that the letter was sent or copied to, in the order of the letter.
    public func roles(at organisation: OrganisationCode) -> [Role] {
        (recipients + copies).filter { $0.organisation == organisation }.map(\.role)
    }
}
