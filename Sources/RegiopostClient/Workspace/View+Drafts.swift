import RegiopostModel

extension View {
    /// All drafts of whose circle one is, newest first.
    public var drafts: [(id: ChangeID, state: DraftState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, DraftState)? in
            guard case .draft(let id) = subject.key, case .draft(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { $0.0 > $1.0 }
    }

    /// All joint responses, newest first.
    public var joints: [(id: ChangeID, state: JointState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, JointState)? in
            guard case .joint(let id) = subject.key, case .joint(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { $0.0 > $1.0 }
    }

    static func jointsByLetter(in correspondence: Correspondence) -> [ChangeID: [JointState]] {
        var found: [ChangeID: [JointState]] = [:]
        for subject in correspondence.subjects.values {
            guard case .joint(let joint) = subject.state else { continue }
            found[joint.current.content.letter, default: []].append(joint)
        }
        // The same one counts wherever there are several.
        return found.mapValues { joints in joints.sorted { $0.history.firstID < $1.history.firstID } }
    }

    /// What was sent from a draft, if anything was.
    public func sent(from draft: ChangeID) -> SubjectID? {
        correspondence.subjects.first { id, subject in
            switch subject.state {
            case .letter(let letter): letter.content.draft?.id == draft
            case .response(let response): response.history.drafts.contains(draft)
            case .joint: id == .joint(draft)
            default: false
            }
        }?.key
    }

    /// What counts as an organisation's answer to a letter: its own response, else a joint one that it signed; one that was
    /// withdrawn is none.
    public func answer(to letter: ChangeID, by organisation: OrganisationCode) -> Answer? {
        if let own = response(to: letter, by: organisation), own.status.isStanding {
            let version = own.current
            return Answer(
                content: version.content.answer, status: own.status, receivedAt: version.receivedAt, isJoint: false)
        }
        return jointsByLetter[letter]?.first { $0.answers(for: organisation) }.map { joint in
            Answer(
                content: joint.current.content.answer, status: joint.status, receivedAt: joint.current.receivedAt,
                isJoint: true)
        }
    }

    /// What counts as the answer of one's own side, whichever way it was given.
    public func ownAnswer(to id: ChangeID, _ letter: LetterState) -> Answer? {
        answering(letter).lazy.compactMap { answer(to: id, by: $0) }.first
    }

    /// An organisation's answer, whichever way it was given.
    public struct Answer: Equatable, Sendable {
        /// What it says.
        public let content: AnswerContent
        /// How far it is.
        public let status: ResponseState.Status
        /// When the server received it; `nil` while it is in the outbox.
        public let receivedAt: Timestamp?
        /// Whether it was given together with others.
        public let isJoint: Bool
    }
}

extension ResponseState.Status {
    /// Whether it wasn't taken back.
    public var isStanding: Bool {
        if case .withdrawn = self { false } else { true }
    }
}
