/// Whether what is said about agreements and programmes fits the meeting that they came out of, and each other.
enum AgreementConsistency {
    /// The meeting or the agreements that a change speaks of.
    static func subjects(neededBy change: Change) -> [SubjectID] {
        switch change.body {
        case .agreementRecord(let content): [.meeting(content.meeting)]
        case .programme(.include(let ids)): ids.map(SubjectID.agreement)
        default: []
        }
    }

    /// - Throws: `subject-unknown` for what the author may not see, `illegal-step` for a meeting that wasn't held,
    ///   `bad-field`, `dossier-mismatch`, `unknown-organisation` or `unknown-region`.
    static func check(_ change: Change, letter: LetterState?, in world: some World) throws(Refusal) {
        switch change.body {
        case .agreementRecord(let content):
            guard case .meeting(let meeting) = try state(.meeting(content.meeting), for: change.author, in: world)
            else { return }
            try record(content, change, meeting, letter)
        case .programmeStart(let content): try start(content, by: change.author, world.directory)
        case .programme(.include(let ids)):
            for id in ids { _ = try state(.agreement(id), for: change.author, in: world) }
        default: break
        }
    }

    private static func record(
        _ content: AgreementContent, _ change: Change, _ meeting: MeetingState, _ letter: LetterState?
    ) throws(Refusal) {
        guard let held = meeting.record else {
            throw Refusal(.illegalStep, ["state": meeting.status.name, "step": "record"])
        }
        guard change.needs.contains(held.id) else {
            throw Refusal(.badField, ["field": "needs", "expected": held.id.text])
        }
        guard content.kind == meeting.content.kind else {
            throw Refusal(.badField, ["field": "body.kind", "expected": meeting.content.kind.rawValue])
        }
        guard content.parties == meeting.parties else {
            let expected = meeting.parties.map(\.text).joined(separator: ", ")
            throw Refusal(.badField, ["field": "body.parties", "expected": expected])
        }
        guard content.owner == change.author.organisation || content.parties.contains(content.owner) else {
            throw Refusal(.badField, ["field": "body.owner", "expected": "one of the parties, or the province"])
        }
        if let letter, let dossier = content.dossier, dossier != letter.content.dossier {
            throw Refusal(.dossierMismatch, ["expected": letter.content.dossier.text, "found": dossier.text])
        }
    }

    private static func start(
        _ content: ProgrammeContent, by author: Address, _ directory: Directory
    ) throws(Refusal) {
        guard directory.regions[content.region]?.accounthouder == author else {
            throw Refusal(.unknownRegion, ["region": content.region])
        }
        guard Set(content.parties).count == content.parties.count,
            content.parties.allSatisfy({ $0.kind == .municipality })
        else { throw Refusal(.badField, ["field": "body.parties", "expected": "municipalities, each once"]) }
        for code in content.parties {
            guard directory.organisations[code] != nil else {
                throw Refusal(.unknownOrganisation, ["organisation": code.text])
            }
            if let refusal = directory.abolished(code) { throw refusal }
        }
    }

    private static func state(
        _ id: SubjectID, for author: Address, in world: some World
    ) throws(Refusal) -> Subject.State {
        guard let state = world.subject(id)?.state,
            Audience.includes(author, state, in: world.directory)
        else { throw Refusal(.subjectUnknown, ["subject": id.text]) }
        return state
    }
}
