/// A day on which no term ends in the Netherlands (Algemene termijnenwet, article 3), besides Saturdays and Sundays. Days
/// that the Crown adds for one year are not among them.
public enum PublicHoliday: String, Sendable, CaseIterable {
    case newYearsDay = "nieuwjaarsdag"
    case goodFriday = "goede-vrijdag"
    case easterMonday = "tweede-paasdag"
    case kingsDay = "koningsdag"
    case liberationDay = "bevrijdingsdag"
    case ascensionDay = "hemelvaartsdag"
    case whitMonday = "tweede-pinksterdag"
    case christmasDay = "eerste-kerstdag"
    case secondChristmasDay = "tweede-kerstdag"

    /// When it is in a year. King's Day is 27 April as it has been since 2014, the day before where that is a Sunday;
    /// Liberation Day counts every year.
    public func date(in year: Int) -> CalendarDate {
        switch self {
        case .newYearsDay: Self.day(year, 1, 1)
        case .goodFriday: Self.easter(in: year).adding(days: -2)
        case .easterMonday: Self.easter(in: year).adding(days: 1)
        case .kingsDay: Self.day(year, 4, Self.day(year, 4, 27).weekday == 7 ? 26 : 27)
        case .liberationDay: Self.day(year, 5, 5)
        case .ascensionDay: Self.easter(in: year).adding(days: 39)
        case .whitMonday: Self.easter(in: year).adding(days: 50)
        case .christmasDay: Self.day(year, 12, 25)
        case .secondChristmasDay: Self.day(year, 12, 26)
        }
    }

    /// Easter Sunday by the Gregorian rule, as Meeus, Jones and Butcher compute it.
    public static func easter(in year: Int) -> CalendarDate {
        let (golden, century, inCentury) = (year % 19, year / 100, year % 100)
        let moon = (century + 8) / 25
        let epact = (19 * golden + century - century / 4 - (century - moon + 1) / 3 + 15) % 30
        let sunday = (32 + 2 * (century % 4) + 2 * (inCentury / 4) - epact - inCentury % 4) % 7
        let correction = (golden + 11 * epact + 22 * sunday) / 451
        let number = epact + sunday - 7 * correction + 114
        return day(year, number / 31, number % 31 + 1)
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate {
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            preconditionFailure("\(year)-\(month)-\(day) is in the calendar of every year from 1 to 9999")
        }
        return date
    }
}

extension CalendarDate {
    /// The date that many days later, or earlier where negative; held to years 1 to 9999.
    public func adding(days: Int) -> CalendarDate {
        let (sum, overflow) = daysSince1970.addingReportingOverflow(days)
        return CalendarDate(daysSince1970: overflow ? (days > 0 ? 3_000_000 : -800_000) : sum)
    }
}
