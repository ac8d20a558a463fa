import RegiopostModel
import RegiopostTestSupport
import Testing

/// Drafts, what is sent from them, and letters that take the place of others.
extension RandomWriter {
    /// What is possible so seldom that it is tried more often where it is.
    static func favoured(by author: Address, in view: Correspondence) -> [ChangeType] {
        guard case .accounthouder = author.role else {
            let hasJoint = view.subjects.keys.contains { if case .joint = $0 { true } else { false } }
            return [.jointSubmit, .jointSubmit, .jointSubmit, .draftSign, .draftSign]
                + (hasJoint ? [.jointWithdraw, .jointWithdraw] : [])
        }
        let isSubmitted = view.subjects.values.contains { subject in
            if case .joint(let joint) = subject.state { joint.status == .submitted } else { false }
        }
        return isSubmitted ? [ChangeType](repeating: .jointAcknowledge, count: 12) : []
    }

    mutating func jointSubject(of type: ChangeType, _ view: Correspondence) -> SubjectID? {
        if type == .jointSubmit, case .draft(let id) = pick(Array(drafts(in: view) { $0.kind == .joint }.prefix(2)))
        {
            return .joint(id)
        }
        return pick(ids(in: view) { if case .joint = $0 { true } else { false } })
    }

    mutating func draftSubject(of type: ChangeType, _ author: Address, _ view: Correspondence) -> SubjectID? {
        guard type == .draftSign, number(below: 4) > 0 else {
            // A new text voids what was signed, so that comes seldom.
            let isAny = type != .draftSave || number(below: 6) == 0
            return pick(drafts(in: view) { isAny || $0.decisions.isEmpty })
        }
        return drafts(in: view) { !$0.isSigned(by: $0.party(author)) }.first
    }

    /// Those that lack the fewest signatures first, or nothing would ever be signed by all.
    private func drafts(in view: Correspondence, where isWanted: (DraftState) -> Bool) -> [SubjectID] {
        let found = ids(in: view) { if case .draft = $0 { true } else { false } }.compactMap {
            id -> (SubjectID, Int)? in
            guard case .draft(let draft) = view.subject(id)?.state, isWanted(draft) else { return nil }
            return (id, draft.status == .open && !draft.parties.isEmpty ? draft.missing.count : .max)
        }
        return found.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
    }

    /// Any letter, one that takes another's place, or one that was signed as a draft.
    mutating func newLetter(_ view: Correspondence) throws -> ChangeBody? {
        guard case .letterPublish(let content) = try letter(view.directory), let older = letter(in: view)?.name,
            number(below: 2) == 0
        else { return try draftedLetter(view) ?? letter(view.directory) }
        return .letterPublish(content.replacing(older))
    }

    private mutating func draftedLetter(_ view: Correspondence) -> ChangeBody? {
        guard let id = pick(ids(in: view) { if case .draft = $0 { true } else { false } }),
            case .draft(let name) = id,
            case .draft(let draft) = view.subject(id)?.state, let digest = draft.current.digest,
            case .letter(let content) = draft.current.content.matter
        else { return nil }
        let citation = DraftCitation(id: name, version: draft.current.id, digest: digest)
        return .letterPublish(content.dated(content.date, from: citation))
    }

    /// The letter that says so, or one that doesn't.
    mutating func newerLetter(than subject: SubjectID, _ view: Correspondence) -> ChangeID {
        let newer = ids(in: view) { if case .letter = $0 { true } else { false } }.compactMap { id -> ChangeID? in
            guard case .letter(let name) = id, case .letter(let letter) = view.subject(id)?.state,
                letter.content.supersedes.map(SubjectID.letter) == subject
            else { return nil }
            return name
        }
        return pick(newer) ?? letter(in: view)?.name ?? nextID()
    }

    mutating func draftBody(on subject: SubjectID, by author: Address, _ view: Correspondence) throws -> ChangeBody?
    {
        if case .draft(let draft) = view.subject(subject)?.state, number(below: 10) > 0 {
            return .draftSave(
                DraftContent(title: "Versie \(number(below: 9))", matter: draft.current.content.matter))
        }
        if author.organisation.kind == .province { return try story.letterDraft() }
        guard let letter = letter(in: view), let name = letter.name else { return nil }
        let answer = AnswerContent(dossier: letter.state.content.dossier, text: "Graag.")
        let isJoint = number(below: 3) > 0
        let organisations =
            isJoint
            ? ["gm0503", "gm0518"].compactMap(OrganisationCode.init(_:)) : [author.organisation]
        let drafted = DraftAnswer(
            letter: name,
            recipients: letter.state.content.recipients.filter { organisations.contains($0.organisation) },
            content: answer)
        guard !drafted.recipients.isEmpty else { return nil }
        return .draftSave(
            DraftContent(
                title: "Antwoord", matter: isJoint ? .joint(drafted, members: organisations) : .response(drafted)))
    }

    /// Mostly of the newest version, now and then of an old one or by another digest.
    mutating func signature(on subject: SubjectID, _ view: Correspondence) -> ChangeBody? {
        guard case .draft(let draft) = view.subject(subject)?.state else { return nil }
        let newest = DraftState.Replaced(id: draft.current.id, digest: draft.current.digest)
        let versions = draft.replaced.elements + [newest]
        let version = number(below: 8) == 0 ? pick(versions) : newest
        let other = number(below: 20) == 0 ? pick(versions) : version
        guard let version, let digest = other?.digest else { return nil }
        return .draft(.sign(version: version.id, digest: digest))
    }

    mutating func jointBody(on subject: SubjectID, _ view: Correspondence) -> ChangeBody? {
        guard case .joint(let id) = subject, case .draft(let draft) = view.subject(.draft(id))?.state,
            let letter = draft.current.content.answer?.letter,
            case .letter(let state) = view.subject(.letter(letter))?.state,
            let content = JointContent(from: draft, id: id, answering: state)
        else { return nil }
        return .jointSubmit(content)
    }
}
