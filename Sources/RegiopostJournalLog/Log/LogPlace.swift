/// Where something begins in the log: which segment, and at which byte of it.
struct LogPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1, 2, 3 …
    let segment: Int
    /// From the beginning of the segment's file.
    let offset: Int

    init(segment: Int, offset: Int) {
        self.segment = segment
        self.offset = offset
    }

    /// Reads what `packed` gave.
    init(packed: Int) {
        segment = packed >> 40
        offset = packed & (1 << 40 - 1)
    }

    /// Both in one number, in the order of the log.
    var packed: Int { segment << 40 | offset }

    var description: String { "\(SegmentName.file(segment)), byte \(offset)" }

    static func < (left: LogPlace, right: LogPlace) -> Bool { left.packed < right.packed }
}

/// How segments are named: twelve digits, so that a listing shows them in order.
enum SegmentName {
    static let folder = "segments"
    static let suffix = ".log"
    /// What a segment is called until it is whole.
    static let draftSuffix = ".log.new"

    static func file(_ number: Int) -> String { padded(number) + suffix }

    /// The number of a segment with that file name; `nil` where it names none.
    static func number(_ file: String) -> Int? {
        guard file.hasSuffix(suffix), file.utf8.count == 12 + suffix.utf8.count,
            let number = Int(file.prefix(12)), number > 0, padded(number) == file.prefix(12)
        else { return nil }
        return number
    }

    static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(12 - digits.utf8.count, 0)) + digits
    }
}

/// The end of a stretch of the log: what comes next begins here.
struct LogEnd: Hashable, Sendable {
    var place: LogPlace
    /// The last record's number; 0 where there is none.
    var sequence: Int
    /// The last record's chain; the log's beginning where there is none.
    var chain: Chain
}
