import RegiopostModel

/// What the profile has from those whose work it took over.
extension View {
    /// The organisations that the profile answers a letter for: its own and those that were merged into it, as far as the
    /// letter is addressed to them. O(recipients).
    public func answering(_ letter: LetterState) -> [OrganisationCode] {
        let own = address.organisation
        let addressed = Set(letter.content.recipients.map(\.organisation))
        return ([own] + correspondence.directory.predecessors(of: own)).filter(addressed.contains)
    }

    /// The answer of one's own side, the own organisation's before one of those that were merged into it.
    public func ownResponse(to id: ChangeID, _ letter: LetterState) -> ResponseState? {
        answering(letter).lazy.compactMap { response(to: id, by: $0) }.first
    }
}
