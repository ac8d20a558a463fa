/// Slots that suit somebody, without those that lie within another one; in order.
///
/// Two lists can be compared in one pass, because both starts and ends grow.
public struct SlotList: Equatable, Sendable {
    /// The slots, earliest first; none lies within another.
    public let slots: [Slot]

    /// Brings slots in order. O(slots · log slots).
    public init(_ slots: [Slot]) {
        var kept: [Slot] = []
        // Of slots with one start the longest comes first, so that what lies within another comes after it.
        for slot in slots.sorted(by: { ($0.date, $0.start, $1.end) < ($1.date, $1.start, $0.end) }) {
            if let last = kept.last, last.contains(slot) { continue }
            kept.append(slot)
        }
        self.slots = kept
    }

    /// What suits both. O(slots of both).
    public func intersection(_ other: SlotList) -> SlotList {
        var common: [Slot] = []
        var (left, right) = (0, 0)
        while left < slots.count, right < other.slots.count {
            let (mine, theirs) = (slots[left], other.slots[right])
            if let both = mine.intersection(theirs) { common.append(both) }
            if (mine.date, mine.end) < (theirs.date, theirs.end) { left += 1 } else { right += 1 }
        }
        return SlotList(common)
    }

    /// Whether a slot lies within one of these. O(slots).
    public func contains(_ slot: Slot) -> Bool { slots.contains { $0.contains(slot) } }
}

extension Slot {
    /// Minutes from start to end.
    public var length: Int { end - start }

    /// Whether the other slot lies within this one.
    public func contains(_ other: Slot) -> Bool { date == other.date && start <= other.start && other.end <= end }

    /// What both have in common, `nil` for nothing.
    public func intersection(_ other: Slot) -> Slot? {
        guard date == other.date else { return nil }
        return Slot(date: date, start: max(start, other.start), end: min(end, other.end))
    }

    /// The first so many minutes of it, `nil` where it is shorter.
    public func first(minutes: Int) -> Slot? {
        minutes <= length ? Slot(date: date, start: start, end: start + minutes) : nil
    }
}
