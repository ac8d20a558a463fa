extension Subject {
    static func draft(
        _ state: State?, _ change: Change, _ digest: Digest?, _ receivedAt: Timestamp?
    ) throws(Refusal) -> State {
        guard case .draft(var draft) = state else {
            guard case .draftSave(let content) = change.body else {
                throw Refusal(.subjectUnknown, ["subject": change.subject.text])
            }
            return .draft(DraftState(first: version(content, change, digest, receivedAt)))
        }
        switch change.body {
        case .draftSave(let content): try draft.save(version(content, change, digest, receivedAt))
        case .draft(.sign(let version, let cited)):
            try draft.sign(version: version, digest: cited, change.id, by: change.author, at: receivedAt)
        case .draft(.decline(let reason)):
            try draft.decline(reason: reason, change.id, by: change.author, at: receivedAt)
        case .draft(.discard(let reason)): try draft.discard(reason: reason)
        default: throw Refusal(.illegalStep, ["state": "open", "step": change.typeName])
        }
        return .draft(draft)
    }

    private static func version(
        _ content: DraftContent, _ change: Change, _ digest: Digest?, _ receivedAt: Timestamp?
    ) -> DraftState.Version {
        DraftState.Version(
            id: change.id, digest: digest, content: content, author: change.author, receivedAt: receivedAt)
    }

    static func joint(_ state: State?, _ change: Change, _ receivedAt: Timestamp?) throws(Refusal) -> State {
        guard case .joint(var joint) = state else {
            guard case .jointSubmit(let content) = change.body else {
                throw Refusal(.subjectUnknown, ["subject": change.subject.text])
            }
            return .joint(JointState(first: JointState.Version(content, by: change, receivedAt: receivedAt)))
        }
        switch change.body {
        case .jointSubmit(let content):
            joint.history.submit(JointState.Version(content, by: change, receivedAt: receivedAt))
        case .jointWithdraw(let reason): try joint.history.withdraw(reason: reason)
        case .jointAcknowledge(let note): try joint.history.acknowledge(note: note)
        default: throw Refusal(.illegalStep, ["state": joint.status.name, "step": change.typeName])
        }
        return .joint(joint)
    }
}
