import RegiopostModel
import RegiopostTestSupport
import Testing

/// Writes changes at random: mostly sensible ones on what the author sees, some by the wrong people, out of turn, on
/// what isn't there, or on top of something old.
struct RandomWriter {
    private var generator: SeededGenerator
    private var count: UInt64 = 0
    let story: Story

    /// What ends a subject comes seldom, or nothing would ever get far.
    private static let endings: Set<ChangeType> = [
        .letterWithdraw, .responseWithdraw, .meetingDecline, .meetingCancel, .mandateEnd, .organisationMerge,
        .agreementDrop, .programmeClose, .draftDiscard,
    ]

    /// What comes late in a story is tried oftener, or it would never come to it.
    private static let lateTypes: [ChangeType] = [
        .meetingConfirm, .meetingHold, .agreementRecord, .agreementAmend, .agreementDrop, .programmeStart,
        .programmeInclude, .programmeExclude,
    ]

    init(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        story = try Story()
    }

    mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &generator) }

    mutating func nextID() -> ChangeID {
        count += 1
        return ChangeID(time: Timestamp(milliseconds: 1_775_000_000_000), random: (generator.next(), count))
    }

    /// One more change by an address on what it sees; `nil` where the type picked has nothing to be about.
    mutating func change(by author: Address, seeing view: Correspondence) throws -> Change? {
        let id = nextID()
        let types = [Self.lateTypes, Self.favoured(by: author, in: view), ChangeType.allCases, ChangeType.allCases]
        guard let type = pick(types[number(below: types.count)]),
            !Self.endings.contains(type) || number(below: 6) == 0,
            let subject = subject(of: type, id, author, view),
            let body = try body(of: type, on: subject, by: author, view)
        else { return nil }
        let seen = view.subject(subject)
        var after = type.isCommuting ? nil : seen?.lastExact
        // Now and then something old or strange is cited.
        if number(below: 20) == 0 { after = pick(seen?.exactChanges.elements ?? []) ?? nextID() }
        let needs = needs(of: body, view) + (number(below: 20) == 0 ? [nextID()] : [])
        return Change(
            id: id, subject: subject, after: after, needs: needs, author: author,
            time: Timestamp(milliseconds: 1_775_000_000_000), type: type, body: body)
    }

    // MARK: What it is about

    private mutating func subject(
        of type: ChangeType, _ id: ChangeID, _ author: Address, _ view: Correspondence
    ) -> SubjectID? {
        switch type {
        case .letterPublish: return .letter(id)
        case .meetingRequest: return .meeting(id)
        case .letterWithdraw, .letterSupersede: return letter(in: view)?.id
        case .draftSave where number(below: 3) == 0: return .draft(id)
        case .draftSave, .draftSign, .draftDecline, .draftDiscard:
            return draftSubject(of: type, author, view)
        case .jointSubmit, .jointWithdraw, .jointAcknowledge: return jointSubject(of: type, view)
        case .receiptDelivered, .receiptOpened:
            guard let letter = letter(in: view), let name = letter.name,
                let address = number(below: 3) == 0
                    ? pick(letter.state.content.recipients + letter.state.content.copies) : author
            else { return nil }
            return .receipt(letter: name, address: address)
        case .responseSubmit, .responseWithdraw, .responseAcknowledge, .termSet, .termSuspend, .termResume,
            .termRemind:
            guard let letter = letter(in: view), let name = letter.name,
                let organisation = author.organisation.kind == .municipality && number(below: 8) > 0
                    ? author.organisation : pick(letter.state.content.recipients)?.organisation
            else { return nil }
            switch type {
            case .termResume where number(below: 4) > 0:
                return pick(
                    ids(in: view) { id in
                        if case .term(let term) = view.subject(id)?.state { term.suspension != nil } else { false }
                    })
            case .termSet, .termSuspend, .termResume, .termRemind:
                return .term(letter: name, organisation: organisation)
            default: return .response(letter: name, organisation: organisation)
            }
        case .meetingJoin, .meetingLeave, .meetingPropose, .meetingCounter, .meetingAccept, .meetingConfirm,
            .meetingDecline, .meetingCancel, .meetingReschedule, .meetingHold:
            return pick(ids(in: view) { if case .meeting = $0 { true } else { false } })
        case .agreementRecord, .agreementProgress, .agreementAmend, .agreementComplete, .agreementDrop,
            .agreementReopen, .programmeStart, .programmeInclude, .programmeExclude, .programmeRename,
            .programmeClose:
            return agreementSubject(of: type, id, view)
        case .organisationSet: return OrganisationCode("gm0603").map(SubjectID.organisation)
        case .organisationMerge: return OrganisationCode("gm0518").map(SubjectID.organisation)
        case .regionSet, .regionHandover: return .region("haagse-regio")
        case .mandateSet, .mandateStart, .mandateEnd: return mandate(type, view)
        }
    }

    mutating func letter(in view: Correspondence) -> (id: SubjectID, name: ChangeID?, state: LetterState)? {
        let letters = ids(in: view) { if case .letter = $0 { true } else { false } }
        guard let id = pick(letters), case .letter(let state) = view.subject(id)?.state, case .letter(let name) = id
        else { return nil }
        return (id, name, state)
    }

    /// In an order that is the same in every run, as a dictionary's isn't.
    func ids(in view: Correspondence, where isWanted: (SubjectID) -> Bool) -> [SubjectID] {
        view.subjects.keys.filter(isWanted).sorted { $0.text < $1.text }
    }

    /// The formateur's mandate, once: who began again would see again what came in between only when more comes.
    private func mandate(_ type: ChangeType, _ view: Correspondence) -> SubjectID? {
        guard let address = Address("gm0503/formateur") else { return nil }
        if type == .mandateSet, view.directory.mandates[address]?.isPlanOpen == false { return nil }
        return .mandate(address)
    }

    // MARK: What it says

    private mutating func body(
        of type: ChangeType, on subject: SubjectID, by author: Address, _ view: Correspondence
    ) throws -> ChangeBody? {
        switch type {
        case .letterPublish: return try newLetter(view)
        case .letterSupersede: return .letterSupersede(by: newerLetter(than: subject, view))
        case .draftSave: return try draftBody(on: subject, by: author, view)
        case .draftSign: return signature(on: subject, view)
        case .draftDecline: return .draft(.decline(reason: pick(["Nee.", "Niet zo."]) ?? "Nee."))
        case .draftDiscard: return .draft(.discard(reason: "Vervallen."))
        case .jointSubmit: return jointBody(on: subject, view)
        case .jointWithdraw: return .jointWithdraw(reason: "Te vroeg.")
        case .jointAcknowledge: return .jointAcknowledge(note: nil)
        case .letterWithdraw: return .letterWithdraw(reason: "Vervallen.")
        case .receiptDelivered: return .receiptDelivered(try story.route())
        case .receiptOpened: return .receiptOpened(try story.route())
        case .responseSubmit:
            return try response(to: subject, view)
        case .responseWithdraw: return .responseWithdraw(reason: "Te vroeg.")
        case .responseAcknowledge: return .responseAcknowledge(note: nil)
        case .meetingRequest:
            let kind = pick(MeetingContent.Kind.allCases) ?? .conversation
            return try story.meeting(
                kind, slots: slots().map(\.text),
                invited: ["gm0503", "gm0518", "gm0603"].filter { text in
                    text != author.organisation.text && number(below: 20) > 0
                        && OrganisationCode(text).map { view.directory.mergers[$0] == nil } ?? false
                })
        case .meetingJoin:
            return .meeting(.join(slots: try slots(), replaces: joins(of: author.organisation, subject, view)))
        case .meetingLeave:
            let joins = joins(of: author.organisation, subject, view)
            return joins.isEmpty ? nil : .meeting(.leave(replaces: joins))
        case .meetingReschedule:
            return .meeting(.reschedule(slots: [try slot()], place: nil, reason: "Verhinderd."))
        case .meetingHold: return .meeting(.hold(MeetingStep.Minutes(text: "Besproken.")))
        case .meetingPropose: return .meeting(.propose(slot: try slot(), place: nil, note: nil))
        case .meetingCounter: return .meeting(.counter(slots: [try slot()], note: nil))
        case .meetingAccept: return .meeting(.accept(note: nil))
        case .meetingConfirm: return .meeting(.confirm(slot: try namedSlot(subject, view), place: nil, note: nil))
        case .meetingDecline: return .meeting(.decline(reason: "Vol."))
        case .meetingCancel: return .meeting(.cancel(reason: "Later."))
        case .agreementRecord, .agreementProgress, .agreementAmend, .agreementComplete, .agreementDrop,
            .agreementReopen, .programmeStart, .programmeInclude, .programmeExclude, .programmeRename,
            .programmeClose:
            return try agreementBody(of: type, on: subject, view)
        case .termSet: return .term(.set(try termRoute(), due: try day(), note: nil))
        case .termSuspend: return .term(.suspend(try termRoute(), from: try day(), reason: "Wij wachten."))
        case .termResume: return .term(.resume(on: try day(after: subject, view), note: nil))
        case .termRemind: return .term(.remind(try termRoute(), note: "Graag."))
        case .organisationSet:
            return .organisationSet(
                Organisation(
                    code: try #require(OrganisationCode("gm0603")), name: "Rijswijk", shortName: "Rijswijk",
                    regions: [Organisation.administrative: number(below: 4) == 0 ? "drechtsteden" : "haagse-regio"])
            )
        case .organisationMerge, .regionHandover, .mandateSet, .mandateStart, .mandateEnd:
            return try directoryBody(of: type)
        case .regionSet:
            let province = try #require(OrganisationCode("pv28"))
            return .regionSet(
                try #require(Region(name: "haagse-regio", title: "Regio \(number(below: 9))", province: province)))
        }
    }

    private func directoryBody(of type: ChangeType) throws -> ChangeBody {
        let formateur = try #require(Address("gm0503/formateur"))
        let college = try #require(Address("gm0503/college"))
        let day = CalendarDate(daysSince1970: 20_500)
        switch type {
        case .organisationMerge:
            let (old, new) = (try #require(OrganisationCode("gm0603")), try #require(OrganisationCode("gm0518")))
            return .organisationMerge(Merger(organisations: [old], into: new, from: day))
        case .regionHandover:
            return .regionHandover(Handover(from: day, contact: Region.Contact(name: "D. de Boer")))
        case .mandateSet: return .mandateSet(Mandate(address: formateur, from: day, successor: college))
        case .mandateStart: return .mandateStart(address: formateur, on: day)
        default: return .mandateEnd(MandateEnd(address: formateur, on: day, successor: college))
        }
    }

    /// A letter to those who are there; now and then to somebody who no longer is.
    mutating func letter(_ directory: Directory) throws -> ChangeBody {
        guard number(below: 20) > 0 else { return try story.letter() }
        let recipients = ["gm0503/formateur", "gm0518/formateur"].compactMap { text in
            Address(text).flatMap(directory.holder(of:))?.text
        }
        return try story.letter(to: recipients, due: "2026-05-20")
    }

    private mutating func response(to subject: SubjectID, _ view: Correspondence) throws -> ChangeBody {
        var roles: [Role] = [.formateur, .griffie]
        if case .response(let letter, let organisation) = subject,
            case .letter(let state) = view.subject(.letter(letter))?.state
        {
            roles = state.content.roles(at: organisation)
        }
        return try story.response(
            dossier: number(below: 10) == 0 ? "DOS-2026-0000043" : Story.dossier, roles: roles)
    }

    private func termRoute() throws -> TermRoute {
        TermRoute(route: try story.route(), roles: [.formateur, .griffie])
    }

    /// Mostly a day on which a term that stands still can run again.
    private mutating func day(after subject: SubjectID, _ view: Correspondence) throws -> CalendarDate {
        guard number(below: 4) > 0, case .term(let term) = view.subject(subject)?.state,
            let from = term.suspension?.from
        else { return try day() }
        return from.adding(days: number(below: 20))
    }

    private mutating func day() throws -> CalendarDate {
        try #require(CalendarDate(year: 2026, month: 5, day: number(below: 28) + 1))
    }

    private mutating func slot() throws -> Slot {
        try Story.slot("2026-05-1\(number(below: 3))T19:\(pick(["00", "30"]) ?? "00")/21:00")
    }

    private mutating func slots() throws -> [Slot] {
        var slots: [Slot] = []
        for _ in 0..<number(below: 3) { slots.append(try slot()) }
        return slots
    }

    /// The joins of an organisation that its author sees; now and then it overlooks them.
    private mutating func joins(
        of organisation: OrganisationCode, _ subject: SubjectID, _ view: Correspondence
    ) -> [ChangeID] {
        guard case .meeting(let meeting) = view.subject(subject)?.state, number(below: 4) > 0 else { return [] }
        return meeting.participations[organisation]?.standing.keys.sorted() ?? []
    }

    /// The slot that stands as proposed, where one does.
    private mutating func namedSlot(_ subject: SubjectID, _ view: Correspondence) throws -> Slot {
        guard case .meeting(let meeting) = view.subject(subject)?.state else { return try slot() }
        switch meeting.status {
        case .proposed(let slot, _), .accepted(let slot, _): return slot
        case .countered(let slots): return try pick(slots) ?? slot()
        default: return try pick(meeting.commonSlots) ?? slot()
        }
    }
}
