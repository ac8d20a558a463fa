/// Records of one segment that lie so close together that one call reads them all.
struct LogRun {
    /// No run is longer, unless it is one record: what is larger the allocator would get from the system each time.
    private static let longest = 64 << 10
    /// What may lie between two records, and is read for nothing.
    private static let gap = 4 << 10

    private(set) var records: [StoredPlace] = []
    private(set) var bytes = 0

    var place: LogPlace { records[0].place }

    /// Takes as many of the first sources as belong together: one at least.
    init(_ sources: ArraySlice<RecordSource>) {
        for source in sources {
            guard case .log(let stored) = source else { return }
            let end = stored.place.offset + stored.headBytes + stored.textBytes
            guard let first = records.first else {
                records.append(stored)
                bytes = end - stored.place.offset
                continue
            }
            let skipped = stored.place.offset - (first.place.offset + bytes)
            guard stored.place.segment == first.place.segment, (0...Self.gap).contains(skipped),
                end - first.place.offset <= Self.longest
            else { return }
            records.append(stored)
            bytes = end - first.place.offset
        }
    }
}
