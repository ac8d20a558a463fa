import Foundation
import Testing

/// The row "formateur: the mandate ends and everything passes to the college", and mergers, with real clients: who no longer
/// has the work keeps its queue and is told who has it.
@Suite(.serialized) struct SuccessorTests {
    private static let request = ["meeting", "request", "--theme", "Wonen", "--slot", "2026-05-12 10:00-12:00"]

    @Test func `formateur: after the mandate the college goes on, and what was queued too late is kept`()
        async throws
    {
        try await Town.with { town in
            try await town.enrol("formateur", "gm0518/formateur")
            try await town.enrol("college", "gm0518/college")
            let sent = try await town.client("formateur", Self.request).value(Queued.self).id
            try await town.succeed("formateur", "sync")
            let late = try await town.client("formateur", Self.request + ["--note", "Te laat."]).value(Queued.self)
                .id
            try await town.operate(["mandate", "end", "gm0518/formateur"])

            let run = try await town.client("formateur", ["sync"])
            #expect(run.status == 65 && run.output.contains("\"mandate-ended\""), "\(run.output)\(run.errors)")
            #expect(run.errors.contains("gm0518/college"), "it says who has the work: \(run.errors)")
            #expect(try await town.queue("formateur").map(\.id) == [late], "the work is kept")
            // The directory came along, so the next is refused at the keyboard.
            let offline = try await town.client("formateur", Self.request)
            #expect(offline.status == 65 && offline.output.contains("\"mandate-ended\""), "\(offline.output)")

            try await town.succeed("college", "sync")
            #expect(try await town.meetings("college").map(\.id) == [sent])
            try await town.succeed("college", "meeting", "cancel", sent, "--reason", "Het college kiest anders.")
            try await town.succeed("college", "sync")
            #expect(try await town.meetings("college").map(\.status) == ["cancelled"])
        }
    }

    @Test func `A merger: the new municipality has what the old ones had, an old client keeps its queue`()
        async throws
    {
        try await Town.with { town in
            var sent: Set<String> = []
            for code in ["gm0503", "gm0603"] {
                try await town.enrol(code, code + "/college")
                sent.insert(try await town.client(code, Self.request).value(Queued.self).id)
                try await town.succeed(code, "sync")
            }
            let late = try await town.client("gm0503", Self.request + ["--note", "Te laat."]).value(Queued.self).id
            try await town.operate([
                "organisation", "merge", "gm0503", "gm0603", "--into", "gm1999", "--from", "2026-01-01", "--name",
                "Delfswijk",
            ])
            try await town.enrol("new", "gm1999/college")
            #expect(Set(try await town.meetings("new").map(\.id)) == sent)
            let run = try await town.client("gm0503", ["sync"])
            #expect(run.status == 65 && run.output.contains("\"organisation-abolished\""), "\(run.output)")
            #expect(run.errors.contains("Delfswijk (gm1999)"), "\(run.errors)")
            #expect(try await town.queue("gm0503").map(\.id) == [late], "the work is kept")

            try await town.enrol("griffie", "gm0518/griffie")
            let briefing = try await town.client(
                "griffie", ["briefing", "request", "--with", "Delft", "--slot", "2026-06-02 19:30-21:30"])
            #expect(briefing.status == 0 && briefing.errors.contains("Delfswijk"), "\(briefing.errors)")
            try await town.succeed("griffie", "sync")
            try await town.succeed("new", "sync")
        }
    }

    @Test func `A request says how far it may be known, and lists show it`() async throws {
        try await Town.with { town in
            try await town.enrol("college", "gm0518/college")
            try await town.enrol("formateur", "gm0518/formateur")
            try await town.succeed("college", Self.request[0], Self.request[1], "--confidentiality", "geheim")
            try await town.succeed("college", "sync")
            try await town.succeed("formateur", "sync")
            #expect(try await town.meetings("formateur").isEmpty, "who isn't cleared has nothing of it")
            let list = try await town.succeed("college", "meetings").output
            #expect(list.contains("\"confidentiality\":\"geheim\""), "\(list)")
            let refused = try await town.client("formateur", Self.request + ["--confidentiality", "geheim"])
            #expect(refused.status == 65 && refused.output.contains("\"not-cleared\""), "\(refused.output)")
        }
    }
}
