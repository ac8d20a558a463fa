/// How much a journal holds.
public struct JournalSize: Hashable, Sendable {
    /// How many changes.
    public let records: Int
    /// How many files their lines lie in.
    public let segments: Int
    /// How many bytes these hold, what is only reserved not counted.
    public let bytes: Int

    /// Makes a size.
    public init(records: Int, segments: Int, bytes: Int) {
        self.records = records
        self.segments = segments
        self.bytes = bytes
    }
}

/// What a back end can say about its own storage.
public protocol JournalInspection: Sendable {
    /// How much there is. O(1).
    func size() async throws(JournalError) -> JournalSize

    /// Reads everything that lies on the disk and checks that it is sound and that its parts agree; how much it was.
    /// Changes nothing, and costs by all there is.
    ///
    /// Throws `corrupt` with the first difference and its place.
    func verify() async throws(JournalError) -> JournalSize
}
