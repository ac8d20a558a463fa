/// Days as the Netherlands count them (Europe/Amsterdam): one hour ahead of UTC, two in summer, which lasts from the last
/// Sunday of March, 01:00 UTC, to the last Sunday of October, 01:00 UTC (directive 2000/84/EC). Earlier years are taken
/// by the same rule.
public enum DutchTime {
    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000

    /// The day that it is in the Netherlands at a moment. O(1).
    public static func date(of moment: Timestamp) -> CalendarDate {
        moment.adding(milliseconds: offset(at: moment)).date
    }

    /// The moment at which a day begins in the Netherlands; of days before 1970, the first moment there is. O(1).
    public static func start(of date: CalendarDate) -> Timestamp {
        let midnight = Int64(date.daysSince1970) * day
        // The clock never changes at midnight, so the offset then is that of the hour before in UTC.
        let winter = Timestamp(milliseconds: midnight - hour)
        return Timestamp(milliseconds: midnight - offset(at: winter))
    }

    /// How far the Dutch clock is ahead of UTC at a moment, in milliseconds.
    private static func offset(at moment: Timestamp) -> Int64 {
        let year = moment.date.year
        let summer = change(year, month: 3)..<change(year, month: 10)
        return summer.contains(moment.milliseconds) ? 2 * hour : hour
    }

    /// 01:00 UTC on the last Sunday of a month that has 31 days.
    private static func change(_ year: Int, month: Int) -> Int64 {
        guard let last = CalendarDate(year: year, month: month, day: 31) else { return 0 }
        return Int64(last.daysSince1970 - last.weekday % 7) * day + hour
    }
}
