/// Who may see a subject. Who sees it sees all of it; what different people may see differently is a subject of its own.
public enum Audience {
    /// Who reads all of a municipality's correspondence with the province.
    static let municipalReaders = Rights.leaders + [.burgemeester, .registratuur]

    /// The mailboxes that changes of a subject in this state go to: everybody named below, or who took over from them,
    /// whose role is cleared for its level. O(recipients).
    ///
    /// The directory is handed in because it knows who took over from whom.
    public static func mailboxes(of state: Subject.State, in directory: Directory) -> Set<Mailbox> {
        if state.isInDirectory { return [.directory] }
        let level = state.confidentiality
        // Most have no more, and a set that grows takes each in again.
        var mailboxes = Set<Mailbox>(minimumCapacity: 12)
        _ = isAny(of: state) { named in
            if let holder = directory.holder(of: named), holder.role.clearance >= level {
                mailboxes.insert(.address(holder))
            }
            return false
        }
        return mailboxes
    }

    /// Whether changes of a subject in this state go to an address. Says what `mailboxes` says, but makes no set of
    /// everybody to ask about one. O(recipients).
    public static func includes(_ address: Address, _ state: Subject.State, in directory: Directory) -> Bool {
        guard address.role.clearance >= state.confidentiality else { return false }
        // Where nobody's work has passed to anybody else, who is named is who has it.
        guard directory.hasSuccessions else { return isAny(of: state) { $0 == address } }
        return isAny(of: state) { directory.holder(of: $0) == address }
    }

    /// Names everybody whom a subject in this state concerns, cleared or not and some of them more than once, until `take`
    /// answers true; whether it did. Nobody for an entry of the directory. Makes no list, because it is asked for each change.
    private static func isAny(of state: Subject.State, _ take: (Address) -> Bool) -> Bool {
        switch state {
        case .organisation, .region, .mandate: false
        case .letter(let letter): Self.letter(letter, take)
        case .receipt(let receipt):
            take(receipt.route.sender) || receipt.route.accounthouder.map(take) ?? false || take(receipt.address)
        case .response(let response): Self.response(response, take)
        case .meeting(let meeting): Self.meeting(meeting, take)
        case .agreement(let agreement): Self.agreement(agreement, take)
        case .programme(let programme):
            take(programme.keeper) || at(programme.keeper.organisation, [.registratuur], take)
                || programme.content.parties.contains { at($0, municipalReaders, take) }
        case .joint(let joint): Self.joint(joint.current.content, take)
        case .draft(let draft): Self.draft(draft, take)
        case .term(let term): Self.term(term, take)
        }
    }

    private static func letter(_ letter: LetterState, _ take: (Address) -> Bool) -> Bool {
        if province(letter.route, take) { return true }
        let content = letter.content
        return addressed(content.recipients, take) || addressed(content.copies, take)
    }

    /// Each address, and who reads all of its organisation's correspondence.
    private static func addressed(_ addresses: [Address], _ take: (Address) -> Bool) -> Bool {
        var last: OrganisationCode?
        for address in addresses {
            if take(address) { return true }
            if address.organisation != last, at(address.organisation, municipalReaders, take) { return true }
            last = address.organisation
        }
        return false
    }

    private static func response(_ response: ResponseState, _ take: (Address) -> Bool) -> Bool {
        let content = response.current.content
        return province(content.route, take) || at(response.organisation, content.roles, take)
            || at(response.organisation, municipalReaders, take)
    }

    private static func joint(_ content: JointContent, _ take: (Address) -> Bool) -> Bool {
        province(content.route, take) || content.recipients.contains(where: take)
            || content.copies.contains(where: take)
            || content.members.contains { at($0, municipalReaders, take) }
    }

    /// Its circle: never those who will receive what comes of it, other than the province's own people.
    private static func draft(_ draft: DraftState, _ take: (Address) -> Bool) -> Bool {
        switch draft.current.content.matter {
        case .letter(let content):
            at(draft.owner, [.secretariaat, .accounthouder(region: content.region)], take)
                || at(draft.owner, DraftState.signatories, take)
        case .response(let answer), .joint(let answer, _):
            answer.recipients.contains(where: take)
                || draft.organisations.contains { at($0, Rights.leaders, take) }
        }
    }

    /// Who sees the answer of the same organisation sees its term.
    private static func term(_ term: TermState, _ take: (Address) -> Bool) -> Bool {
        province(term.route.route, take) || at(term.organisation, term.route.roles, take)
            || at(term.organisation, municipalReaders, take)
    }

    private static func meeting(_ meeting: MeetingState, _ take: (Address) -> Bool) -> Bool {
        let content = meeting.content
        let requesters = Rights.requesters(of: content.kind)
        // The mayor reads what the college reads.
        let roles = requesters + [.registratuur] + (requesters.contains(.college) ? [.burgemeester] : [])
        return take(content.accounthouder) || at(content.accounthouder.organisation, [.registratuur], take)
            || at(meeting.requester.organisation, roles, take)
            || content.invited.contains { at($0, roles, take) } || council(meeting, take)
    }

    /// At each party who reads its correspondence, and who may ask for such a meeting. What it says and who sees to it
    /// changes none of that.
    private static func agreement(_ agreement: AgreementState, _ take: (Address) -> Bool) -> Bool {
        let requesters = Rights.requesters(of: agreement.content.kind)
        return take(agreement.recorder) || at(agreement.recorder.organisation, [.registratuur], take)
            || agreement.content.parties.contains { at($0, municipalReaders, take) || at($0, requesters, take) }
    }

    /// Council members read a briefing once it is fixed, where their council asked for it or joined; also where it left
    /// again, or they wouldn't hear of it.
    private static func council(_ meeting: MeetingState, _ take: (Address) -> Bool) -> Bool {
        guard meeting.content.kind == .briefing, meeting.wasConfirmed else { return false }
        return at(meeting.requester.organisation, [.raadslid], take)
            || meeting.participations.keys.contains { at($0, [.raadslid], take) }
    }

    /// The province's side of what goes by a letter's route.
    private static func province(_ route: Route, _ take: (Address) -> Bool) -> Bool {
        take(route.sender) || route.accounthouder.map(take) ?? false
            || at(route.sender.organisation, [.registratuur], take)
    }

    /// Those of the roles that exist at the organisation.
    private static func at(
        _ organisation: OrganisationCode, _ roles: [Role], _ take: (Address) -> Bool
    ) -> Bool {
        roles.contains { role in Address(organisation: organisation, role: role).map(take) ?? false }
    }
}

extension Subject.State {
    /// Whether it is an entry of the directory.
    fileprivate var isInDirectory: Bool {
        switch self {
        case .organisation, .region, .mandate: true
        default: false
        }
    }

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
