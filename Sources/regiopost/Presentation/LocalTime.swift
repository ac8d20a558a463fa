import Foundation
import RegiopostModel

/// Moments as people in the Netherlands read them.
enum LocalTime {
    /// `2026-03-27 11:00`, in the machine's time zone, which `TZ` sets.
    static func text(_ moment: Timestamp) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        return String(
            format: "%04d-%02d-%02d %02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0, parts.hour ?? 0,
            parts.minute ?? 0)
    }

    /// Today, in the machine's time zone.
    static func today(_ now: Timestamp) -> CalendarDate? { CalendarDate(String(text(now).prefix(10))) }
}
