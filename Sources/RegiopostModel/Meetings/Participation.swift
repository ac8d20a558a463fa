/// What one organisation that is invited says about taking part: its joins that no other join or leave has taken the
/// place of.
///
/// A join or leave names the joins that its author saw, and takes the place of these alone. So two that were written
/// without knowing of each other both stand, in whatever order they arrive.
public struct Participation: Equatable, Sendable {
    private var joins: [ChangeID: [Slot]] = [:]
    private var replaced: Set<ChangeID> = []

    /// Nothing was said yet.
    init() {}

    /// The joins that stand, by the changes that say so.
    public var standing: [ChangeID: [Slot]] { joins.filter { !replaced.contains($0.key) } }

    /// Whether the organisation takes part.
    public var takesPart: Bool { joins.keys.contains { !replaced.contains($0) } }

    /// What suits the organisation: what all its joins have in common that name slots; `nil` where none does, and any
    /// slot suits.
    public var slots: SlotList? {
        let named = standing.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { SlotList($0.value) }
        guard let first = named.first else { return nil }
        return named.dropFirst().reduce(first) { $0.intersection($1) }
    }

    mutating func join(_ id: ChangeID, slots: [Slot], replaces: [ChangeID]) {
        joins[id] = slots
        replaced.formUnion(replaces)
    }

    mutating func leave(replaces: [ChangeID]) { replaced.formUnion(replaces) }
}
