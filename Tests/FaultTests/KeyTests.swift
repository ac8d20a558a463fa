import Foundation
import Testing

/// What scripts rely on when they give a key.
@Suite(.serialized) struct KeyTests {
    private static func request(_ theme: String) -> [String] {
        ["meeting", "request", "--theme", theme, "--key", "nightly"]
    }

    @Test func `Runs with one key at once are one request and its repeats`() async throws {
        try await Town.with { town in
            try await town.enrol("delft", "gm0503/college")
            let runs = try await withThrowingTaskGroup(of: Run.self) { group in
                for _ in 0..<8 { group.addTask { try await town.client("delft", Self.request("wonen")) } }
                return try await group.reduce(into: [Run]()) { $0.append($1) }
            }
            #expect(runs.allSatisfy { $0.status == 0 }, "\(runs.map(\.errors))")
            #expect(runs.filter { $0.output.contains("\"repeat\":false") }.count == 1)
            #expect(Set(try runs.map { try $0.value(Queued.self).id }).count == 1)
            #expect(try await town.queue("delft").count == 1)
        }
    }

    @Test func `From two machines of one address the same is asked once, and something else is refused`()
        async throws
    {
        try await Town.with { town in
            for profile in ["here", "there", "elsewhere"] { try await town.enrol(profile, "gm0503/college") }
            for profile in ["here", "there"] {
                let run = try await town.client(profile, Self.request("wonen"))
                #expect(run.status == 0, "\(run.errors)")
                // Another time, and so other bytes.
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await town.client("elsewhere", Self.request("water")).status == 0)
            let first = try await town.succeed("here", "sync").value(SyncSaid.self).sent
            #expect(first.count == 1 && first.allSatisfy { $0.position == 1 && $0.received.hasSuffix("Z") })
            #expect(try await town.succeed("there", "sync").value(SyncSaid.self).sent.isEmpty)
            #expect(try await town.queue("there").isEmpty)
            #expect(try await town.meetings("there").map(\.id) == first.map(\.id))

            #expect(try await town.client("elsewhere", ["sync"]).status == 65)
            #expect(try await town.queue("elsewhere").map(\.state) == ["refused"])
            let again = try await town.client("elsewhere", Self.request("water"))
            #expect(again.status == 65 && again.errors.contains("This key was used for something else already"))
        }
    }
}
