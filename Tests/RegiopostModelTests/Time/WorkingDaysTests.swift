import RegiopostModel
import Testing

@Suite("Working days in the Netherlands") struct WorkingDaysTests {
    private static func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    @Test(
        "Easter, as almanacs have it",
        arguments: [
            "1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31",
            "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2285-03-22",
        ])
    func easter(text: String) throws {
        let date = try Self.date(text)
        #expect(PublicHoliday.easter(in: date.year) == date)
    }

    @Test("Easter is a Sunday from 22 March to 25 April in every year of the calendar") func easterEveryYear() {
        for year in 1...9_999 {
            let easter = PublicHoliday.easter(in: year)
            #expect(
                easter.weekday == 7 && (easter.month, easter.day) >= (3, 22)
                    && (easter.month, easter.day) <= (4, 25))
        }
    }

    @Test(
        "the public holidays of some years",
        arguments: [
            (
                2024,
                [
                    "2024-01-01", "2024-03-29", "2024-04-01", "2024-04-27", "2024-05-05", "2024-05-09",
                    "2024-05-20",
                    "2024-12-25", "2024-12-26",
                ]
            ),
            (
                2025,
                [
                    "2025-01-01", "2025-04-18", "2025-04-21", "2025-04-26", "2025-05-05", "2025-05-29",
                    "2025-06-09",
                    "2025-12-25", "2025-12-26",
                ]
            ),
            (
                2026,
                [
                    "2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05", "2026-05-14",
                    "2026-05-25",
                    "2026-12-25", "2026-12-26",
                ]
            ),
            (
                2027,
                [
                    "2027-01-01", "2027-03-26", "2027-03-29", "2027-04-27", "2027-05-05", "2027-05-06",
                    "2027-05-17",
                    "2027-12-25", "2027-12-26",
                ]
            ),
        ])
    func holidays(year: Int, dates: [String]) {
        #expect(PublicHoliday.allCases.map { $0.date(in: year).text }.sorted() == dates)
    }

    @Test("a term that ends on a day off ends on the next working day") func end() throws {
        for (day, end) in [
            ("2026-06-01", "2026-06-01"), ("2026-05-30", "2026-06-01"), ("2026-05-31", "2026-06-01"),
            ("2026-05-14", "2026-05-15"), ("2026-04-03", "2026-04-07"), ("2026-05-05", "2026-05-06"),
            ("2026-12-25", "2026-12-28"), ("2027-12-31", "2027-12-31"), ("2028-01-01", "2028-01-03"),
            ("2025-04-26", "2025-04-28"),
        ] { #expect(WorkingDays.end(of: try Self.date(day)).text == end, "\(day)") }
    }

    @Test("counting and adding agree with going day by day") func counting() throws {
        let start = try Self.date("2025-12-20")
        var count = 0
        var date = start
        for _ in 0..<800 {
            date = date.adding(days: 1)
            if WorkingDays.contains(date) {
                count += 1
                if count <= 300 { #expect(WorkingDays.adding(count, to: start) == date) }
            }
            #expect(WorkingDays.count(after: start, through: date) == count)
            #expect(WorkingDays.count(after: date, through: start) == -count)
        }
        #expect(WorkingDays.adding(20, to: try Self.date("2026-04-01")).text == "2026-05-04")
        #expect(WorkingDays.adding(0, to: start) == start)
    }

    @Test("the ends of the calendar are no trap") func ends() throws {
        let last = try Self.date("9999-12-31")
        #expect(WorkingDays.adding(10, to: last).year == 9_999)
        #expect(WorkingDays.count(after: try Self.date("0001-01-01"), through: last) > 2_500_000)
        #expect(last.adding(days: .max) == last)
        #expect(last.adding(days: .min).text == "0001-01-01")
        _ = WorkingDays.end(of: last)
    }

    @Test("a day in the Netherlands begins an hour or two before it does in UTC") func dutchDays() throws {
        for (moment, day) in [
            ("2026-03-27T22:59:59Z", "2026-03-27"), ("2026-03-27T23:00:00Z", "2026-03-28"),
            ("2026-03-29T00:59:59Z", "2026-03-29"), ("2026-06-01T21:59:59Z", "2026-06-01"),
            ("2026-06-01T22:00:00Z", "2026-06-02"), ("2026-10-24T22:30:00Z", "2026-10-25"),
            ("2026-10-25T22:30:00Z", "2026-10-25"), ("2026-10-25T23:00:00Z", "2026-10-26"),
            ("2026-12-31T23:00:00Z", "2027-01-01"), ("2026-03-28T22:30:00Z", "2026-03-28"),
        ] {
            let timestamp = try #require(Timestamp(moment))
            #expect(DutchTime.date(of: timestamp).text == day, "\(moment)")
        }
    }
}
