import RegiopostModel
import RegiopostTestSupport
import Testing

/// For each type of change a world in which the step is legal, on a subject of Delft (gm0503) in the Haagse regio, and
/// the change as anybody would write it.
struct RightsCase {
    var story: Story
    let type: ChangeType
    let subject: SubjectID?
    let body: ChangeBody
    let needs: [ChangeID]
    /// The same step on a subject of the province, where its own is of municipalities alone.
    var ofProvince: (subject: SubjectID, body: ChangeBody)?

    /// The steps that are tried here, the one on a subject of municipalities first.
    var steps: [(subject: SubjectID?, body: ChangeBody)] {
        [(subject, body)] + (ofProvince.map { [($0.subject, $0.body)] } ?? [])
    }

    /// One of those steps as the author would write it, and the code that it is refused with, `nil` where it may.
    func attempt(
        _ step: (subject: SubjectID?, body: ChangeBody), by author: Address
    ) throws -> (change: Change, refusal: RefusalCode?) {
        var story = story
        let change = try story.change(author.text, step.subject, type, step.body, needs: needs)
        return (change, try story.refusal(change))
    }

    /// The code that the author is refused with, `nil` where it may.
    func refusal(of author: Address) throws -> RefusalCode? {
        var story = story
        if author.organisation.kind == .province, let ofProvince {
            return try story.refusal(author.text, ofProvince.subject, type, ofProvince.body)
        }
        return try story.refusal(story.change(author.text, subject, type, body, needs: needs))
    }

    /// A step in a world of its own.
    init(
        _ story: Story, _ type: ChangeType, _ subject: SubjectID?, _ body: ChangeBody, needs: [ChangeID] = []
    ) {
        self.needs = needs
        self.story = story
        self.type = type
        self.subject = subject
        self.body = body
    }

    init(_ type: ChangeType) throws {
        switch type {
        case .letterPublish: self.init(try Story(), type, nil, try Story().letter())
        case .letterSupersede: try self.init(onOlderLetter: type)
        case .draftSave, .draftSign, .draftDecline, .draftDiscard: try self.init(onDraft: type)
        case .jointSubmit, .jointWithdraw, .jointAcknowledge: try self.init(onJoint: type)
        case .letterWithdraw: try self.init(onLetter: type, .letterWithdraw(reason: "Fout."))
        case .receiptDelivered, .receiptOpened: try self.init(onReceipt: type)
        case .responseSubmit, .responseAcknowledge, .responseWithdraw: try self.init(onResponse: type)
        case .meetingRequest: self.init(try Story(), type, nil, try Story().meeting(.briefing))
        case .meetingJoin: try self.init(onMeeting: type, .join(slots: []))
        case .meetingLeave: try self.init(onMeeting: type, .leave(replaces: [Self.anyID()]))
        case .meetingPropose: try self.init(onMeeting: type, .propose(slot: Self.slot(), place: nil, note: nil))
        case .meetingCounter:
            try self.init(onMeeting: type, .counter(slots: [Self.slot()], note: nil), isProposed: true)
        case .meetingAccept: try self.init(onMeeting: type, .accept(note: nil), isProposed: true)
        case .meetingConfirm:
            try self.init(
                onMeeting: type, .confirm(slot: Self.slot(), place: nil, note: nil), isProposed: true)
        case .meetingDecline: try self.init(onMeeting: type, .decline(reason: "Vol."))
        case .meetingCancel: try self.init(onMeeting: type, .cancel(reason: "Later."), isConfirmed: true)
        case .meetingReschedule:
            try self.init(
                onMeeting: type, .reschedule(slots: [Self.slot()], place: nil, reason: "Later."), isConfirmed: true)
        case .meetingHold:
            try self.init(onMeeting: type, .hold(MeetingStep.Minutes(text: "Besproken.")), isConfirmed: true)
        case .agreementRecord, .agreementProgress, .agreementAmend, .agreementComplete, .agreementDrop,
            .agreementReopen:
            try self.init(onAgreement: type)
        case .programmeStart, .programmeInclude, .programmeExclude, .programmeRename, .programmeClose:
            try self.init(onProgramme: type)
        case .termSet, .termSuspend, .termResume, .termRemind: try self.init(onTerm: type)
        case .organisationSet:
            let code = try #require(OrganisationCode("gm0599"))
            let body = ChangeBody.organisationSet(
                Organisation(code: code, name: "Rotterdam", shortName: "Rotterdam", regions: [:]))
            self.init(try Story(), type, .organisation(code), body)
        case .organisationMerge, .regionHandover, .mandateSet, .mandateStart, .mandateEnd:
            try self.init(inDirectory: type)
        case .regionSet:
            let province = try #require(OrganisationCode("pv28"))
            let region = try #require(
                Region(name: "rijnmond", title: "Rijnmond", province: province))
            self.init(try Story(), type, .region(region.name), .regionSet(region))
        }
    }

    /// A step that is legal in a directory where Delft's formateur has a mandate that has not begun.
    private init(inDirectory type: ChangeType) throws {
        var story = try Story()
        let formateur = try #require(Address("gm0505/formateur"))
        let college = try #require(Address("gm0505/college"))
        let day = try #require(CalendarDate("2026-03-30"))
        let plan = ChangeBody.mandateSet(Mandate(address: formateur, from: day, successor: college))
        switch type {
        case .organisationMerge:
            let into = try #require(OrganisationCode("gm0603"))
            let merger = Merger(organisations: [formateur.organisation], into: into, from: day)
            self.init(story, type, .organisation(into), .organisationMerge(merger))
        case .regionHandover:
            let contact = Region.Contact(name: "D. de Boer")
            self.init(story, type, .region("haagse-regio"), .regionHandover(Handover(from: day, contact: contact)))
        case .mandateSet: self.init(story, type, .mandate(formateur), plan)
        case .mandateEnd:
            self.init(
                story, type, .mandate(formateur),
                .mandateEnd(MandateEnd(address: formateur, on: day, successor: college)))
        default:
            // Of an address that isn't among those tried, since who waits for a mandate is refused as such.
            let other = try #require(Address("pv28/accounthouder-rijnmond"))
            let secretariaat = try #require(Address("pv28/secretariaat"))
            try story.accept(
                "pv28/regiopostd", .mandate(other), .mandateSet,
                .mandateSet(Mandate(address: other, from: day, successor: secretariaat)))
            self.init(story, type, .mandate(other), .mandateStart(address: other, on: day))
        }
    }

    /// An agreement out of a briefing of Delft's and Den Haag's councils, which Delft sees to.
    private init(onAgreement type: ChangeType) throws {
        var story = try Story()
        let subject = try story.recordedAgreement()
        switch type {
        case .agreementRecord:
            let (meeting, hold) = try story.heldMeeting()
            self.init(story, type, nil, try story.agreement(of: meeting), needs: [hold])
        case .agreementReopen:
            try story.accept(Story.accounthouder, subject, .agreementComplete, .agreement(.complete(note: nil)))
            self.init(story, type, subject, .agreement(.reopen(reason: "Toch niet.")))
        case .agreementProgress:
            self.init(story, type, subject, .agreement(.progress(note: "Half.", percent: 50)))
        case .agreementAmend: self.init(story, type, subject, .agreement(.amend(due: nil, reason: "Zomer.")))
        case .agreementDrop: self.init(story, type, subject, .agreement(.drop(reason: "Vervallen.")))
        default: self.init(story, type, subject, .agreement(.complete(note: nil)))
        }
    }

    /// A programme of Delft and Den Haag with one agreement in it.
    private init(onProgramme type: ChangeType) throws {
        var story = try Story()
        guard type != .programmeStart else {
            self.init(story, type, nil, story.programme())
            return
        }
        guard case .agreement(let one) = try story.recordedAgreement(),
            case .agreement(let other) = try story.recordedAgreement()
        else { preconditionFailure("an agreement") }
        let subject = try story.accept(Story.accounthouder, nil, .programmeStart, story.programme()).subject
        try story.accept(Story.accounthouder, subject, .programmeInclude, .programme(.include([one])))
        let step: ProgrammeStep =
            switch type {
            case .programmeInclude: .include([other])
            case .programmeExclude: .exclude([one])
            case .programmeRename: .rename("Wonen")
            default: .close(note: nil)
            }
        self.init(story, type, subject, .programme(step))
    }

    private init(onLetter type: ChangeType, _ body: ChangeBody) throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        self.init(story, type, letter.subject, body)
    }

    private init(onOlderLetter type: ChangeType) throws {
        var story = try Story()
        let older = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        guard case .letterPublish(let content) = try story.letter() else { throw Story.NoDraft() }
        let newer = try story.accept(
            Story.secretariaat, nil, .letterPublish, .letterPublish(content.replacing(older.id)))
        self.init(story, type, older.subject, .letterSupersede(by: newer.id))
    }

    /// A joint response that Delft drafts with Den Haag; for the province the draft of a letter.
    private init(onDraft type: ChangeType) throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let joint = try story.accept("gm0503/college", nil, .draftSave, try story.jointDraft(to: letter.id))
        let own = try story.accept(Story.secretariaat, nil, .draftSave, try story.letterDraft())
        func body(_ id: ChangeID, _ save: ChangeBody) throws -> ChangeBody {
            switch type {
            case .draftSave: save
            case .draftSign: try story.signature(of: id)
            case .draftDecline: .draft(.decline(reason: "Nee."))
            default: .draft(.discard(reason: "Vervallen."))
            }
        }
        self.init(story, type, joint.subject, try body(joint.id, joint.body))
        ofProvince = (own.subject, try body(own.id, own.body))
    }

    /// A joint response of Delft and Den Haag that both signed.
    private init(onJoint type: ChangeType) throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let draft = try story.accept("gm0503/college", nil, .draftSave, try story.jointDraft(to: letter.id)).id
        for author in ["gm0503/college", "gm0518/formateur"] {
            try story.accept(author, .draft(draft), .draftSign, try story.signature(of: draft))
        }
        let submit = try story.joint(from: draft)
        guard type != .jointSubmit else {
            self.init(story, type, .joint(draft), submit)
            return
        }
        try story.accept("gm0503/college", .joint(draft), .jointSubmit, submit)
        let body: ChangeBody =
            type == .jointWithdraw ? .jointWithdraw(reason: "Te vroeg.") : .jointAcknowledge(note: nil)
        self.init(story, type, .joint(draft), body)
    }

    private init(onReceipt type: ChangeType) throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let address = try #require(Address("gm0503/griffie"))
        let route = try story.route()
        self.init(
            story, type, .receipt(letter: letter.id, address: address),
            type == .receiptOpened ? .receiptOpened(route) : .receiptDelivered(route))
    }

    private init(onResponse type: ChangeType) throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let code = try #require(OrganisationCode("gm0503"))
        let subject = SubjectID.response(letter: letter.id, organisation: code)
        let answer = try story.response()
        switch type {
        case .responseSubmit: self.init(story, type, subject, answer)
        default:
            try story.accept("gm0503/college", subject, .responseSubmit, answer)
            let body: ChangeBody =
                type == .responseWithdraw ? .responseWithdraw(reason: "Te vroeg.") : .responseAcknowledge(note: nil)
            self.init(story, type, subject, body)
        }
    }

    /// Delft's term for a letter with a date.
    private init(onTerm type: ChangeType) throws {
        var story = try Story()
        let letter = try story.accept(
            Story.secretariaat, nil, .letterPublish, try story.letter(due: "2026-06-01"))
        let code = try #require(OrganisationCode("gm0503"))
        let subject = SubjectID.term(letter: letter.id, organisation: code)
        let route = TermRoute(route: try story.route(), roles: [.formateur, .griffie])
        let day = try #require(CalendarDate("2026-05-11"))
        let suspend = ChangeBody.term(.suspend(route, from: day, reason: "Wij wachten."))
        switch type {
        case .termSet: self.init(story, type, subject, .term(.set(route, due: day, note: nil)))
        case .termSuspend: self.init(story, type, subject, suspend)
        case .termResume:
            try story.accept(Story.secretariaat, subject, .termSuspend, suspend)
            self.init(story, type, subject, .term(.resume(on: day, note: nil)))
        default: self.init(story, type, subject, .term(.remind(route, note: nil)))
        }
    }

    /// A council briefing that Delft asked for, with Den Haag invited.
    private init(
        onMeeting type: ChangeType, _ step: MeetingStep, isProposed: Bool = false, isConfirmed: Bool = false
    ) throws {
        var story = try Story()
        let request = try story.accept(
            "gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing, invited: ["gm0518"]))
        if isProposed {
            try story.accept(
                Story.accounthouder, request.subject, .meetingPropose,
                .meeting(.propose(slot: Self.slot(), place: nil, note: nil)))
        }
        if isConfirmed {
            try story.accept(
                Story.accounthouder, request.subject, .meetingConfirm,
                .meeting(.confirm(slot: Self.slot(), place: nil, note: nil)))
        }
        self.init(story, type, request.subject, .meeting(step))
    }

    private static func anyID() throws -> ChangeID {
        try #require(ChangeID("0195d2a4-7c00-7000-8000-0000000000ff"))
    }

    private static func slot() throws -> Slot { try Story.slot("2026-05-12T19:30/21:00") }
}
