import Foundation
import RegiopostTestSupport
import Synchronization
import Testing

/// The power goes while clients push: what was acknowledged is there when it comes back.
@Suite(.serialized) struct PowerCutTests {
    private let campaign = Campaign.current

    @Test(.enabled("disks can't be mounted here") { await ImageDisk.isPossible() })
    func `What was acknowledged survives every power cut`() async throws {
        let tally = try await cut(campaign.powerCuts, under: [])
        #expect(tally.lost == 0 && tally.refused == 0, "\(tally)")
        #expect(tally.acknowledged > 0)
    }

    /// The control: the same server, but the kernel never does what fdatasync and fsync ask.
    @Test(.enabled("disks can't be mounted here") { await ImageDisk.isPossible() })
    func `The same test finds what is lost when nothing is synced`() async throws {
        let tracer = [
            "/usr/bin/strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e",
            "inject=fdatasync,fsync:retval=0",
        ]
        let tally = try await cut(min(campaign.powerCuts, 8), under: tracer)
        #expect(tally.lost > 0 || tally.refused > 0, "\(tally)")
    }

    private struct Tally: CustomStringConvertible {
        var cuts = 0
        var acknowledged = 0
        var lost = 0
        /// How often what was left couldn't be opened.
        var refused = 0
        var torn = 0

        var description: String {
            "\(cuts) cuts, \(acknowledged) acknowledged, \(lost) lost, \(refused) not opened, \(torn) torn ends cut off"
        }
    }

    /// A town is used for so many cuts: what it holds grows, and its commands get slower.
    private static let cutsPerTown = 50

    private func cut(_ count: Int, under tracer: [String]) async throws -> Tally {
        var tally = Tally()
        var chance = SeededGenerator(seed: campaign.seed)
        while tally.cuts < count {
            let wanted = min(count - tally.cuts, Self.cutsPerTown)
            try await ImageDisk.with { disk in
                try await Town.with(data: disk.path + "/server") { town in
                    try await cut(wanted, town, disk, under: tracer, &chance, &tally)
                }
            }
            report(tracer.isEmpty ? "power cuts" : "power cuts without a sync", tally)
        }
        return tally
    }

    private func cut(
        _ count: Int, _ town: Town, _ disk: ImageDisk, under tracer: [String], _ chance: inout SeededGenerator,
        _ tally: inout Tally
    ) async throws {
        let pushers = ["formateur": "gm0518/formateur", "delft": "gm0503/formateur"]
        for (profile, address) in pushers { try await town.enrol(profile, address) }
        await town.killServer()
        try await town.startServer(under: tracer)
        let load = Load()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for profile in pushers.keys { group.addTask { try await load.push(profile, town) } }
            for _ in 0..<count {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...900, using: &chance)))
                // Only what was acknowledged before the cut.
                let known = load.acknowledged.withLock { $0 }
                let copy = try await town.freezeServer { try await disk.copy() }
                try await disk.withCopy(copy) { try await check($0 + "/server", known, town, &tally) }
            }
            load.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
    }

    /// Opens what the cut left, as a server would, and looks for every change in the log.
    private func check(_ data: String, _ known: Set<String>, _ town: Town, _ tally: inout Tally) async throws {
        tally.cuts += 1
        tally.acknowledged += known.count
        let run = try await town.operateUnsure(["verify"], on: data)
        guard run.status == 0 else {
            tally.refused += 1
            return
        }
        if FileManager.default.fileExists(atPath: data + "/journal/torn") { tally.torn += 1 }
        var found: Set<String> = []
        let segments = data + "/journal/segments"
        for name in try FileManager.default.contentsOfDirectory(atPath: segments) where name.hasSuffix(".log") {
            let bytes = try Data(contentsOf: URL(filePath: segments + "/" + name))
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                guard let start = line.range(of: " id=")?.upperBound else { continue }
                found.insert(String(line[start...].prefix(36)))
            }
        }
        tally.lost += known.subtracting(found).count
    }

    private func report(_ what: String, _ tally: Tally) {
        FileHandle.standardError.write(Data("\(what): \(tally), seed \(campaign.seed)\n".utf8))
    }
}

/// Clients that queue and send, one change after the other, and what was acknowledged to them.
private final class Load: Sendable {
    let acknowledged = Mutex<Set<String>>([])
    let isOver = Atomic(false)

    func push(_ profile: String, _ town: Town) async throws {
        let request = ["meeting", "request", "--theme", "thema", "--slot", "2026-05-12 10:00-12:00"]
        while !isOver.load(ordering: .relaxed) {
            _ = try await town.client(profile, request)
            let run = try await town.client(profile, ["sync"])
            guard let said = try? run.value(SyncSaid.self) else { continue }
            acknowledged.withLock { $0.formUnion(said.sent.map(\.id)) }
        }
    }
}
