/// The other subjects that a change speaks of, and that judging it takes.
struct Citations: Equatable {
    /// The letter that a receipt, a response, a request, an agreement or a draft is about.
    var letter: ChangeID?
    /// Another letter: the earlier one whose place a letter takes, or the newer one that takes its place.
    var otherLetter: ChangeID?
    /// The draft that something was sent from.
    var draft: ChangeID?

    init(of change: Change) {
        switch change.subject {
        case .receipt(let letter, _), .response(let letter, _), .term(let letter, _): self.letter = letter
        default: break
        }
        switch change.body {
        case .meetingRequest(let content): letter = content.letter
        case .agreementRecord(let content): letter = content.letter
        case .letterPublish(let content):
            otherLetter = content.supersedes
            draft = content.draft?.id
        case .letterSupersede(let newer): otherLetter = newer
        case .responseSubmit(let content): draft = content.draft?.id
        case .jointSubmit(let content):
            letter = content.letter
            draft = content.draft.id
        case .draftSave(let content): take(content)
        default: break
        }
    }

    private mutating func take(_ content: DraftContent) {
        letter = content.answer?.letter
        if case .letter(let drafted) = content.matter { otherLetter = drafted.supersedes }
    }

    /// Their names.
    var subjects: [SubjectID] {
        [letter.map(SubjectID.letter), otherLetter.map(SubjectID.letter), draft.map(SubjectID.draft)].compactMap {
            $0
        }
    }
}

/// What the subjects that a change speaks of are, for its author: one that the author may not see isn't there.
struct Cited {
    /// The letter that it is about.
    let letter: LetterState?
    /// The earlier or the newer letter.
    let otherLetter: LetterState?
    /// The draft that it was sent from.
    let draft: DraftState?

    /// - Throws: `letter-unknown`, or `subject-unknown` for a draft.
    init(of change: Change, in world: some World) throws(Refusal) {
        let citations = Citations(of: change)
        letter = try Self.letter(citations.letter, for: change.author, in: world)
        otherLetter = try Self.letter(citations.otherLetter, for: change.author, in: world)
        guard let id = citations.draft else {
            draft = nil
            return
        }
        guard case .draft(let draft) = Self.state(.draft(id), for: change.author, in: world) else {
            throw Refusal(.subjectUnknown, ["subject": SubjectID.draft(id).text])
        }
        self.draft = draft
    }

    private static func letter(
        _ id: ChangeID?, for author: Address, in world: some World
    ) throws(Refusal) -> LetterState? {
        guard let id else { return nil }
        guard case .letter(let letter) = state(.letter(id), for: author, in: world) else {
            throw Refusal(.letterUnknown, ["letter": id.text])
        }
        return letter
    }

    private static func state(_ id: SubjectID, for author: Address, in world: some World) -> Subject.State? {
        guard let state = world.subject(id)?.state else { return nil }
        let isVisible =
            author.role == .regiopostd
            || Audience.includes(author, state, in: world.directory)
        return isVisible ? state : nil
    }
}
