/// Who may do what: the one place where it is decided. Whatever isn't allowed here is refused.
public enum Rights {
    /// The roles that lead a municipality: they see its correspondence and may answer.
    static let leaders: [Role] = [.college, .gemeentesecretaris]

    /// The roles that may ask for a meeting of that kind, and act on it afterwards.
    public static func requesters(of kind: MeetingContent.Kind) -> [Role] {
        switch kind {
        case .conversation: [.formateur, .college, .gemeentesecretaris]
        case .briefing: [.griffie]
        }
    }

    /// Whether the author may write this change, as far as the subject's state and the letter tell.
    ///
    /// - Parameters:
    ///   - state: the subject before the change, `nil` for a new one.
    ///   - letter: the letter that a receipt or response is about.
    static func allow(_ change: Change, on state: Subject.State?, letter: LetterState?) -> Bool {
        let author = change.author
        switch (change.body, state) {
        case (.letterPublish, _): return author.role == .secretariaat
        case (.letterWithdraw, .letter(let letter)): return author == letter.sender
        case (.receiptDelivered(let route), _):
            return author == Address(organisation: route.sender.organisation, role: .regiopostd)
        case (.receiptOpened, _):
            guard case .receipt(_, let address) = change.subject else { return false }
            return author == address
        case (.responseSubmit, _), (.responseWithdraw, _): return mayRespond(change, to: letter)
        case (.responseAcknowledge, .response(let response)):
            return author == response.current.content.route.accounthouder
        case (.meetingRequest(let content), _): return requesters(of: content.kind).contains(author.role)
        case (.meeting(let step), .meeting(let meeting)): return allow(step, on: meeting, by: author)
        case (.organisationSet, _), (.regionSet, _): return author.role == .regiopostd
        default: return false
        }
    }

    private static func mayRespond(_ change: Change, to letter: LetterState?) -> Bool {
        guard let letter, case .response(_, let organisation) = change.subject,
            change.author.organisation == organisation
        else { return false }
        return leaders.contains(change.author.role) || letter.content.recipients.contains(change.author)
    }

    private static func allow(_ step: MeetingStep, on meeting: MeetingState, by author: Address) -> Bool {
        let mayRequest = requesters(of: meeting.content.kind).contains(author.role)
        switch step {
        case .join: return mayRequest && meeting.content.invited.contains(author.organisation)
        case .counter, .accept, .cancel: return mayRequest && author.organisation == meeting.requester.organisation
        case .propose, .confirm, .decline: return author == meeting.content.accounthouder
        }
    }
}
