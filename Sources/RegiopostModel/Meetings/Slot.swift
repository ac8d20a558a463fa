/// A time on a day at which people can meet, in Dutch local time: written `2026-05-12T19:30/21:00`.
public struct Slot: Hashable, Sendable, Comparable {
    /// The day.
    public let date: CalendarDate
    /// Minutes after midnight at which it starts.
    public let start: Int
    /// Minutes after midnight at which it ends; later than the start, on the same day.
    public let end: Int

    /// Makes a slot; `nil` where it doesn't end after its start on the same day.
    public init?(date: CalendarDate, start: Int, end: Int) {
        guard start >= 0, start < end, end < 24 * 60 else { return nil }
        self.date = date
        self.start = start
        self.end = end
    }

    /// Reads `2026-05-12T19:30/21:00`, or as people type it: `2026-05-12 19:30-21:00`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 22, let date = CalendarDate(String(decoding: bytes[..<10], as: UTF8.self)),
            let start = Self.minutes(bytes[11..<16]), let end = Self.minutes(bytes[17...])
        else { return nil }
        let separators = (bytes[10], bytes[16])
        guard separators == (UInt8(ascii: "T"), UInt8(ascii: "/")) || separators == (0x20, UInt8(ascii: "-")) else {
            return nil
        }
        self.init(date: date, start: start, end: end)
    }

    /// The slot as a change has it.
    public var text: String { date.text + "T" + Self.clock(start) + "/" + Self.clock(end) }

    /// The slot as people type it.
    public var typed: String { date.text + " " + Self.clock(start) + "-" + Self.clock(end) }

    /// How a slot is written in a change.
    static let pattern = "YYYY-MM-DDTHH:MM/HH:MM"

    /// Reads a slot as a change has it: one spelling, so that equal slots are equal texts.
    static func read(_ text: String) -> Slot? { Slot(text).flatMap { $0.text == text ? $0 : nil } }

    /// Earlier is less.
    public static func < (left: Slot, right: Slot) -> Bool {
        (left.date, left.start, left.end) < (right.date, right.start, right.end)
    }

    private static func minutes(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count == 5, bytes[bytes.startIndex + 2] == UInt8(ascii: ":"),
            let hour = Digits.value(bytes.prefix(2)), hour < 24, let minute = Digits.value(bytes.suffix(2)),
            minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    private static func clock(_ minutes: Int) -> String {
        Digits.padded(minutes / 60, 2) + ":" + Digits.padded(minutes % 60, 2)
    }
}
