import RegiopostJSON

/// What a change says, by its type.
public indirect enum ChangeBody: Equatable, Sendable {
    case letterPublish(LetterContent)
    case letterWithdraw(reason: String)
    case letterSupersede(by: ChangeID)
    case receiptDelivered(Route)
    case receiptOpened(Route)
    case responseSubmit(ResponseContent)
    case responseWithdraw(reason: String)
    case responseAcknowledge(note: String?)
    case jointSubmit(JointContent)
    case jointWithdraw(reason: String)
    case jointAcknowledge(note: String?)
    case draftSave(DraftContent)
    case draft(DraftStep)
    case meetingRequest(MeetingContent)
    case meeting(MeetingStep)
    case agreementRecord(AgreementContent)
    case agreement(AgreementStep)
    case programmeStart(ProgrammeContent)
    case programme(ProgrammeStep)
    case term(TermStep)
    case organisationSet(Organisation)
    case organisationMerge(Merger)
    case regionSet(Region)
    case regionHandover(Handover)
    case mandateSet(Mandate)
    case mandateStart(address: Address, on: CalendarDate)
    case mandateEnd(MandateEnd)
    /// Of a type that this version doesn't know: kept as it came.
    case unknown(JSONValue)

    init(typeName: String, fields: Fields) throws(Refusal) {
        guard let type = ChangeType(rawValue: typeName) else {
            self = .unknown(fields.value)
            return
        }
        switch type {
        case .letterPublish: self = .letterPublish(try LetterContent(fields))
        case .letterWithdraw: self = .letterWithdraw(reason: try fields.text("reason"))
        case .letterSupersede: self = .letterSupersede(by: try fields.value("by", "identifier", ChangeID.init(_:)))
        case .receiptDelivered: self = .receiptDelivered(try Route(fields))
        case .receiptOpened: self = .receiptOpened(try Route(fields))
        case .responseSubmit: self = .responseSubmit(try ResponseContent(fields))
        case .responseWithdraw: self = .responseWithdraw(reason: try fields.text("reason"))
        case .responseAcknowledge: self = .responseAcknowledge(note: try fields.optionalText("note"))
        case .jointSubmit: self = .jointSubmit(try JointContent(fields))
        case .jointWithdraw: self = .jointWithdraw(reason: try fields.text("reason"))
        case .jointAcknowledge: self = .jointAcknowledge(note: try fields.optionalText("note"))
        case .draftSave: self = .draftSave(try DraftContent(fields))
        case .draftSign, .draftDecline, .draftDiscard: self = .draft(try DraftStep(type, fields))
        case .meetingRequest: self = .meetingRequest(try MeetingContent(fields))
        case .meetingJoin, .meetingLeave, .meetingPropose, .meetingCounter, .meetingAccept, .meetingConfirm,
            .meetingDecline, .meetingCancel, .meetingReschedule, .meetingHold:
            self = .meeting(try MeetingStep(type, fields))
        case .agreementRecord: self = .agreementRecord(try AgreementContent(fields))
        case .agreementProgress, .agreementAmend, .agreementComplete, .agreementDrop, .agreementReopen:
            self = .agreement(try AgreementStep(type, fields))
        case .programmeStart: self = .programmeStart(try ProgrammeContent(fields))
        case .programmeInclude, .programmeExclude, .programmeRename, .programmeClose:
            self = .programme(try ProgrammeStep(type, fields))
        case .termSet, .termSuspend, .termResume, .termRemind: self = .term(try TermStep(type, fields))
        case .organisationSet: self = .organisationSet(try Organisation(fields))
        case .organisationMerge: self = .organisationMerge(try Merger(fields))
        case .regionSet: self = .regionSet(try Region(fields))
        case .regionHandover: self = .regionHandover(try Handover(fields))
        case .mandateSet: self = .mandateSet(try Mandate(fields))
        case .mandateStart:
            self = .mandateStart(
                address: try fields.value("address", "address", Address.init(_:)),
                on: try fields.value("on", "YYYY-MM-DD", CalendarDate.init(_:)))
        case .mandateEnd: self = .mandateEnd(try MandateEnd(fields))
        }
    }

    /// The body as JSON.
    public var json: JSONValue {
        switch self {
        case .letterPublish(let content): content.json
        case .letterWithdraw(let reason), .responseWithdraw(let reason), .jointWithdraw(let reason):
            .object(["reason": .string(reason)])
        case .letterSupersede(let newer): .object(["by": .string(newer.text)])
        case .receiptDelivered(let route), .receiptOpened(let route): route.json
        case .responseSubmit(let content): content.json
        case .responseAcknowledge(let note), .jointAcknowledge(let note):
            .object(["note": note.map(JSONValue.string)])
        case .jointSubmit(let content): content.json
        case .draftSave(let content): content.json
        case .draft(let step): step.json
        case .meetingRequest(let content): content.json
        case .meeting(let step): step.json
        case .agreementRecord(let content): content.json
        case .agreement(let step): step.json
        case .programmeStart(let content): content.json
        case .programme(let step): step.json
        case .term(let step): step.json
        case .organisationSet(let organisation): organisation.json
        case .organisationMerge(let merger): merger.json
        case .regionSet(let region): region.json
        case .regionHandover(let handover): handover.json
        case .mandateSet(let mandate): mandate.json
        case .mandateStart(let address, let on):
            .object(["address": .string(address.text), "on": .string(on.text)])
        case .mandateEnd(let end): end.json
        case .unknown(let value): value
        }
    }
}
