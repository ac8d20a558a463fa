/// Who may see a subject. Who sees it sees all of it; what different people may see differently is a subject of its own.
public enum Audience {
    /// Who reads all of a municipality's correspondence with the province.
    static let municipalReaders = Rights.leaders + [.burgemeester, .registratuur]

    /// The mailboxes that changes of a subject in this state go to: everybody named below, or who took over from them,
    /// whose role is cleared for its level. O(recipients).
    ///
    /// The directory is handed in because it knows who took over from whom.
    public static func mailboxes(of state: Subject.State, in directory: Directory) -> Set<Mailbox> {
        guard let addresses = addresses(of: state) else { return [.directory] }
        let level = state.confidentiality
        var mailboxes: Set<Mailbox> = []
        for case let address? in addresses {
            guard let holder = directory.holder(of: address), holder.role.clearance >= level else { continue }
            mailboxes.insert(.address(holder))
        }
        return mailboxes
    }

    /// Whether changes of a subject in this state go to an address. Says what `mailboxes` says, but makes no set of
    /// everybody to ask about one. O(recipients).
    public static func includes(_ address: Address, _ state: Subject.State, in directory: Directory) -> Bool {
        guard address.role.clearance >= state.confidentiality, let addresses = addresses(of: state) else {
            return false
        }
        return addresses.contains { named in named.flatMap { directory.holder(of: $0) } == address }
    }

    /// Whom a subject in this state concerns, cleared or not; `nil` for an entry of the directory.
    private static func addresses(of state: Subject.State) -> [Address?]? {
        switch state {
        case .organisation, .region, .mandate: nil
        case .letter(let letter): Self.letter(letter)
        case .receipt(let receipt): [receipt.route.sender, receipt.route.accounthouder, receipt.address]
        case .response(let response): Self.response(response)
        case .meeting(let meeting): Self.meeting(meeting)
        case .agreement(let agreement): Self.agreement(agreement)
        case .programme(let programme):
            [programme.keeper] + at(programme.keeper.organisation, [.registratuur])
                + programme.content.parties.flatMap { at($0, municipalReaders) }
        case .joint(let joint): Self.joint(joint.current.content)
        case .draft(let draft): Self.draft(draft)
        case .term(let term): Self.term(term)
        }
    }

    private static func letter(_ letter: LetterState) -> [Address?] {
        let addressed = letter.content.recipients + letter.content.copies
        return province(letter.route) + addressed
            + Set(addressed.map(\.organisation)).flatMap { at($0, municipalReaders) }
    }

    private static func response(_ response: ResponseState) -> [Address?] {
        let content = response.current.content
        return province(content.route) + at(response.organisation, content.roles + municipalReaders)
    }

    private static func joint(_ content: JointContent) -> [Address?] {
        province(content.route) + content.recipients + content.copies
            + content.members.flatMap { at($0, municipalReaders) }
    }

    /// Its circle: never those who will receive what comes of it, other than the province's own people.
    private static func draft(_ draft: DraftState) -> [Address?] {
        switch draft.current.content.matter {
        case .letter(let content):
            at(draft.owner, [.secretariaat, .accounthouder(region: content.region)] + DraftState.signatories)
        case .response(let answer), .joint(let answer, _):
            answer.recipients + draft.organisations.flatMap { at($0, Rights.leaders) }
        }
    }

    /// Who sees the answer of the same organisation sees its term.
    private static func term(_ term: TermState) -> [Address?] {
        province(term.route.route) + at(term.organisation, term.route.roles + municipalReaders)
    }

    private static func meeting(_ meeting: MeetingState) -> [Address?] {
        let content = meeting.content
        let requesters = Rights.requesters(of: content.kind)
        // The mayor reads what the college reads.
        let roles = requesters + [.registratuur] + (requesters.contains(.college) ? [.burgemeester] : [])
        let organisations = [meeting.requester.organisation] + content.invited
        return [content.accounthouder] + at(content.accounthouder.organisation, [.registratuur])
            + organisations.flatMap { at($0, roles) } + council(meeting)
    }

    /// At each party who reads its correspondence, and who may ask for such a meeting. What it says and who sees to it
    /// changes none of that.
    private static func agreement(_ agreement: AgreementState) -> [Address?] {
        let roles = municipalReaders + Rights.requesters(of: agreement.content.kind)
        return [agreement.recorder] + at(agreement.recorder.organisation, [.registratuur])
            + agreement.content.parties.flatMap { at($0, roles) }
    }

    /// Council members read a briefing once it is fixed, where their council asked for it or joined; also where it left
    /// again, or they wouldn't hear of it.
    private static func council(_ meeting: MeetingState) -> [Address?] {
        guard meeting.content.kind == .briefing, meeting.wasConfirmed else { return [] }
        return ([meeting.requester.organisation] + meeting.participations.keys).flatMap { at($0, [.raadslid]) }
    }

    /// The province's side of what goes by a letter's route.
    private static func province(_ route: Route) -> [Address?] {
        [route.sender, route.accounthouder] + at(route.sender.organisation, [.registratuur])
    }

    private static func at(_ organisation: OrganisationCode, _ roles: [Role]) -> [Address?] {
        roles.map { Address(organisation: organisation, role: $0) }
    }
}

extension Subject.State {
    /// How far it may be known, by what it says itself.
    public var confidentiality: Confidentiality {
        let said: Confidentiality? =
            switch self {
            case .letter(let letter): letter.content.confidentiality
            case .response(let response): response.current.content.confidentiality
            case .joint(let joint): joint.current.content.answer.confidentiality
            case .draft(let draft): draft.current.content.confidentiality
            case .meeting(let meeting): meeting.content.confidentiality
            case .agreement(let agreement): agreement.content.confidentiality
            // A name and ids: what an agreement says is asked of the agreement.
            case .programme: .standard
            case .term(let term): term.route.confidentiality
            // A receipt says nothing of what its letter says.
            case .receipt, .organisation, .region, .mandate: .openbaar
            }
        return said ?? .standard
    }
}
