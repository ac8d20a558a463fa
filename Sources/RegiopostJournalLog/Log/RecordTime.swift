import RegiopostModel

/// Times of receipt as `Timestamp.write` writes them to a record: RFC 3339 in UTC, always with three decimals, 24 bytes.
enum RecordTime {
    /// Reads what was written; anything else is `nil`: one moment has one spelling.
    static func read(_ start: UnsafeRawPointer) -> Timestamp? {
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        guard let year = number(bytes, 4), let month = number(bytes + 5, 2), let day = number(bytes + 8, 2),
            let hour = number(bytes + 11, 2), let minute = number(bytes + 14, 2),
            let second = number(bytes + 17, 2),
            let fraction = number(bytes + 20, 3), hour < 24, minute < 60, second < 60,
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."),
            bytes[23] == UInt8(ascii: "Z"), year >= 1970,
            let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = Int64(date.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        return Timestamp(milliseconds: seconds * 1_000 + Int64(fraction))
    }

    /// The number that so many digits say; `nil` where they aren't digits.
    static func number(_ bytes: UnsafePointer<UInt8>, _ digits: Int) -> Int? {
        var value = 0
        for index in 0..<digits {
            let digit = bytes[index]
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
