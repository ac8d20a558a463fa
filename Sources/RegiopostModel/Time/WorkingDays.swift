/// Days on which the Netherlands work: Monday to Friday, without public holidays.
public enum WorkingDays {
    /// Whether the day is one. O(1).
    public static func contains(_ date: CalendarDate) -> Bool {
        date.weekday <= 5 && !PublicHoliday.allCases.contains { $0.date(in: date.year) == date }
    }

    /// The day itself, or the next working day where it is none: when a term ends that would end on that day
    /// (Algemene termijnenwet, article 1). O(1): never more than a week away.
    public static func end(of date: CalendarDate) -> CalendarDate {
        var date = date
        for _ in 0..<10 where !contains(date) { date = date.adding(days: 1) }
        return date
    }

    /// The last of so many working days after a day, which itself doesn't count. O(days).
    public static func adding(_ count: Int, to date: CalendarDate) -> CalendarDate {
        var (date, rest) = (date, min(max(count, 0), 10_000))
        while rest > 0, date.year < 9_999 {
            date = date.adding(days: 1)
            if contains(date) { rest -= 1 }
        }
        return date
    }

    /// How many working days come after one day and up to another, that one included; fewer than none where the other is
    /// earlier. O(years).
    public static func count(after start: CalendarDate, through end: CalendarDate) -> Int {
        guard start <= end else { return -count(after: end, through: start) }
        let holidays = (start.year...end.year).reduce(0) { count, year in
            count
                + Set(PublicHoliday.allCases.map { $0.date(in: year) })
                .count { $0.weekday <= 5 && start < $0 && $0 <= end }
        }
        return weekdays(through: end) - weekdays(through: start) - holidays
    }

    /// Mondays to Fridays up to and with a day, from some Monday long ago on.
    private static func weekdays(through date: CalendarDate) -> Int {
        // 0001-01-01 was a Monday.
        let days = date.daysSince1970 + 719_162
        return days / 7 * 5 + min(days % 7 + 1, 5)
    }
}
