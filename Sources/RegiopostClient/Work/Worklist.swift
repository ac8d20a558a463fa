import RegiopostModel

/// What waits for somebody, as far as the profile's address sees: what is due first comes first.
public struct Worklist: Sendable {
    /// All of it.
    public let items: [WorkItem]
    private let address: Address

    /// Looks through a view of everything. O(subjects).
    public init(_ view: View) {
        self.init(view, letters: LetterSummary.newestFirst(LetterSummary.all(in: view.correspondence)))
    }

    /// Looks through all letters, newest first, and through the meetings, agreements, joint responses and drafts in a view.
    /// O(letters + subjects).
    public init(_ view: View, letters: [LetterSummary]) {
        address = view.address
        let items =
            Self.unanswered(letters, in: view) + Self.unread(letters) + Self.meetings(in: view, letters)
            + Self.agreements(in: view) + Self.joints(in: view, letters) + Self.drafts(in: view, letters)
        self.items = items.map { $0.held(in: view.correspondence.directory) }.enumerated().sorted { left, right in
            Self.key(left.element, left.offset) < Self.key(right.element, right.offset)
        }.map(\.element)
    }

    /// What waits for the profile's own address.
    public var mine: [WorkItem] { items.filter { $0.waitsFor.contains(address) } }

    /// What is past its day.
    public func overdue(on today: CalendarDate) -> [WorkItem] { items.filter { $0.isOverdue(on: today) } }

    /// By day; without one after those that stand still, and otherwise as found.
    private static func key(_ item: WorkItem, _ offset: Int) -> (Int, Int, Int) {
        switch item.deadline {
        case .due(let date): (0, date.daysSince1970, offset)
        case .suspended(let date): (1, date.daysSince1970, offset)
        case .none: (2, 0, offset)
        }
    }

    /// Letters that an organisation hasn't answered: one's own, for the province each that it was sent to.
    private static func unanswered(_ letters: [LetterSummary], in view: View) -> [WorkItem] {
        letters.reversed().filter { $0.withdrawn == nil && $0.supersededBy == nil }.flatMap {
            letter -> [WorkItem] in
            let open = letter.asked(by: view.address, in: view.correspondence.directory).filter { $0.answer == nil }
            guard !open.isEmpty else { return [] }
            let recipients = letter.recipients.compactMap { Address($0) }
            let dossier = DossierNumber(letter.dossier)
            return open.map { party in
                let addressed = recipients.filter { $0.organisation == party.organisation }
                let leaders = [Role.college, .gemeentesecretaris].map { role in
                    Address(organisation: party.organisation, role: role)
                }
                return WorkItem(
                    .answer, .letter(letter.id), of: party.organisation, title: letter.title, dossier: dossier,
                    waitsFor: addressed + leaders.filter { $0.map { !addressed.contains($0) } ?? false },
                    deadline: party.deadline, reminders: party.reminders, lastReminder: party.lastReminder)
            }
        }
    }

    /// Answers that the province hasn't said it has read.
    private static func unread(_ letters: [LetterSummary]) -> [WorkItem] {
        letters.sorted { $0.id < $1.id }.flatMap { letter in
            letter.parties.filter { $0.response == .submitted }.map { party in
                WorkItem(
                    .acknowledge, .response(letter: letter.id, organisation: party.organisation),
                    of: party.organisation, title: letter.title,
                    dossier: party.responseDossier.flatMap { DossierNumber($0) },
                    waitsFor: [Route(sender: letter.sender, region: letter.region).accounthouder])
            }
        }
    }

    /// Agreements that are open, each with those of its owner who may say that it is done; where the province owns it,
    /// its account holder.
    private static func agreements(in view: View) -> [WorkItem] {
        view.agreements.filter { $0.state.status == .open }.map { id, state in
            let owner = state.content.owner
            let roles = [Role.college, .gemeentesecretaris] + Rights.requesters(of: state.content.kind)
            return WorkItem(
                .fulfil, .agreement(id), of: owner, title: state.content.text, dossier: state.content.dossier,
                waitsFor: owner == state.recorder.organisation
                    ? [state.recorder] : roles.map { Address(organisation: owner, role: $0) },
                deadline: state.due.map(Deadline.due) ?? .none)
        }
    }

    private static func joints(in view: View, _ letters: [LetterSummary]) -> [WorkItem] {
        let titles = titles(letters, isNeeded: !view.joints.isEmpty)
        return view.joints.compactMap { id, joint in
            guard case .submitted = joint.status else { return nil }
            let content = joint.current.content
            return WorkItem(
                .acknowledge, .joint(id), of: joint.current.author.organisation,
                title: titles[content.letter], dossier: content.answer.dossier,
                waitsFor: [content.route.accounthouder])
        }
    }

    /// Drafts that nothing was sent from, for each who has said nothing of the newest version yet.
    private static func drafts(in view: View, _ letters: [LetterSummary]) -> [WorkItem] {
        let sent = Set(letters.flatMap(\.drafts) + view.joints.map(\.id))
        return view.drafts.filter { $0.state.status == .open && !sent.contains($0.id) }.flatMap { id, draft in
            draft.missing.filter { draft.decision(of: $0) == nil }.map { party in
                let (organisation, signers): (OrganisationCode, [Address?]) =
                    switch party {
                    case .address(let address): (address.organisation, [address])
                    case .organisation(let code):
                        (code, [Role.college, .gemeentesecretaris].map { Address(organisation: code, role: $0) })
                    }
                return WorkItem(
                    .sign, .draft(id), of: organisation, title: draft.current.content.title, dossier: nil,
                    waitsFor: signers)
            }
        }
    }

    /// The titles of letters by their ids.
    private static func titles(_ letters: [LetterSummary], isNeeded: Bool) -> [ChangeID: String] {
        isNeeded ? Dictionary(letters.map { ($0.id, $0.title) }) { first, _ in first } : [:]
    }

    private static func meetings(in view: View, _ letters: [LetterSummary]) -> [WorkItem] {
        let titles = titles(letters, isNeeded: view.meetings.contains { $0.state.content.letter != nil })
        return view.meetings.reversed().flatMap { meeting -> [WorkItem] in
            let state = meeting.state
            let requesters = Rights.requesters(of: state.content.kind)
            func item(
                _ task: WorkItem.Task, _ organisation: OrganisationCode, _ who: [Address?],
                _ deadline: Deadline = .none
            ) -> WorkItem {
                WorkItem(
                    task, .meeting(meeting.id), of: organisation,
                    title: state.content.letter.flatMap { titles[$0] },
                    dossier: state.content.dossier, waitsFor: who, deadline: deadline)
            }
            func roles(at organisation: OrganisationCode) -> [Address?] {
                requesters.map { Address(organisation: organisation, role: $0) }
            }
            let own = state.requester.organisation
            let first: WorkItem
            switch state.status {
            case .requested, .countered, .accepted: first = item(.schedule, own, [state.content.accounthouder])
            case .proposed: first = item(.reply, own, roles(at: own))
            case .confirmed(let slot, _):
                let hold = item(.hold, own, [state.content.accounthouder], .due(slot.date))
                return state.isAccepted ? [hold] : [item(.reply, own, roles(at: own), .due(slot.date)), hold]
            case .held, .declined, .cancelled: return []
            }
            let invited = state.content.invited.filter { state.participations[$0] == nil }
            return [first] + invited.map { item(.join, $0, roles(at: $0)) }
        }
    }
}
