import RegiopostModel

/// How far an item of the outbox is, as its user needs to know it.
public enum OutboxStanding: String, Sendable, CaseIterable {
    /// Never left this machine.
    case queued
    /// Left this machine, and no answer came yet: it may be there or not, and the next sync finds out.
    case sent
    /// The server has it; it hasn't come back in the mailbox yet.
    case accepted
    /// Somebody else came first, and its user decides.
    case conflict
    /// The server said a definite no for another reason, and its user decides.
    case refused
    /// Waits for a decision about another one that it builds on.
    case held
}

extension OutboxItem {
    /// After how long a change that hasn't arrived is a reason to speak up: a day, in milliseconds.
    public static let patience: Int64 = 86_400_000

    /// How long ago it was written, by this machine's clock, in milliseconds; 0 where the clock was set back.
    public func age(at now: Timestamp) -> Int64 { max(now.milliseconds - change.time.milliseconds, 0) }

    /// Whether it hasn't arrived after a day.
    public func isOverdue(at now: Timestamp) -> Bool {
        if case .accepted = state { return false }
        return age(at: now) > Self.patience
    }

    /// Whether it is certain that the server doesn't have it: it said no, or was never told. Only then may it be written
    /// anew or given up, or the same would be there twice.
    public var isSurelyNotThere: Bool {
        switch state {
        case .refused: true
        case .queued: !isTried
        case .accepted: false
        }
    }

    /// The items among these that build on one of them, directly or through others, in order. O(items).
    public static func dependents(of id: ChangeID, in items: [OutboxItem]) -> [OutboxItem] {
        var fallen: Set<ChangeID> = [id]
        return items.filter { item in
            guard item.change.id != id, item.buildsOn.contains(where: fallen.contains) else { return false }
            fallen.insert(item.change.id)
            return true
        }
    }
}

extension View {
    /// How far an item of the outbox is.
    public func standing(of item: OutboxItem) -> OutboxStanding {
        switch item.state {
        case .accepted: .accepted
        case .refused(let refusal): refusal.code == .conflict ? .conflict : .refused
        case .queued where held.contains(item.change.id): .held
        case .queued: item.isTried ? .sent : .queued
        }
    }

    /// The items that haven't arrived after a day, the oldest first. O(items).
    public func overdue(at now: Timestamp) -> [OutboxItem] {
        outbox.filter { $0.isOverdue(at: now) }.sorted { $0.change.time < $1.change.time }
    }

    /// What others wrote on the thing that an item is about, since what its author had seen: what it is in conflict with.
    /// Oldest first. O(changes).
    public func versions(against item: OutboxItem) -> [Change] {
        let all = changes.filter { $0.subject == item.change.subject && $0.id != item.change.id }
        guard let seen = all.lastIndex(where: { $0.id == item.change.after }) else { return all }
        return Array(all[(seen + 1)...])
    }
}
