/// Who may see a subject. Who sees it sees all of it; what different people may see differently is a subject of its own.
public enum Audience {
    /// The mailboxes that changes of a subject in this state go to. O(recipients).
    ///
    /// The directory is handed in because who looks after a region, and who leads an organisation, is decided there.
    public static func mailboxes(of state: Subject.State, in directory: Directory) -> Set<Mailbox> {
        switch state {
        case .organisation, .region: [.directory]
        case .letter(let letter): mailboxes(Self.letter(letter))
        case .receipt(let receipt):
            mailboxes([receipt.route.sender, receipt.route.accounthouder, receipt.address])
        case .response(let response): mailboxes(Self.response(response))
        case .joint(let joint): mailboxes(Self.joint(joint.current.content))
        case .draft(let draft): mailboxes(Self.draft(draft))
        case .meeting(let meeting): mailboxes(Self.meeting(meeting))
        }
    }

    private static func letter(_ letter: LetterState) -> [Address?] {
        let addressed = letter.content.recipients + letter.content.copies
        let leaders = Set(addressed.map(\.organisation)).flatMap { addresses(Rights.leaders, at: $0) }
        return [letter.sender, letter.route.accounthouder] + addressed + leaders
    }

    private static func response(_ response: ResponseState) -> [Address?] {
        let content = response.current.content
        return [content.route.sender, content.route.accounthouder]
            + addresses(content.roles + Rights.leaders, at: response.organisation)
    }

    private static func joint(_ content: JointContent) -> [Address?] {
        [content.route.sender, content.route.accounthouder] + content.recipients + content.copies
            + content.members.flatMap { addresses(Rights.leaders, at: $0) }
    }

    /// Its circle: never those who will receive what comes of it, other than the province's own people.
    private static func draft(_ draft: DraftState) -> [Address?] {
        switch draft.current.content.matter {
        case .letter(let content):
            addresses(
                [.secretariaat, .accounthouder(region: content.region)] + DraftState.signatories, at: draft.owner)
        case .response(let answer), .joint(let answer, _):
            answer.recipients + draft.organisations.flatMap { addresses(Rights.leaders, at: $0) }
        }
    }

    private static func meeting(_ meeting: MeetingState) -> [Address?] {
        let organisations = [meeting.requester.organisation] + meeting.content.invited
        return [meeting.content.accounthouder]
            + organisations.flatMap { addresses(Rights.requesters(of: meeting.content.kind), at: $0) }
    }

    private static func addresses(_ roles: [Role], at organisation: OrganisationCode) -> [Address?] {
        roles.map { Address(organisation: organisation, role: $0) }
    }

    private static func mailboxes(_ addresses: [Address?]) -> Set<Mailbox> {
        Set(addresses.compactMap { $0.map(Mailbox.address) })
    }
}
