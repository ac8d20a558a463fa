import RegiopostModel
import Testing

@Suite("Dates and moments") struct TimeTests {
    @Test("every day of four centuries survives counting") func days() {
        var previous = CalendarDate(daysSince1970: -1)
        for day in stride(from: 0, to: 146_097, by: 1) {
            let date = CalendarDate(daysSince1970: day)
            #expect(date.daysSince1970 == day && previous < date)
            previous = date
        }
    }

    @Test("known days") func known() {
        #expect(CalendarDate("2026-03-18")?.weekday == 3)
        #expect(CalendarDate("1970-01-01")?.weekday == 4)
        #expect(CalendarDate("2026-02-29") == nil)
        #expect(CalendarDate("2024-02-29")?.text == "2024-02-29")
        #expect(CalendarDate("2026-3-18") == nil)
    }

    @Test(
        "moments are read and written the same",
        arguments: [
            "2026-03-27T10:00:00Z", "2026-03-27T10:00:00.250Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
        ]) func moments(text: String)
    {
        #expect(Timestamp(text)?.text == text)
    }

    @Test(
        "other spellings are refused",
        arguments: [
            "2026-03-27T10:00:00+01:00", "2026-03-27 10:00:00Z", "2026-03-27T24:00:00Z", "2026-03-27T10:00:60Z",
            "1969-12-31T23:59:59Z", "2026-03-27T10:00Z",
        ]) func refused(text: String)
    {
        #expect(Timestamp(text) == nil)
    }
}

@Suite("Dutch days") struct DutchTimeTests {
    @Test(
        "a day begins at midnight in the Netherlands, winter and summer",
        arguments: [
            ("2026-01-01", "2025-12-31T23:00:00Z"), ("2026-03-29", "2026-03-28T23:00:00Z"),
            ("2026-03-30", "2026-03-29T22:00:00Z"), ("2026-10-25", "2026-10-24T22:00:00Z"),
            ("2026-10-26", "2026-10-25T23:00:00Z"), ("2024-03-31", "2024-03-30T23:00:00Z"),
            ("2024-04-01", "2024-03-31T22:00:00Z"), ("2023-01-01", "2022-12-31T23:00:00Z"),
        ]) func start(date: String, moment: String) throws
    {
        let day = try #require(CalendarDate(date))
        let start = try #require(Timestamp(moment))
        #expect(DutchTime.start(of: day) == start)
        #expect(DutchTime.date(of: start) == day)
        #expect(DutchTime.date(of: start.adding(milliseconds: -1)).daysSince1970 == day.daysSince1970 - 1)
    }

    @Test("every day of many years begins when it says") func all() {
        for days in 9_000..<30_000 {
            let day = CalendarDate(daysSince1970: days)
            let start = DutchTime.start(of: day)
            #expect(DutchTime.date(of: start) == day)
            #expect(DutchTime.date(of: start.adding(milliseconds: -1)) != day)
        }
    }
}
