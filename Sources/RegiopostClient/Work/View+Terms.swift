import RegiopostModel

extension View {
    /// The letter of that id, if it is here.
    public func letter(_ id: ChangeID) -> LetterState? {
        guard case .letter(let state) = correspondence.subject(.letter(id))?.state else { return nil }
        return state
    }

    /// The organisations that a letter asks for an answer and whose answer can be seen: one's own side's, for the
    /// province all. O(recipients).
    public func asked(by letter: LetterState) -> [OrganisationCode] {
        guard address.organisation.kind == .province else { return answering(letter) }
        return Set(letter.content.recipients.map(\.organisation)).sorted()
    }

    /// The term by which an organisation answers a letter, where anything happened to it.
    public func term(of letter: ChangeID, for organisation: OrganisationCode) -> TermState? {
        guard
            case .term(let state) = correspondence.subject(.term(letter: letter, organisation: organisation))?.state
        else { return nil }
        return state
    }

    /// When an organisation's answer to a letter is due.
    public func deadline(of id: ChangeID, _ letter: LetterState, for organisation: OrganisationCode) -> Deadline {
        Deadline(letter: letter.content.due, term: term(of: id, for: organisation))
    }

    /// Whether a response came in time, by the server's time of receipt of what was answered first; `nil` where nothing
    /// was due or nothing has arrived.
    public func isInTime(_ response: ResponseState) -> Bool? {
        isInTime(response.history.firstReceivedAt, response.letter, response.organisation)
    }

    /// The same of an organisation's answer to a letter, whichever way it was given.
    public func isAnsweredInTime(_ letter: ChangeID, by organisation: OrganisationCode) -> Bool? {
        guard let answer = answer(to: letter, by: organisation) else { return nil }
        if !answer.isJoint, let own = response(to: letter, by: organisation) { return isInTime(own) }
        return isInTime(answer.receivedAt, letter, organisation)
    }

    private func isInTime(_ receivedAt: Timestamp?, _ id: ChangeID, _ organisation: OrganisationCode) -> Bool? {
        guard let letter = letter(id), let receivedAt else { return nil }
        return deadline(of: id, letter, for: organisation).isInTime(receivedAt)
    }
}
