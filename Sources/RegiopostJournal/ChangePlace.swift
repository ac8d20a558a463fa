import RegiopostModel

/// Where a change stood among all changes of a server: its number in one epoch. A restore from backup begins an epoch,
/// so numbers come twice; the earlier epoch comes first.
public struct ChangePlace: Hashable, Sendable, Comparable {
    /// When the epoch began; 1970 for a server's first.
    public let began: Timestamp
    /// 1, 2, 3 … in the journal.
    public let number: Int

    /// Makes a place.
    public init(began: Timestamp, number: Int) {
        self.began = began
        self.number = number
    }

    /// What came first is less.
    public static func < (left: ChangePlace, right: ChangePlace) -> Bool {
        (left.began, left.number) < (right.began, right.number)
    }
}
