/// One date that suits several councils.
extension MeetingState {
    /// The organisations that joined and take part besides the requester's, by code.
    public var joined: [OrganisationCode] { participations.filter(\.value.takesPart).keys.sorted() }

    /// Everybody who takes part: the requester's organisation, then those that joined.
    public var takingPart: [OrganisationCode] { [requester.organisation] + joined }

    /// Whose meeting it became: the requester's organisation, and those that were there; where nobody wrote down who was,
    /// those that joined.
    public var parties: [OrganisationCode] {
        let present = record?.minutes.present ?? []
        return Set((present.isEmpty ? joined : present) + [requester.organisation]).sorted()
    }

    /// The slots that suit an organisation that takes part, `nil` where any does.
    public func slots(of organisation: OrganisationCode) -> SlotList? {
        guard organisation == requester.organisation else { return participations[organisation]?.slots }
        return requesterSlots.isEmpty ? nil : SlotList(requesterSlots)
    }

    /// Who takes part and named no slots, so that any suits.
    public var withoutSlots: [OrganisationCode] { takingPart.filter { slots(of: $0) == nil } }

    /// Who takes part and isn't suited by a slot. O(slots).
    public func notSuited(by slot: Slot) -> [OrganisationCode] {
        takingPart.filter { slots(of: $0)?.contains(slot) == false }
    }

    /// What suits everybody who takes part and named slots; empty when nobody named any or nothing suits all.
    public var commonSlots: [Slot] { commonList?.slots ?? [] }

    /// What suits everybody who takes part; `nil` when nobody named any slot.
    var commonList: SlotList? {
        let named = takingPart.compactMap(slots(of:))
        guard let first = named.first else { return nil }
        return named.dropFirst().reduce(first) { $0.intersection($1) }
    }

    /// The slots that suit the most of those who named any, earliest first. O(slots²) within a day.
    ///
    /// - Parameter minutes: no slot that is shorter counts.
    public func bestSlots(minutes: Int = 1) -> [Slot] {
        let lists = takingPart.compactMap(slots(of:)).map(\.slots)
        let byDay = Dictionary(
            grouping: lists.enumerated().flatMap { list in list.element.map { (list.offset, $0) } }
        ) {
            $0.1.date
        }
        var best: (count: Int, slots: [Slot]) = (0, [])
        for (date, slots) in byDay {
            for start in Set(slots.map(\.1.start)) {
                // For each organisation the latest end of a slot that is long enough and holds the start.
                var ends: [Int: Int] = [:]
                for (list, slot) in slots where slot.start <= start && slot.end - start >= minutes {
                    ends[list] = max(ends[list] ?? 0, slot.end)
                }
                guard let end = ends.values.min(), let slot = Slot(date: date, start: start, end: end),
                    ends.count >= best.count
                else { continue }
                if ends.count > best.count { best = (ends.count, []) }
                best.slots.append(slot)
            }
        }
        return SlotList(best.slots).slots
    }
}
