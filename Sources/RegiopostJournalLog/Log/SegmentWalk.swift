import Glibc
import RegiopostJournal
import RegiopostModel

/// Reads a segment record by record and checks each: its form, its number, its text against its digest, its chain.
/// Holds a window of the file and no more.
struct SegmentWalk {
    /// What comes next in a segment.
    enum Step {
        /// A sound record that begins at `offset`.
        case record(RecordHead, offset: Int)
        /// Nothing but zeros, or the end of the file.
        case end
        /// Something that is no sound record.
        case broken(Fault)
    }

    /// What is wrong with the place that a walk stands at.
    enum Fault: String {
        case form = "it has not the form of a record"
        case number = "its number is not the next one"
        case text = "its text does not have its digest"
        case lineEnd = "it does not end in a line end"
        case chain = "its chain does not follow from the one before"
        case remains = "something lies behind the log's end"
        case short = "the file ends within it"
    }

    private let file: SegmentFile
    private let size: Int
    private let hash: LogHash
    private var window = [UInt8]()
    /// Where in the file the window begins.
    private var windowOffset: Int
    private let scratch = GrowingBytes(capacity: 4_096)
    /// Where the next record begins, and what it follows.
    private(set) var end: LogEnd

    private static let windowBytes = 1 << 20

    /// Begins behind the segment's header.
    init(_ file: SegmentFile, _ header: SegmentHeader, hash: @escaping LogHash) throws(JournalError) {
        self.file = file
        self.hash = hash
        size = try file.size()
        windowOffset = 0
        end = LogEnd(
            place: LogPlace(segment: file.number, offset: header.line.count), sequence: header.first - 1,
            chain: header.chain)
    }

    private var offset: Int { end.place.offset }

    /// The text of the record that `next` just gave.
    private(set) var text: [UInt8] = []
    /// Whether `text` is wanted, which costs a copy.
    var keepsText = false

    mutating func next() throws(JournalError) -> Step {
        guard try load(1) else { return .end }
        if window[offset - windowOffset] == 0 { return try restIsZero() ? .end : .broken(.remains) }
        var wanted = min(8_192, size - offset)
        while true {
            _ = try load(wanted)
            let result = window.withUnsafeBytes { bytes in
                RecordHead.read(UnsafeRawBufferPointer(rebasing: bytes[(offset - windowOffset)...]))
            }
            switch result {
            case .success(let head): return try check(head)
            case .failure(.incomplete) where wanted < size - offset && wanted <= RecordFormat.maximumHead:
                wanted = min(wanted * 4, size - offset)
            case .failure(.incomplete): return .broken(.short)
            case .failure(.wrong): return .broken(.form)
            }
        }
    }

    private mutating func check(_ head: RecordHead) throws(JournalError) -> Step {
        guard head.textBytes <= size, try load(head.bytes) else { return .broken(.short) }
        let start = offset - windowOffset
        guard window[start + head.bytes - 1] == UInt8(ascii: "\n") else { return .broken(.lineEnd) }
        guard head.sequence == end.sequence + 1 else { return .broken(.number) }
        let (digest, chain) = window.withUnsafeBytes { bytes in
            let record = UnsafeRawBufferPointer(rebasing: bytes[start..<start + head.bytes])
            return (
                hash(UnsafeRawBufferPointer(rebasing: record[head.headBytes..<head.bytes - 1])),
                self.chain(record, head.coveredBytes)
            )
        }
        guard digest == head.digest else { return .broken(.text) }
        guard chain == head.chain else { return .broken(.chain) }
        if keepsText { text = Array(window[start + head.headBytes..<start + head.bytes - 1]) }
        let place = offset
        end = LogEnd(
            place: LogPlace(segment: file.number, offset: offset + head.bytes), sequence: head.sequence,
            chain: chain)
        return .record(head, offset: place)
    }

    private func chain(_ record: UnsafeRawBufferPointer, _ covered: Int) -> Chain {
        scratch.clear()
        _ = scratch.extend(by: ChainRule.prefixBytes)
        scratch.put(UnsafeRawBufferPointer(rebasing: record[..<covered]))
        return ChainRule.next(after: end.chain, scratch.mutableBytes, hash)
    }

    /// Has the window hold so many bytes from where the walk stands; false where the file has fewer.
    private mutating func load(_ count: Int) throws(JournalError) -> Bool {
        let start = offset - windowOffset
        if start >= 0, start + count <= window.count { return true }
        guard offset < size else { return false }
        let wanted = min(max(count, Self.windowBytes), size - offset)
        window = try file.read(wanted, at: offset)
        windowOffset = offset
        return count <= window.count
    }

    /// A torn group may have lost its beginning and kept what comes after it, so the place where one could lie is
    /// looked through.
    private func restIsZero() throws(JournalError) -> Bool {
        try file.lastNonZero(from: offset, to: min(offset + LogSizing.largestTear, size)) == nil
    }
}

extension SegmentFile {
    /// Where the last byte lies that isn't zero; `nil` where there is none between these two.
    func lastNonZero(from start: Int, to end: Int) throws(JournalError) -> Int? {
        var found: Int?
        for offset in stride(from: start, to: end, by: 1 << 20) {
            let piece = try read(min(1 << 20, end - offset), at: offset)
            // Nearly always all are: one call compares each byte with the next.
            let isZero = piece.withUnsafeBytes { bytes in
                bytes[0] == 0 && memcmp(bytes.start, bytes.start + 1, bytes.count - 1) == 0
            }
            if !isZero, let index = piece.lastIndex(where: { $0 != 0 }) { found = offset + index }
        }
        return found
    }
}
