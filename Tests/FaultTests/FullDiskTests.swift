import Foundation
import Testing

/// A full disk is said, costs nothing that was there, and is over when there is room again.
@Suite(.serialized, .enabled(if: SmallDisk.isPossible)) struct FullDiskTests {
    private static let request = ["meeting", "request", "--slot", "2026-05-12 10:00-12:00", "--theme"]

    @Test func `A client on a full disk keeps what it has and says that the disk is full`() async throws {
        try await SmallDisk.with(kibibytes: 4_096) { disk in
            try await Town.with { town in
                let client = Client(town: town, home: disk.path)
                try await client.succeed("enroll", try await town.invite("gm0518/formateur"))
                try await client.succeed("sync")
                try await client.succeed(Self.request + ["eerste"])
                // From no room at all to enough: the disk fills up at another write each time.
                for room in stride(from: 0, through: 80, by: 4) {
                    let before = try await client.queue()
                    try disk.fill(leaving: room)
                    let run = try await client.run(Self.request + ["met \(room) KiB"])
                    disk.makeRoom()
                    let after = try await client.queue()
                    #expect(Array(after.prefix(before.count)) == before, "with \(room) KiB")
                    #expect(after.count == before.count + (run.status == 0 ? 1 : 0), "with \(room) KiB")
                    if run.status != 0 { expectFull(run, room) }
                }
                try await client.succeed(Self.request + ["laatste"])
                let queued = try await client.queue().map(\.id)
                try await expectSent(queued, client, disk, town)
            }
        }
    }

    /// Syncs with ever more room until it succeeds; everything arrives once.
    private func expectSent(_ ids: [String], _ client: Client, _ disk: SmallDisk, _ town: Town) async throws {
        for room in stride(from: 0, through: 80, by: 8) {
            try disk.fill(leaving: room)
            let run = try await client.run(["sync"])
            if run.status != 0 { expectFull(run, room) }
            disk.makeRoom()
        }
        try await client.succeed("sync")
        #expect(try await client.queue().isEmpty)
        try await town.enrol("accounthouder", "pv28/accounthouder-haagse-regio")
        #expect(try await town.meetings("accounthouder").map(\.id).sorted() == ids.sorted())
    }

    private func expectFull(_ run: Run, _ room: Int) {
        #expect(run.status == 74 && !run.isKilled, "with \(room) KiB: \(run.output)\(run.errors)")
        #expect(run.output.contains("\"disk-full\""), "with \(room) KiB: \(run.output)")
        #expect(run.errors.contains("disk is full") && run.errors.hasSuffix(".\n"), "\(run.errors)")
    }

    @Test func `A server on a full disk acknowledges only what it keeps, and after room and a restart goes on`()
        async throws
    {
        try await SmallDisk.with(kibibytes: 8_192) { disk in
            try await Town.with(data: disk.path + "/server") { town in
                for (profile, address) in [
                    "formateur": "gm0518/formateur", "accounthouder": "pv28/accounthouder-haagse-regio",
                ] { try await town.enrol(profile, address) }
                var expected: [String] = []
                func queue() async throws {
                    let run = try await town.client("formateur", Self.request + ["thema \(expected.count)"])
                    expected.append(try run.value(Queued.self).id)
                }
                try await queue()
                try await town.sync("formateur")
                for room in [0, 4, 8, 0] {
                    for _ in 0..<5 { try await queue() }
                    try disk.fill(leaving: room)
                    let run = try await town.client("formateur", ["sync"])
                    // The log has its room ahead; the index behind it and what lies beside it need more and stop the server.
                    #expect(run.status == 75 || run.status == 0, "\(room): \(run.output)\(run.errors)")
                    let states = try await town.queue("formateur").map(\.state)
                    #expect(
                        states.allSatisfy { ["queued", "sent", "accepted"].contains($0) },
                        "nothing was refused for good")
                    let acknowledged = Set(expected).subtracting(
                        try await town.queue("formateur").filter { $0.state != "accepted" }.map(\.id))
                    disk.makeRoom()
                    await town.killServer()
                    try await town.startServer()
                    try await town.sync("accounthouder")
                    let arrived = Set(try await town.meetings("accounthouder").map(\.id))
                    #expect(acknowledged.subtracting(arrived).isEmpty, "what was acknowledged is there")
                    try await town.sync("formateur")
                    try await town.sync("accounthouder")
                    #expect(try await town.meetings("accounthouder").map(\.id).sorted() == expected.sorted())
                }
                // Closed cleanly, opened on a full disk: the operator is told what is wrong.
                await town.killServer()
                try await town.operate(["verify"])
                try disk.fill(leaving: 0)
                let run = try await town.operateUnsure(["verify"])
                #expect(run.status == 74 && run.errors.contains("no room"), "\(run.status) \(run.errors)")
            }
        }
    }
}

/// A client whose profiles are in a place of their own.
private struct Client {
    let town: Town
    let home: String

    func run(_ arguments: [String]) async throws -> Run { try await town.client("default", arguments, home: home) }

    @discardableResult func succeed(_ arguments: [String]) async throws -> Run {
        let run = try await run(arguments)
        try #require(run.status == 0, "\(arguments): \(run.output)\(run.errors)")
        return run
    }

    func succeed(_ arguments: String...) async throws { try await succeed(arguments) }

    func queue() async throws -> [QueueItem] { try await succeed(["queue"]).value([QueueItem].self) }
}
