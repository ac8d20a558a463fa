/// Whether an address may act, and who does in its place where it may not.
extension Directory {
    /// How an address stands.
    public enum Standing: Equatable, Sendable {
        /// It may write and read.
        case active
        /// Its mandate was set and has not begun.
        case notStarted(from: CalendarDate)
        /// Its mandate is over.
        case ended(MandateEnd)
        /// Its organisation was abolished.
        case abolished(Merger)
    }

    /// No chain of successors is followed farther, so that a ring of them ends.
    private static let longestChain = 16

    /// How the address stands. O(1).
    public func standing(of address: Address) -> Standing {
        if let merger = mergers[address.organisation] { return .abolished(merger) }
        guard let mandate = mandates[address] else { return .active }
        switch mandate.status {
        case .running: return .active
        case .planned: return mandate.plan.map { .notStarted(from: $0.from) } ?? .active
        case .ended(let end): return .ended(end)
        }
    }

    /// Why the address may neither write nor read: `mandate-ended`, `mandate-not-started` or `organisation-abolished`, with
    /// who has its work now; `nil` where it may.
    public func refusal(of address: Address) -> Refusal? {
        switch standing(of: address) {
        case .active: return nil
        case .notStarted(let from):
            return Refusal(.mandateNotStarted, ["address": address.text, "from": from.text])
        case .ended(let end):
            let successor = holder(of: address) ?? end.successor
            return Refusal(
                .mandateEnded, ["address": address.text, "on": end.on.text, "successor": successor.text])
        case .abolished: return abolished(address.organisation)
        }
    }

    /// Why nothing is addressed to the organisation any more, with who took over; `nil` where it exists.
    public func abolished(_ organisation: OrganisationCode) -> Refusal? {
        guard let merger = mergers[organisation] else { return nil }
        let successor = holder(of: organisation)
        return Refusal(
            .organisationAbolished,
            [
                "organisation": organisation.text, "name": name(of: organisation), "from": merger.from.text,
                "successor": successor.text, "successor-name": name(of: successor),
            ])
    }

    /// Who has the work of an address now: itself, or whoever took over from who took over. `nil` where that is nobody.
    /// O(length of the chain).
    public func holder(of address: Address) -> Address? {
        if !hasSuccessions { return address }
        var current = address
        for _ in 0..<Self.longestChain {
            if case .ended(let end)? = mandates[current]?.status {
                current = end.successor
            } else if let merger = mergers[current.organisation] {
                guard let next = Address(organisation: merger.into, role: current.role) else { return nil }
                current = next
            } else {
                return current
            }
        }
        return nil
    }

    /// The organisation that has an organisation's work now: itself where it exists. O(length of the chain).
    public func holder(of organisation: OrganisationCode) -> OrganisationCode {
        var current = organisation
        for _ in 0..<Self.longestChain {
            guard let merger = mergers[current] else { return current }
            current = merger.into
        }
        return current
    }

    /// Everybody whose work this address has taken over. O(mandates + mergers).
    public func predecessors(of address: Address) -> [Address] {
        if !hasSuccessions { return [] }
        var former = Set(mergers.keys.compactMap { Address(organisation: $0, role: address.role) })
        for (own, mandate) in mandates { if case .ended = mandate.status { former.insert(own) } }
        return former.filter { $0 != address && holder(of: $0) == address }.sorted()
    }

    /// The organisations that ended in this one, over however many steps. O(mergers).
    public func predecessors(of organisation: OrganisationCode) -> [OrganisationCode] {
        mergers.keys.filter { holder(of: $0) == organisation }.sorted()
    }

    /// The mailboxes that a change of the directory fills, when it is the next. Follows from the change and the directory
    /// before it alone.
    func fills(by change: Change) -> [Fill] {
        let leaving: [Address]
        switch change.body {
        case .mandateEnd(let end): leaving = [end.address]
        case .organisationMerge(let merger):
            let roles = Role.names(at: .municipality).compactMap(Role.init(_:))
            leaving = merger.organisations.flatMap { code in
                roles.compactMap { Address(organisation: code, role: $0) }
            }
        default: return []
        }
        var after = self
        after.apply(change)
        // What had passed to somebody before was filled then.
        return leaving.filter { holder(of: $0) == $0 }.compactMap { address in
            after.holder(of: address).map { Fill(from: .address(address), to: .address($0)) }
        }
    }
}
