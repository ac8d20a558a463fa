/// Asks the table of rights about one change.
public enum Rights {
    /// The roles that lead a municipality: they see its correspondence and may answer.
    static let leaders: [Role] = [.college, .gemeentesecretaris]

    /// The roles that may ask for a meeting of that kind, and act on it afterwards.
    public static func requesters(of kind: MeetingContent.Kind) -> [Role] {
        switch kind {
        case .conversation: [.formateur, .college, .gemeentesecretaris]
        case .briefing: [.griffie]
        case .knowledgeSession: [.college, .gemeentesecretaris, .griffie]
        case .expertTeam: [.formateur, .college, .gemeentesecretaris]
        }
    }

    /// Whether the author may write this change, as far as the subject's state and the letter tell.
    ///
    /// - Parameters:
    ///   - state: the subject before the change, `nil` for a new one.
    ///   - letter: the letter that a receipt or response is about.
    static func allow(_ change: Change, on state: Subject.State?, letter: LetterState?) -> Bool {
        guard let type = change.type else { return false }
        let parties = Parties(of: change, on: state, letter: letter)
        return RightsTable.writers(of: type).contains { $0.admits(change.author, parties) }
    }
}
