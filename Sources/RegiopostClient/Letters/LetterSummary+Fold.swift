import RegiopostModel

extension LetterSummary {
    /// The summary of one letter in a fold, if it is there. O(subjects).
    public init?(of id: ChangeID, in correspondence: Correspondence) {
        guard let found = Self.all(in: correspondence, only: id).first else { return nil }
        self = found
    }

    /// The summaries of all letters in a fold, in no order. O(subjects).
    public static func all(in correspondence: Correspondence) -> [LetterSummary] {
        all(in: correspondence, only: nil)
    }

    private static func all(in correspondence: Correspondence, only wanted: ChangeID?) -> [LetterSummary] {
        let joints = View.jointsByLetter(in: correspondence)
        var openers: [ChangeID: [String]] = [:]
        for (subject, fold) in correspondence.subjects {
            guard case .receipt(let letter, let address) = subject, case .receipt(let receipt) = fold.state,
                receipt.isOpened, letter == wanted ?? letter
            else { continue }
            openers[letter, default: []].append(address.text)
        }
        return correspondence.subjects.compactMap { subject, fold in
            guard case .letter(let id) = subject, case .letter(let letter) = fold.state, id == wanted ?? id else {
                return nil
            }
            return LetterSummary(
                id, letter, openers: openers[id, default: []].sorted(), joints: joints[id] ?? [], in: correspondence
            )
        }
    }

    /// The summary of one letter out of the lines that concern it, in their order; `nil` where the letter itself isn't among
    /// them. O(bytes).
    public static func folding(_ entries: some Sequence<ReplicaEntry>) -> LetterSummary? {
        var correspondence = Correspondence()
        for entry in entries {
            guard let change = try? Change(line: entry.line) else { continue }
            correspondence.take(change, receivedAt: entry.receivedAt)
        }
        return all(in: correspondence).first
    }

    private init(
        _ id: ChangeID, _ letter: LetterState, openers: [String], joints: [JointState],
        in correspondence: Correspondence
    ) {
        let content = letter.content
        let receipts = content.recipients.compactMap { address -> ReceiptState? in
            guard case .receipt(let state) = correspondence.subject(.receipt(letter: id, address: address))?.state
            else { return nil }
            return state
        }
        self.id = id
        sender = letter.sender
        isPublished = letter.publishedAt != nil
        dossier = content.dossier.text
        document = content.document.text
        date = content.date
        title = content.title
        region = content.region
        recipients = content.recipients.map(\.text)
        copies = content.copies.map(\.text)
        attachments = content.attachments
        files = content.files
        due = content.due
        confidentiality = content.confidentiality
        supersedes = content.supersedes
        supersededBy = letter.supersededBy
        withdrawn = letter.withdrawn
        delivered = receipts.count { $0.deliveredAt != nil }
        opened = receipts.count(where: \.isOpened)
        self.openers = openers
        parties = Set(content.recipients.map(\.organisation)).sorted().map { organisation in
            Party(organisation, of: id, due: content.due, joints: joints, in: correspondence)
        }
        drafts =
            (content.draft.map { [$0.id] } ?? [])
            + parties.flatMap { party -> [ChangeID] in
                guard
                    case .response(let own) = correspondence.subject(
                        .response(letter: id, organisation: party.organisation))?.state
                else { return [] }
                return own.history.drafts
            }
    }
}

extension LetterSummary.Party {
    fileprivate init(
        _ organisation: OrganisationCode, of letter: ChangeID, due: CalendarDate?, joints: [JointState],
        in correspondence: Correspondence
    ) {
        self.organisation = organisation
        if case .response(let own) = correspondence.subject(.response(letter: letter, organisation: organisation))?
            .state
        {
            response = LetterSummary.Step(own.status)
            isResponseReceived = own.current.receivedAt != nil
            responseDossier = own.current.content.dossier?.text
        } else {
            response = nil
            isResponseReceived = false
            responseDossier = nil
        }
        joint = joints.first { $0.answers(for: organisation) }.map { LetterSummary.Step($0.status) }
        if case .term(let term) = correspondence.subject(.term(letter: letter, organisation: organisation))?.state {
            deadline = Deadline(letter: due, term: term)
            reminders = term.reminders
            lastReminder = term.lastReminder
        } else {
            deadline = Deadline(letter: due, term: nil)
            reminders = 0
            lastReminder = nil
        }
    }
}
