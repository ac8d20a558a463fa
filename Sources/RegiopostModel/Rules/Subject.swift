/// What stands behind a subject's name: the fold of its changes, in order. Equal changes make equal subjects
/// everywhere.
public struct Subject: Equatable, Sendable {
    /// The state, by what sort of subject it is.
    public indirect enum State: Equatable, Sendable {
        case letter(LetterState)
        case receipt(ReceiptState)
        case response(ResponseState)
        case joint(JointState)
        case draft(DraftState)
        case meeting(MeetingState)
        case agreement(AgreementState)
        case programme(ProgrammeState)
        case term(TermState)
        case organisation(Organisation)
        case region(Region)
        case mandate(MandateState)
    }

    /// Its name.
    public let id: SubjectID
    /// Its state; `nil` where all its changes are of types that this version doesn't know.
    public private(set) var state: State?
    /// The exact changes, oldest first: what `after` is compared with.
    public private(set) var exactChanges = Trail<ChangeID>()
    /// The last change of any kind.
    public private(set) var head: ChangeID?
    /// How many changes there are of types that this version doesn't know. Nothing exact is written on top of them.
    public private(set) var unknownChanges = 0

    /// A subject without any change yet.
    public init(id: SubjectID) { self.id = id }

    /// The last exact change, which the next one cites.
    public var lastExact: ChangeID? { exactChanges.last }

    /// Takes one more change. Leaves the subject as it was when it throws.
    ///
    /// - Parameters:
    ///   - digest: the SHA-256 of the change's line; asked for where its type `isCitedByDigest`, or nobody can cite it.
    ///   - receivedAt: the server's time of receipt; `nil` for a change that is still in an outbox.
    /// - Throws: `illegal-step`, `slot-unknown`, `subject-unknown` or, on drafts, `bad-field`, `predecessor-missing` or
    ///   `text-changed`.
    public mutating func apply(
        _ change: Change, digest: Digest? = nil, receivedAt: Timestamp?
    ) throws(Refusal) {
        state = try Self.next(state, change, digest, receivedAt)
        head = change.id
        if change.type == nil { unknownChanges += 1 }
        if change.type?.isCommuting != true { exactChanges.append(change.id) }
    }

    private static func next(
        _ state: State?, _ change: Change, _ digest: Digest?, _ receivedAt: Timestamp?
    ) throws(Refusal) -> State? {
        switch (state, change.body) {
        case (nil, .letterPublish(let content)):
            return .letter(LetterState(content: content, sender: change.author, publishedAt: receivedAt))
        case (.letter(var letter), .letterWithdraw(let reason)):
            try letter.withdraw(reason: reason)
            return .letter(letter)
        case (.letter(var letter), .letterSupersede(let newer)):
            try letter.supersede(by: newer)
            return .letter(letter)
        case (_, .draftSave), (.draft, .draft): return try draft(state, change, digest, receivedAt)
        case (_, .jointSubmit), (.joint, .jointWithdraw), (.joint, .jointAcknowledge):
            return try joint(state, change, receivedAt)
        case (_, .receiptDelivered), (_, .receiptOpened): return try receipt(state, change, receivedAt)
        case (_, .responseSubmit), (.response, .responseWithdraw), (.response, .responseAcknowledge):
            return try response(state, change, receivedAt)
        case (nil, .meetingRequest(let content)):
            return .meeting(MeetingState(content: content, requester: change.author, requestedAt: receivedAt))
        case (.meeting(var meeting), .meeting(let step)):
            try meeting.apply(step, change.id, by: change.author, receivedAt: receivedAt)
            return .meeting(meeting)
        case (_, .agreementRecord), (_, .agreement), (_, .programmeStart), (_, .programme):
            return try agreement(state, change, receivedAt)
        case (_, .term(let step)): return try term(state, step, change, receivedAt)
        case (_, .organisationSet(let organisation)): return .organisation(organisation)
        case (.organisation, .organisationMerge): return state
        case (_, .regionSet(let region)): return .region(region)
        case (.region(let region), .regionHandover(let handover)):
            return .region(region.handed(to: handover.contact))
        case (_, .mandateSet), (_, .mandateStart), (_, .mandateEnd): return try mandate(state, change)
        case (_, .unknown): return state
        case (nil, _): throw Refusal(.subjectUnknown, ["subject": change.subject.text])
        default: throw Refusal(.illegalStep, ["state": "started", "step": change.typeName])
        }
    }

    private static func agreement(_ state: State?, _ change: Change, _ receivedAt: Timestamp?) throws(Refusal)
        -> State
    {
        switch (state, change.body) {
        case (nil, .agreementRecord(let content)):
            return .agreement(AgreementState(content: content, recorder: change.author, recordedAt: receivedAt))
        case (.agreement(var agreement), .agreement(let step)):
            try agreement.apply(step, by: change.author, receivedAt: receivedAt)
            return .agreement(agreement)
        case (nil, .programmeStart(let content)):
            return .programme(ProgrammeState(content: content, keeper: change.author, startedAt: receivedAt))
        case (.programme(var programme), .programme(let step)):
            try programme.apply(step)
            return .programme(programme)
        case (nil, _): throw Refusal(.subjectUnknown, ["subject": change.subject.text])
        default: throw Refusal(.illegalStep, ["state": "started", "step": change.typeName])
        }
    }

    private static func mandate(_ state: State?, _ change: Change) throws(Refusal) -> State {
        guard case .mandate(let address) = change.subject else {
            throw Refusal(.subjectMismatch, ["type": change.typeName, "subject": change.subject.text])
        }
        var mandate = if case .mandate(let known) = state { known } else { MandateState(address: address) }
        try mandate.apply(change)
        return .mandate(mandate)
    }

    private static func receipt(_ state: State?, _ change: Change, _ receivedAt: Timestamp?) throws(Refusal)
        -> State
    {
        guard case .receipt(_, let address) = change.subject else {
            throw Refusal(.subjectMismatch, ["type": change.typeName, "subject": change.subject.text])
        }
        var receipt: ReceiptState
        switch (state, change.body) {
        case (.receipt(let known), _): receipt = known
        case (_, .receiptDelivered(let route)), (_, .receiptOpened(let route)):
            receipt = ReceiptState(route: route, address: address)
        default: throw Refusal(.illegalStep, ["state": "started", "step": change.typeName])
        }
        if case .receiptDelivered = change.body {
            receipt.deliver(at: receivedAt)
        } else {
            receipt.open(at: receivedAt)
        }
        return .receipt(receipt)
    }

    private static func term(
        _ state: State?, _ step: TermStep, _ change: Change, _ receivedAt: Timestamp?
    ) throws(Refusal) -> State {
        guard case .term(let letter, let organisation) = change.subject else {
            throw Refusal(.subjectMismatch, ["type": change.typeName, "subject": change.subject.text])
        }
        var term: TermState
        if case .term(let known) = state {
            term = known
        } else {
            guard let route = step.route else {
                throw Refusal(.subjectUnknown, ["subject": change.subject.text])
            }
            term = TermState(letter: letter, organisation: organisation, route: route)
        }
        try term.apply(step, by: change.author, receivedAt: receivedAt)
        return .term(term)
    }

    private static func response(_ state: State?, _ change: Change, _ receivedAt: Timestamp?) throws(Refusal)
        -> State
    {
        guard case .response(let letter, let organisation) = change.subject else {
            throw Refusal(.subjectMismatch, ["type": change.typeName, "subject": change.subject.text])
        }
        guard case .response(var response) = state else {
            guard case .responseSubmit(let content) = change.body else {
                throw Refusal(.subjectUnknown, ["subject": change.subject.text])
            }
            let first = ResponseState.Version(content, by: change, receivedAt: receivedAt)
            return .response(ResponseState(letter: letter, organisation: organisation, first: first))
        }
        switch change.body {
        case .responseSubmit(let content):
            response.history.submit(ResponseState.Version(content, by: change, receivedAt: receivedAt))
        case .responseWithdraw(let reason): try response.history.withdraw(reason: reason)
        case .responseAcknowledge(let note): try response.history.acknowledge(note: note)
        default: throw Refusal(.illegalStep, ["state": response.status.name, "step": change.typeName])
        }
        return .response(response)
    }
}
