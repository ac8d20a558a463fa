/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z, written as RFC 3339 with `Z`.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, from year 1970 to 9999.
    public let milliseconds: Int64

    private static let end: Int64 = 253_402_300_800_000

    /// Makes a moment; values outside the years 1970 to 9999 are held at the nearer end.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.end - 1)
    }

    /// Reads `2026-03-27T10:00:00Z` or with `.250` for milliseconds; other offsets and leap seconds are `nil`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 24, bytes.last == UInt8(ascii: "Z"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let date = CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)), date.year >= 1970,
            let hour = Digits.value(bytes[11..<13]), hour < 24,
            let minute = Digits.value(bytes[14..<16]), minute < 60,
            let second = Digits.value(bytes[17..<19]), second < 60
        else { return nil }
        var fraction = 0
        if bytes.count == 24 {
            guard bytes[19] == UInt8(ascii: "."), let value = Digits.value(bytes[20..<23]) else { return nil }
            fraction = value
        }
        let seconds = Int64(date.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        self.init(milliseconds: seconds * 1_000 + Int64(fraction))
    }

    /// The date in UTC.
    public var date: CalendarDate { CalendarDate(daysSince1970: Int(milliseconds / 86_400_000)) }

    /// `2026-03-27T10:00:00Z`, with three decimals where there are milliseconds.
    public var text: String {
        String(unsafeUninitializedCapacity: Self.characters) { characters in
            write(to: characters.start)
            guard milliseconds % 1_000 == 0 else { return Self.characters }
            characters[19] = UInt8(ascii: "Z")
            return 20
        }
    }

    /// How many characters `write` writes.
    public static let characters = 24

    /// Writes `2026-03-27T10:00:00.000Z`, always with three decimals, where there has to be room for it: lines and records say
    /// when each change was received.
    public func write(to start: UnsafeMutablePointer<UInt8>) {
        let date = date
        let inDay = Int(milliseconds % 86_400_000)
        Self.write(date.year, 4, start)
        start[4] = UInt8(ascii: "-")
        Self.write(date.month, 2, start + 5)
        start[7] = UInt8(ascii: "-")
        Self.write(date.day, 2, start + 8)
        start[10] = UInt8(ascii: "T")
        Self.write(inDay / 3_600_000, 2, start + 11)
        start[13] = UInt8(ascii: ":")
        Self.write(inDay / 60_000 % 60, 2, start + 14)
        start[16] = UInt8(ascii: ":")
        Self.write(inDay / 1_000 % 60, 2, start + 17)
        start[19] = UInt8(ascii: ".")
        Self.write(inDay % 1_000, 3, start + 20)
        start[23] = UInt8(ascii: "Z")
    }

    private static func write(_ number: Int, _ digits: Int, _ start: UnsafeMutablePointer<UInt8>) {
        var rest = number
        for index in stride(from: digits - 1, through: 0, by: -1) {
            start[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// The moment that many milliseconds later (or, negative, earlier).
    public func adding(milliseconds delta: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
        return Timestamp(milliseconds: overflow ? (delta > 0 ? Self.end - 1 : 0) : sum)
    }

    /// Earlier is less.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// The RFC 3339 text.
    public var description: String { text }
}
