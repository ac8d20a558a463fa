import Foundation
import RegiopostModel
import Testing

/// Played by separate processes, as from two terminals.
@Suite("A letter with a due date, from publishing to a late answer", .timeLimit(.minutes(3)))
struct DeadlineStoryTests {
    /// A line of `open`, `overdue` or `mine`.
    private struct Item: Decodable {
        let task: String
        let organisation: String
        let deadline: String?
        let daysLeft: Int?
        let suspendedSince: String?
        let reminders: Int?
    }

    /// What `due` says.
    private struct Due: Decodable {
        let deadline: String?
        let suspendedDays: Int
        let inTime: Bool?
    }

    /// What `search` says.
    private struct Found: Decodable {
        struct Hit: Decodable {
            let kind: String
            let snippet: String
        }

        let hits: [Hit]
    }

    private static let letter = "PZH-2026-000000099"
    private static let accounthouder = "pv28/accounthouder-haagse-regio"

    @Test("due date, reminder, suspension, own date, answered late; found by searching; a BSN goes nowhere")
    func story() async throws {
        try await Town.with { town in
            for (profile, address) in [
                ("province", "pv28/secretariaat"), ("holder", Self.accounthouder), ("delft", "gm0503/college"),
            ] { try await town.enrol(profile, address) }
            let today = DutchTime.date(of: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
            let due = WorkingDays.end(of: today.adding(days: -30))
            try await publish(due, in: town)
            for profile in ["delft", "holder"] { try await town.sync(profile) }

            let overdue = try await town.succeed("delft", "overdue").value([Item].self)
            #expect(overdue.map(\.deadline) == [due.text])
            #expect(overdue.first?.daysLeft == -WorkingDays.count(after: due, through: today))
            let region = try await town.succeed("holder", "overdue").value([Item].self)
            #expect(region.count == 9 && region.allSatisfy { $0.task == "answer" })

            try await suspend(from: due.adding(days: -4), until: due, by: 4, in: town, end: due)
            try await refuse(after: due.adding(days: 30), in: town)
            try await answer(in: town)
        }
    }

    private func publish(_ due: CalendarDate, in town: Town) async throws {
        let text = """
            Ons kenmerk: DOS-2026-0000099
            \(Self.letter)
            Onderwerp: Samen verder

            Geachte formateur,

            Wij vragen u de netcongestie te bespreken.

            Hoogachtend,
            secretaris, A. Bakker
            """
        let file = town.folder + "/brief.txt"
        try Data(text.utf8).write(to: URL(filePath: file))
        try await town.succeed(
            "province", "letter", "publish", file, "--region", "haagse-regio", "--to", "formateur", "--due",
            due.text)
        try await town.sync("province")
    }

    /// Reminded and suspended by the account holder: Delft sees it, and the date moves by as many days.
    private func suspend(
        from: CalendarDate, until: CalendarDate, by days: Int, in town: Town, end: CalendarDate
    ) async throws {
        try await town.succeed(
            "holder", "remind", Self.letter, "--municipality", "Delft", "--note", "Graag spoedig.")
        try await town.succeed(
            "holder", "due", Self.letter, "--municipality", "Delft", "--suspend", from.text, "--reason",
            "Wij wachten.")
        for profile in ["holder", "delft"] { try await town.sync(profile) }
        let open = try await town.succeed("delft", "open").value([Item].self)
        #expect(open.map(\.suspendedSince) == [from.text] && open.first?.reminders == 1)
        #expect(try await town.succeed("delft", "overdue").value([Item].self).isEmpty)
        try await town.succeed("holder", "due", Self.letter, "--municipality", "Delft", "--resume", until.text)
        for profile in ["holder", "delft"] { try await town.sync(profile) }
        let moved = try await town.succeed("delft", "due", Self.letter).value(Due.self)
        #expect(moved.deadline == WorkingDays.end(of: end.adding(days: days)).text && moved.suspendedDays == days)
    }

    /// An own date is no extension, only the province reminds, and a BSN isn't sent, nor kept.
    private func refuse(after late: CalendarDate, in town: Town) async throws {
        let extended = try await town.client("delft", ["due", Self.letter, "--set", late.text])
        #expect(extended.status == 65 && extended.output.contains("bad-field"))
        let reminded = try await town.client("delft", ["remind", Self.letter, "--municipality", "Delft"])
        #expect(reminded.status == 65 && reminded.output.contains("not-allowed"))
        let bsn = try await town.client("delft", ["respond", Self.letter, "--text", "Voor inwoner 123456782."])
        #expect(bsn.status == 65 && bsn.output.contains("bsn-found"))
        #expect(!bsn.output.contains("123456782") && !bsn.errors.contains("123456782"))
        #expect(try await town.queue("delft").isEmpty)
    }

    private func answer(in town: Town) async throws {
        let run = try await town.succeed(
            "delft", "respond", Self.letter, "--text", "Over DOS-2026-0000098: wij bespreken het.")
        #expect(run.output.contains("mistyped-dossier"))
        for profile in ["delft", "holder"] { try await town.sync(profile) }
        #expect(try await town.succeed("delft", "open").value([Item].self).map(\.task) == ["acknowledge"])
        let answered = try await town.succeed("holder", "due", Self.letter, "--municipality", "Delft").value(
            Due.self)
        #expect(answered.inTime == false)
        let again = try await town.client("holder", ["remind", Self.letter, "--municipality", "Delft"])
        #expect(again.status == 65 && again.output.contains("answered"))
        let mine = try await town.succeed("holder", "mine").value([Item].self)
        #expect(mine.map(\.task) == ["acknowledge"] && mine.map(\.organisation) == ["gm0503"])
        for (words, kind) in [(["netcong"], "letter"), (["--dossier", "99", "bespreken het"], "response")] {
            let run = try await town.client("holder", ["search"] + words)
            let found = try run.value(Found.self)
            #expect(found.hits.map(\.kind).contains(kind) && run.status == 0, "\(words): \(run.output)")
        }
    }
}
