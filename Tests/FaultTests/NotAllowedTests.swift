import Foundation
import Testing

/// A server that isn't the pinned one, and a client that isn't let in any more: nothing is sent and nothing is lost.
@Suite(.serialized) struct NotAllowedTests {
    private static let request = ["meeting", "request", "--theme", "Wonen", "--slot", "2026-05-12 10:00-12:00"]

    @Test func `Another server at the same place gets nothing`() async throws {
        try await Town.with { town in
            try await town.enrol("formateur", "gm0518/formateur")
            try await town.enrol("accounthouder", "pv28/accounthouder-haagse-regio")
            let id = try await town.client("formateur", Self.request).value(Queued.self).id
            let before = try await town.queue("formateur")
            let invitation = try await town.invite("gm0518/griffie")
            await town.killServer()

            let other = town.folder + "/other"
            try await town.operate(["init", "--host", "127.0.0.1", "--port", String(town.port)], on: other)
            try await town.startServer(on: other)
            let stored = try await town.operate(["verify", "--json"], on: other).output
            let run = try await town.client("formateur", ["sync"])
            #expect(run.status == 77 && run.output.contains("\"wrong-server\""), "\(run.output)")
            let enrolment = try await town.client("griffie", ["enroll", invitation])
            #expect(enrolment.status == 77 && enrolment.output.contains("\"wrong-server\""), "\(enrolment.output)")
            #expect(try await town.queue("formateur") == before, "the queue is as it was")
            #expect(try await town.operate(["verify", "--json"], on: other).output == stored, "nothing was sent")
            await town.killServer()

            try await town.startServer()
            try await town.succeed("griffie", "enroll", invitation)
            try await town.succeed("formateur", "sync")
            try await town.succeed("accounthouder", "sync")
            #expect(try await town.meetings("accounthouder").map(\.id) == [id], "once, at the right server")
        }
    }

    @Test func `A revoked client keeps its queue, and a new profile of its address goes on`() async throws {
        try await Town.with { town in
            try await town.enrol("formateur", "gm0518/formateur")
            _ = try await town.client("formateur", Self.request).value(Queued.self)
            let before = try await town.queue("formateur")
            try await town.operate(["revoke", "gm0518/formateur"])
            let run = try await town.client("formateur", ["sync"])
            #expect(run.status == 77 && run.output.contains("\"not-accepted\""), "\(run.output)\(run.errors)")
            #expect(try await town.queue("formateur") == before, "the queue is as it was")
            try await town.enrol("successor", "gm0518/formateur")
            #expect(try await town.meetings("successor").isEmpty, "nothing was sent")
        }
    }
}
