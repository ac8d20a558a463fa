/// The kinds of change that this version of the model knows.
public enum ChangeType: String, Sendable, CaseIterable {
    /// A letter goes to its recipients.
    case letterPublish = "letter.publish"
    /// Its sender takes a letter back.
    case letterWithdraw = "letter.withdraw"
    /// Its sender says which newer letter takes its place.
    case letterSupersede = "letter.supersede"
    /// The server saw that a letter reached an address's client.
    case receiptDelivered = "receipt.delivered"
    /// Somebody at the address opened the letter.
    case receiptOpened = "receipt.opened"
    /// An organisation answers a letter, or replaces its answer by a newer version.
    case responseSubmit = "response.submit"
    /// It takes its answer back.
    case responseWithdraw = "response.withdraw"
    /// The province says that it has read the answer.
    case responseAcknowledge = "response.acknowledge"
    /// Several organisations answer a letter together, or replace that answer.
    case jointSubmit = "joint.submit"
    /// The organisation that drew it up takes it back.
    case jointWithdraw = "joint.withdraw"
    /// The province says that it has read it.
    case jointAcknowledge = "joint.acknowledge"
    /// A text that only its circle sees, or a newer version of it.
    case draftSave = "draft.save"
    /// Somebody signs one version of it.
    case draftSign = "draft.sign"
    /// Somebody won't sign.
    case draftDecline = "draft.decline"
    /// Nothing becomes of it.
    case draftDiscard = "draft.discard"
    /// A conversation, a council briefing, a knowledge session or an expert team is asked for.
    case meetingRequest = "meeting.request"
    /// An organisation that was invited takes part.
    case meetingJoin = "meeting.join"
    /// An organisation that had joined no longer takes part.
    case meetingLeave = "meeting.leave"
    /// The province proposes a slot.
    case meetingPropose = "meeting.propose"
    /// The requester proposes another.
    case meetingCounter = "meeting.counter"
    /// The requester agrees with the slot proposed.
    case meetingAccept = "meeting.accept"
    /// The province fixes the slot.
    case meetingConfirm = "meeting.confirm"
    /// The province won't meet.
    case meetingDecline = "meeting.decline"
    /// The requester no longer wants to, or the province can't keep a date that was confirmed.
    case meetingCancel = "meeting.cancel"
    /// Either side wants another date than the one confirmed.
    case meetingReschedule = "meeting.reschedule"
    /// The meeting has taken place.
    case meetingHold = "meeting.hold"
    /// What a meeting came to.
    case agreementRecord = "agreement.record"
    /// How far an agreement is.
    case agreementProgress = "agreement.progress"
    /// Another date by which it should be done.
    case agreementAmend = "agreement.amend"
    /// It is done.
    case agreementComplete = "agreement.complete"
    /// Nothing becomes of it.
    case agreementDrop = "agreement.drop"
    /// It was done or dropped too soon.
    case agreementReopen = "agreement.reopen"
    /// An implementation programme begins.
    case programmeStart = "programme.start"
    /// Agreements become part of it.
    case programmeInclude = "programme.include"
    /// Agreements are no longer part of it.
    case programmeExclude = "programme.exclude"
    /// It gets another name.
    case programmeRename = "programme.rename"
    /// It is over.
    case programmeClose = "programme.close"
    /// The term for an answer gets a date: by the sender's side, or by the organisation for itself.
    case termSet = "term.set"
    /// The sender's side lets a term stand still.
    case termSuspend = "term.suspend"
    /// It runs again.
    case termResume = "term.resume"
    /// The sender's side reminds an organisation of its answer.
    case termRemind = "term.remind"
    /// An organisation as it is from now on.
    case organisationSet = "organisation.set"
    /// Organisations end, and another takes over all they had.
    case organisationMerge = "organisation.merge"
    /// A region as it is from now on.
    case regionSet = "region.set"
    /// Somebody else looks after a region.
    case regionHandover = "region.handover"
    /// From when until when an address has a holder, and who takes over: a plan.
    case mandateSet = "mandate.set"
    /// A mandate has begun.
    case mandateStart = "mandate.start"
    /// A mandate is over, and its successor takes over all that it saw.
    case mandateEnd = "mandate.end"

    /// Commuting changes don't check `after`, repeat without effect and don't count for the `after` of exact ones.
    public var isCommuting: Bool {
        switch self {
        case .receiptDelivered, .receiptOpened, .draftSign, .draftDecline, .meetingJoin, .meetingLeave, .termRemind:
            true
        default: false
        }
    }

    /// Whether a change of this type can be the first on its subject.
    public var startsSubject: Bool {
        switch self {
        case .letterPublish, .receiptDelivered, .receiptOpened, .responseSubmit, .jointSubmit, .draftSave,
            .meetingRequest, .termSet, .termSuspend, .termRemind, .organisationSet, .regionSet, .agreementRecord,
            .programmeStart, .mandateSet, .mandateEnd:
            true
        default: false
        }
    }

    /// Whether others cite the digest of such a line, so that its fold must be handed it.
    public var isCitedByDigest: Bool { self == .draftSave }
}
