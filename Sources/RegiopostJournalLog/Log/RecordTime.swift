import RegiopostModel

/// Times of receipt as a record writes them: RFC 3339 in UTC, always with three decimals, 24 bytes.
enum RecordTime {
    /// Writes 24 characters, for which there has to be room.
    static func write(_ time: Timestamp, to start: UnsafeMutablePointer<UInt8>) {
        let date = time.date
        let inDay = Int(time.milliseconds % 86_400_000)
        put(date.year, 4, start)
        start[4] = UInt8(ascii: "-")
        put(date.month, 2, start + 5)
        start[7] = UInt8(ascii: "-")
        put(date.day, 2, start + 8)
        start[10] = UInt8(ascii: "T")
        put(inDay / 3_600_000, 2, start + 11)
        start[13] = UInt8(ascii: ":")
        put(inDay / 60_000 % 60, 2, start + 14)
        start[16] = UInt8(ascii: ":")
        put(inDay / 1_000 % 60, 2, start + 17)
        start[19] = UInt8(ascii: ".")
        put(inDay % 1_000, 3, start + 20)
        start[23] = UInt8(ascii: "Z")
    }

    private static func put(_ number: Int, _ digits: Int, _ start: UnsafeMutablePointer<UInt8>) {
        var rest = number
        for index in stride(from: digits - 1, through: 0, by: -1) {
            start[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Reads what `write` wrote; anything else is `nil`.
    static func read(_ start: UnsafeRawPointer) -> Timestamp? {
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        guard let year = number(bytes, 4), let month = number(bytes + 5, 2), let day = number(bytes + 8, 2),
            let hour = number(bytes + 11, 2), let minute = number(bytes + 14, 2),
            let second = number(bytes + 17, 2),
            let fraction = number(bytes + 20, 3), hour < 24, minute < 60, second < 60,
            let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = Int64(date.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        let time = Timestamp(milliseconds: seconds * 1_000 + Int64(fraction))
        // One moment has one spelling: this finds separators that are others.
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: RecordFormat.receivedBytes) { again in
            write(time, to: again.start)
            for index in 0..<RecordFormat.receivedBytes where again[index] != bytes[index] { return nil }
            return time
        }
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
