/// Reads a date the way Dutch letters write it.
enum LetterDate {
    private static let months: [String: Int] = [
        "januari": 1, "jan": 1, "februari": 2, "feb": 2, "maart": 3, "mrt": 3, "april": 4, "apr": 4, "mei": 5,
        "juni": 6, "jun": 6, "juli": 7, "jul": 7, "augustus": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9,
        "oktober": 10, "okt": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
    ]

    /// The first date in `text`: `27 maart 2026`, `27-03-2026`, `27/3/2026` or `2026-03-27`, whatever stands around
    /// it; `nil` where there is none or the day doesn't exist.
    static func first(in text: String) -> CalendarDate? {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return words.indices.dropLast(2).lazy.compactMap { date(words[$0], words[$0 + 1], words[$0 + 2]) }.first
    }

    private static func date(_ first: String, _ second: String, _ third: String) -> CalendarDate? {
        guard let month = months[second] ?? number(second, digits: 1...2) else { return nil }
        if let year = number(third, digits: 4...4), let day = number(first, digits: 1...2) {
            return CalendarDate(year: year, month: month, day: day)
        }
        if let year = number(first, digits: 4...4), let day = number(third, digits: 1...2) {
            return CalendarDate(year: year, month: month, day: day)
        }
        return nil
    }

    private static func number(_ text: String, digits: ClosedRange<Int>) -> Int? {
        digits.contains(text.utf8.count) ? Digits.value(text.utf8) : nil
    }
}
