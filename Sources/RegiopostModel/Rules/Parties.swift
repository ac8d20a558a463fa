/// Who stands how to a subject: what the rights table's relations are asked of. Derived from the change, its subject's
/// state before it, and the letter that it is about.
struct Parties {
    /// Who published the letter.
    var sender: Address?
    /// The account holder of the letter's region, or the one that a meeting is asked of.
    var accounthouder: Address?
    /// The address that the subject is named after.
    var named: Address?
    /// The organisation whose subject it is.
    var organisation: OrganisationCode?
    /// The addresses that the letter is addressed to.
    var addressed: [Address] = []
    /// The province that drafts a letter.
    var drafter: OrganisationCode?
    /// The organisations that answer, or draft an answer, alone or together.
    var members: [OrganisationCode] = []
    /// The organisations that are invited.
    var invited: [OrganisationCode] = []
    /// The roles that may ask for a meeting of the subject's kind.
    var requesters: [Role] = []

    /// - Parameters:
    ///   - state: the subject before the change, `nil` for a new one.
    ///   - letter: the letter that a receipt or response is about.
    init(of change: Change, on state: Subject.State?, letter: LetterState?) {
        if let letter {
            sender = letter.sender
            accounthouder = letter.route.accounthouder
            addressed = letter.content.recipients
        }
        switch change.subject {
        case .receipt(_, let address): named = address
        case .response(_, let organisation), .term(_, let organisation): self.organisation = organisation
        default: break
        }
        switch state {
        case .letter(let letter): sender = letter.sender
        case .meeting(let meeting): take(meeting.content, by: meeting.requester)
        case .agreement(let agreement): take(agreement)
        case .programme(let programme): accounthouder = programme.keeper
        case .draft(let draft): take(draft.current.content, of: draft.owner)
        case .joint(let joint): take(joint.current.content)
        default: takeFirst(change)
        }
    }

    /// What the first change on a subject says itself.
    private mutating func takeFirst(_ change: Change) {
        let author = change.author
        switch change.body {
        case .meetingRequest(let content): take(content, by: author)
        // Of all account holders only the one whose meeting it is sees it, and the rules ask for that.
        case .agreementRecord: if case .accounthouder = author.role { accounthouder = author }
        case .programmeStart(let content):
            accounthouder = Address(organisation: author.organisation, role: .accounthouder(region: content.region))
        case .draftSave(let content): take(content, of: change.author.organisation)
        case .jointSubmit(let content): take(content)
        default: break
        }
    }

    private mutating func take(_ agreement: AgreementState) {
        accounthouder = agreement.recorder
        organisation = agreement.content.owner
        requesters = Rights.requesters(of: agreement.content.kind)
    }

    private mutating func take(_ content: DraftContent, of owner: OrganisationCode) {
        guard let answer = content.answer else {
            drafter = owner
            return
        }
        organisation = owner
        members = content.kind == .joint ? content.members : [owner]
        addressed = answer.recipients
    }

    private mutating func take(_ content: JointContent) {
        sender = content.route.sender
        accounthouder = content.route.accounthouder
        organisation = content.lead
        members = content.members
        addressed = content.recipients
    }

    private mutating func take(_ content: MeetingContent, by requester: Address) {
        accounthouder = content.accounthouder
        organisation = requester.organisation
        invited = content.invited
        requesters = Rights.requesters(of: content.kind)
    }
}
