/// Who may do what: the one table where it is decided. Whatever isn't allowed here is refused. `Protocol/rights.md` is its
/// print, cell by cell.
public enum RightsTable {
    /// Who may write a change of that type; anybody who fits one of them.
    public static func writers(of type: ChangeType) -> [Writer] {
        switch type {
        case .letterPublish: [Writer(.these([.secretariaat]), .anywhere)]
        case .letterWithdraw, .letterSupersede: [Writer(.sender)]
        case .receiptDelivered: [Writer(.these([.regiopostd]), .senderOrganisation)]
        case .receiptOpened: [Writer(.named)]
        case .responseSubmit, .responseWithdraw: responders
        case .responseAcknowledge: [Writer(.accounthouder)]
        case .jointSubmit: members
        case .jointWithdraw: responders
        case .jointAcknowledge: [Writer(.accounthouder)]
        case .draftSave, .draftDiscard: [Writer(.these([.secretariaat]), .drafter)] + responders
        case .draftSign, .draftDecline: [Writer(.these(DraftState.signatories), .drafter)] + members
        case .meetingRequest: [Writer(.requesters, .anywhere)]
        case .meetingJoin, .meetingLeave: [Writer(.requesters, .invited)]
        case .meetingCounter, .meetingAccept: [Writer(.requesters, .organisation)]
        case .meetingCancel, .meetingReschedule: [Writer(.requesters, .organisation), Writer(.accounthouder)]
        case .meetingPropose, .meetingConfirm, .meetingDecline, .meetingHold: [Writer(.accounthouder)]
        case .agreementRecord, .agreementAmend: [Writer(.accounthouder)]
        case .agreementProgress, .agreementComplete, .agreementDrop, .agreementReopen:
            [
                Writer(.these(Rights.leaders), .organisation), Writer(.requesters, .organisation),
                Writer(.accounthouder),
            ]
        case .programmeStart, .programmeInclude, .programmeExclude, .programmeRename, .programmeClose:
            [Writer(.accounthouder)]
        case .termSet: responders + [Writer(.sender), Writer(.accounthouder)]
        case .termSuspend, .termResume, .termRemind: [Writer(.sender), Writer(.accounthouder)]
        case .organisationSet, .organisationMerge, .regionSet, .regionHandover: server
        case .mandateSet, .mandateStart, .mandateEnd: server
        }
    }

    /// The server itself, for its operator or because a day has come.
    private static let server = [Writer(.these([.regiopostd]), .anywhere)]

    private static let members = [Writer(.these(Rights.leaders), .member), Writer(.addressedMember)]
    private static let responders = [Writer(.these(Rights.leaders), .organisation), Writer(.addressed)]
}
