/// How large the parts of the journal become.
public struct LogSizing: Hashable, Sendable {
    /// A segment has at least so many bytes, a power of two or not.
    public var smallestSegment: Int
    /// A segment has at most so many bytes, unless one group alone is larger. Until the log is as large as that,
    /// each new segment is about as large as all before it, so that a small installation stays small.
    public var largestSegment: Int
    /// The index is written when so many records wait for it …
    public var indexedRecords = 4_096
    /// … or so many bytes of them …
    public var indexedBytes = 4 << 20
    /// … or one has waited for so long, in milliseconds.
    public var indexedMilliseconds = 250
    /// Where so many times as much waits as should be written, appending waits for the index.
    static let patience = 2
    /// A group is written when it has so many bytes, whatever else waits.
    static let groupBytes = 4 << 20
    /// No group is longer: one that was nearly full and got one more record of the largest.
    static let largestTear = 16 << 20

    /// From 1 MiB to 64 MiB, unless said otherwise.
    public init(smallestSegment: Int = 1 << 20, largestSegment: Int = 64 << 20) {
        self.smallestSegment = max(smallestSegment, 1_024)
        self.largestSegment = max(largestSegment, self.smallestSegment)
    }

    /// How large the next segment is to be, where those before it have so many bytes.
    func segmentBytes(after bytes: Int) -> Int { min(max(bytes, smallestSegment), largestSegment) }
}
