import Foundation
import Testing

/// What enrolling does to a profile that is there, or is just being made.
@Suite(.serialized) struct EnrolmentTests {
    @Test func `After a revocation a new invitation opens the same profile, with its queue`() async throws {
        try await Town.with { town in
            try await town.enrol("delft", "gm0503/college")
            let said = try await town.succeed("delft", "meeting", "request", "--theme", "wonen").value(Queued.self)
            try await town.operate(["revoke", "gm0503/college"])
            #expect(try await town.client("delft", ["sync"]).status == 77)
            let before = try Self.files(town, "delft")

            let other = try await town.client("delft", ["enroll", try await town.invite("gm0603/college")])
            #expect(other.status == 78 && other.errors.contains("gm0503/college is enrolled in"), "\(other.errors)")
            #expect(
                try Self.files(town, "delft").subtracting(["enrolment.lock"])
                    == before.subtracting(["enrolment.lock"]))

            let invitation = try await town.invite("gm0503/college")
            try await town.succeed("delft", "enroll", invitation)
            #expect(try await town.queue("delft").map(\.id) == [said.id])
            #expect(try await town.succeed("delft", "sync").value(SyncSaid.self).sent.map(\.id) == [said.id])
            let after = try Self.files(town, "delft")
            #expect(
                after.filter { $0.hasPrefix("key") }.count == 1
                    && after.isDisjoint(with: before.filter { $0.hasSuffix(".pem") }))
            #expect(try await town.client("delft", ["enroll", invitation]).output.contains("\"profile-exists\""))
        }
    }

    @Test(.enabled("strace can't follow processes here") { await Program.canTrace() })
    func `Killed anywhere while it gets a new certificate, a profile keeps its queue and can go on`() async throws {
        try await Town.with { town in
            try await town.enrol("delft", "gm0503/college")
            var said = try await Self.request(town)
            var kills = 0
            for call in ["rename", "fsync", "unlink"] {
                for n in 1...10 {
                    try await town.operate(["revoke", "gm0503/college"])
                    let enrol = ["enroll", try await town.invite("gm0503/college")]
                    let run = try await town.client("delft", enrol, at: .call(call, path: nil, n: n))
                    #expect(try await town.queue("delft").map(\.id) == [said.id], "\(call) \(n)")
                    if run.isKilled {
                        kills += 1
                        let again = try await town.client("delft", enrol)
                        let isWhole = again.status == 0 || again.output.contains("\"profile-exists\"")
                        #expect(isWhole, "\(call) \(n): \(again.output)\(again.errors)")
                    }
                    // A revoked certificate would be answered by 77.
                    let sync = try await town.client("delft", ["sync"])
                    #expect(sync.status == 0, "\(call) \(n): \(sync.errors)")
                    said = try await Self.request(town)
                    if !run.isKilled { break }
                }
            }
            #expect(kills >= 8)
            #expect(try await town.succeed("delft", "sync").value(SyncSaid.self).sent.map(\.id) == [said.id])
        }
    }

    @Test func `One invitation used by several commands at once gives one working profile`() async throws {
        try await Town.with { town in
            let invitation = try await town.invite("gm0503/college")
            let runs = try await withThrowingTaskGroup(of: Run.self) { group in
                for _ in 0..<6 { group.addTask { try await town.client("delft", ["enroll", invitation]) } }
                return try await group.reduce(into: [Run]()) { $0.append($1) }
            }
            #expect(runs.filter { $0.status == 0 }.count == 1)
            for run in runs where run.status != 0 {
                #expect([75, 78].contains(run.status), "\(run.errors)")
                #expect(run.output.contains("\"enrolment-busy\"") || run.output.contains("\"profile-exists\""))
            }
            try await town.succeed("delft", "sync")
        }
    }

    @Test func `Nobody else reads what a profile holds`() async throws {
        try await Town.with { town in
            try await town.enrol("delft", "gm0503/college")
            try await town.succeed("delft", "meeting", "request", "--theme", "wonen")
            let folder = town.home + "/delft"
            for path in [folder] + (try Self.files(town, "delft")).map({ folder + "/" + $0 }) {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                let mode = try #require(attributes[.posixPermissions] as? Int)
                #expect(mode & 0o077 == 0, "\(path)")
            }
        }
    }

    private static func request(_ town: Town) async throws -> Queued {
        try await town.succeed("delft", "meeting", "request", "--theme", "wonen").value(Queued.self)
    }

    private static func files(_ town: Town, _ profile: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: town.home + "/" + profile))
    }
}
