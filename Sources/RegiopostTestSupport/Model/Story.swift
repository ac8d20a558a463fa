import RegiopostModel
import Testing

/// Three municipalities of one region, one of another, and the province: what rules are tried on.
public struct Story {
    /// All that was accepted.
    public private(set) var world = Correspondence()
    private var count: UInt64 = 0
    /// The dossier of the letter.
    public static let dossier = "DOS-2026-0000042"
    /// Who publishes it.
    public static let secretariaat = "pv28/secretariaat"
    /// Who looks after its region.
    public static let accounthouder = "pv28/accounthouder-haagse-regio"

    /// All changes that were accepted, oldest first.
    public private(set) var accepted: [Change] = []

    /// A directory with two regions.
    public init() throws {
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

    /// A new id, always the same ones in the same order.
    public mutating func nextID() -> ChangeID {
        count += 1
        return ChangeID(time: Timestamp(milliseconds: 1_774_000_000_000), random: (0, count))
    }

    /// Writes a change on top of what the author sees, unless `after` says otherwise.
    public mutating func change(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody, after: ChangeID?? = nil,
        needs: [ChangeID] = [], takenFrom: ChangeID? = nil
    ) throws -> Change {
        let id = nextID()
        let subject = subject ?? .started(by: id, type)
        let seen = type.isCommuting ? nil : world.subject(subject)?.lastExact
        return Change(
            id: id, subject: subject, after: after ?? seen, needs: needs, author: try #require(Address(author)),
            time: Timestamp(milliseconds: 1_774_000_000_000), takenFrom: takenFrom, type: type, body: body)
    }

    /// Sends a change over its own line, as client and server do, and takes it when it is fine.
    @discardableResult public mutating func send(_ change: Change) throws -> Rules.Verdict {
        let read = try Change(line: change.line())
        let digest = change.lineDigest
        #expect(read == change)
        let verdict = try Rules.judge(read, from: read.author, in: world, digest: digest, receivedAt: nil)
        world.take(read, digest: digest, receivedAt: nil)
        accepted.append(read)
        #expect(world.subject(read.subject) == verdict.subject)
        return verdict
    }

    /// Writes, sends and takes a change that is fine.
    @discardableResult public mutating func accept(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody, needs: [ChangeID] = []
    ) throws -> Change {
        let change = try change(author, subject, type, body, needs: needs)
        try send(change)
        return change
    }

    /// The code that a change is refused with, `nil` when it is taken.
    public mutating func refusal(_ change: Change) throws -> RefusalCode? {
        do {
            try send(change)
            return nil
        } catch let refusal as Refusal {
            return refusal.code
        }
    }

    /// The code that a change written on top of what is seen is refused with.
    public mutating func refusal(
        _ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody, after: ChangeID?? = nil
    ) throws -> RefusalCode? {
        try refusal(change(author, subject, type, body, after: after))
    }

    // MARK: What is said

    /// A letter's content.
    public func letter(
        to recipients: [String] = ["gm0503/formateur", "gm0518/formateur"],
        copies: [String] = ["gm0503/griffie", "gm0518/griffie"], region: String = "haagse-regio",
        requests: [String] = [], due: String? = nil
    ) throws -> ChangeBody {
        .letterPublish(
            LetterContent(
                dossier: try #require(DossierNumber(Self.dossier)),
                document: try #require(DocumentNumber("PZH-2026-000000042")),
                date: try #require(CalendarDate("2026-03-27")), title: "Samen verder", region: region,
                themes: ["Wonen"], requests: requests,
                signatories: [Signatory(function: "secretaris", name: "A. Bakker")],
                recipients: recipients.compactMap(Address.init(_:)), copies: copies.compactMap(Address.init(_:)),
                due: due.flatMap(CalendarDate.init(_:)), text: "Geachte formateur,\n\nWij schrijven u.\n"))
    }

    /// A response's content.
    public func response(
        dossier: String? = dossier, roles: [Role] = [.formateur, .griffie]
    ) throws -> ChangeBody {
        .responseSubmit(
            ResponseContent(
                route: try route(), roles: roles, dossier: dossier.flatMap(DossierNumber.init(_:)), text: "Graag."))
    }

    /// Where the letter came from.
    public func route() throws -> Route {
        Route(sender: try #require(Address(Self.secretariaat)), region: "haagse-regio")
    }

    /// A request's content.
    public func meeting(
        _ kind: MeetingContent.Kind = .conversation, slots: [String] = [], invited: [String] = []
    ) throws -> ChangeBody {
        .meetingRequest(
            MeetingContent(
                kind: kind, accounthouder: try #require(Address(Self.accounthouder)),
                invited: invited.compactMap(OrganisationCode.init(_:)), slots: slots.compactMap(Slot.init(_:))))
    }

    /// A slot.
    public static func slot(_ text: String) throws -> Slot { try #require(Slot(text)) }
}
