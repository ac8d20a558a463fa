import RegiopostModel
import Testing

/// Three municipalities of one region, one of another, and the province: what rules are tried on.
struct Story {
    var world = Correspondence()
    private var count: UInt64 = 0
    static let dossier = "DOS-2026-0000042"
    static let secretariaat = "pv28/secretariaat"
    static let accounthouder = "pv28/accounthouder-haagse-regio"

    init() throws {
        let province = try #require(OrganisationCode("pv28"))
        for name in ["haagse-regio", "drechtsteden"] {
            let region = try #require(Region(name: name, title: name, province: province))
            try accept("pv28/regiopostd", .region(name), .regionSet, .regionSet(region))
        }
        let members = [
            ("gm0503", "Delft", "haagse-regio"), ("gm0518", "Den Haag", "haagse-regio"),
            ("gm0603", "Rijswijk", "haagse-regio"), ("gm0505", "Dordrecht", "drechtsteden"),
        ]
        for (text, name, region) in members {
            let code = try #require(OrganisationCode(text))
            let organisation = Organisation(
                code: code, name: name, shortName: name, regions: [Organisation.administrative: region])
            try accept("pv28/regiopostd", .organisation(code), .organisationSet, .organisationSet(organisation))
        }
    }

    mutating func nextID() -> ChangeID {
        count += 1
        return ChangeID(time: Timestamp(milliseconds: 1_774_000_000_000), random: (0, count))
    }

    /// Writes a change on top of what the author sees, unless `after` says otherwise.
    mutating func change(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody, after: ChangeID?? = nil,
        needs: [ChangeID] = []
    ) throws -> Change {
        let id = nextID()
        let subject = subject ?? (type == .letterPublish ? .letter(id) : .meeting(id))
        let seen = type.isCommuting ? nil : world.subject(subject)?.lastExact
        return Change(
            id: id, subject: subject, after: after ?? seen, needs: needs, author: try #require(Address(author)),
            time: Timestamp(milliseconds: 1_774_000_000_000), type: type, body: body)
    }

    /// Sends a change over its own line, as client and server do, and takes it when it is fine.
    @discardableResult mutating func send(_ change: Change) throws -> Rules.Verdict {
        let read = try Change(line: change.line())
        #expect(read == change)
        let verdict = try Rules.judge(read, from: read.author, in: world, receivedAt: nil)
        world.take(read, receivedAt: nil)
        #expect(world.subject(read.subject) == verdict.subject)
        return verdict
    }

    @discardableResult mutating func accept(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody
    ) throws -> Change {
        let change = try change(author, subject, type, body)
        try send(change)
        return change
    }

    /// The code that a change is refused with, `nil` when it is taken.
    mutating func refusal(_ change: Change) throws -> RefusalCode? {
        do {
            try send(change)
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        }
    }

    mutating func refusal(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody, after: ChangeID?? = nil
    ) throws -> RefusalCode? {
        try refusal(change(author, subject, type, body, after: after))
    }

    // MARK: What is said

    func letter(
        to recipients: [String] = ["gm0503/formateur", "gm0518/formateur"],
        copies: [String] = ["gm0503/griffie", "gm0518/griffie"], region: String = "haagse-regio"
    ) throws -> ChangeBody {
        .letterPublish(
            LetterContent(
                dossier: try #require(DossierNumber(Self.dossier)),
                document: try #require(DocumentNumber("PZH-2026-000000042")),
                date: try #require(CalendarDate("2026-03-27")), title: "Samen verder", region: region,
                themes: ["Wonen"], signatories: [Signatory(function: "secretaris", name: "A. Bakker")],
                recipients: recipients.compactMap(Address.init(_:)), copies: copies.compactMap(Address.init(_:)),
                text: "Geachte formateur,\n\nWij schrijven u.\n"))
    }

    func response(dossier: String? = dossier, roles: [Role] = [.formateur, .griffie]) throws -> ChangeBody {
        .responseSubmit(
            ResponseContent(
                route: try route(), roles: roles, dossier: dossier.flatMap(DossierNumber.init(_:)), text: "Graag."))
    }

    func route() throws -> Route {
        Route(sender: try #require(Address(Self.secretariaat)), region: "haagse-regio")
    }

    func meeting(
        _ kind: MeetingContent.Kind = .conversation, slots: [String] = [], invited: [String] = []
    ) throws -> ChangeBody {
        .meetingRequest(
            MeetingContent(
                kind: kind, accounthouder: try #require(Address(Self.accounthouder)),
                invited: invited.compactMap(OrganisationCode.init(_:)), slots: slots.compactMap(Slot.init(_:))))
    }

    static func slot(_ text: String) throws -> Slot { try #require(Slot(text)) }
}
