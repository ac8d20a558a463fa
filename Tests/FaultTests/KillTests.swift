import Foundation
import RegiopostTestSupport
import Testing

/// SIGKILL at any point of queueing, syncing and serving loses nothing and doubles nothing.
@Suite(.serialized) struct KillTests {
    private let campaign = Campaign.current

    /// A town is used for so many kills at random moments: what it holds grows, and its commands get slower.
    private static let killsPerTown = 50
    /// And for so many walks over a command's system calls.
    private static let walksPerTown = 6
    /// What the server acknowledged is looked for after so many kills of it: the clients send what is left over more than one.
    private static let killsPerCheck = 3

    /// Kills at random moments, spread over as long as each command takes.
    @Test func `The client is killed at random moments`() async throws {
        var chance = SeededGenerator(seed: campaign.seed)
        var tally = Tally()
        while tally.kills < campaign.clientKills {
            let wanted = min(campaign.clientKills - tally.kills, Self.killsPerTown)
            try await Town.with { town in tally += try await killClients(wanted, in: town, &chance) }
            report("client, random moments", tally)
        }
    }

    private func killClients(_ wanted: Int, in town: Town, _ chance: inout SeededGenerator) async throws -> Tally {
        var kills = try await ClientKills(in: town)
        var longest: [ClientKills.Victim: Duration] = [:]
        for victim in ClientKills.Victim.allCases {
            longest[victim] = try await kills.kill(victim, at: nil).duration
        }
        var tries = 0
        while kills.tally.kills < wanted, tries < 10 * wanted {
            let victim = ClientKills.Victim.allCases[tries % ClientKills.Victim.allCases.count]
            let delay = (longest[victim] ?? .milliseconds(100)) * Double.random(in: 0..<1, using: &chance)
            let end = try await kills.kill(victim, at: .after(delay))
            // A machine that was busy when this was measured would have later kills come too late.
            if !end.isKilled { longest[victim] = min(longest[victim] ?? end.duration, end.duration) }
            tries += 1
        }
        try await kills.finish()
        try #require(kills.tally.kills == wanted)
        return kills.tally
    }

    /// Kills at the first, second, third … system call of a sort, until the command survives.
    @Test(.enabled("strace can't follow processes here") { await Program.canTrace() })
    func `The client is killed at every system call that matters`() async throws {
        var chance = SeededGenerator(seed: campaign.seed)
        var tally = Tally()
        var walks = Walk.all.shuffled(using: &chance).prefix(campaign.walks)
        while !walks.isEmpty {
            try await Town.with { town in
                var kills = try await ClientKills(in: town)
                for walk in walks.prefix(Self.walksPerTown) {
                    try await Self.walk(campaign.callsPerWalk) { n in
                        try await kills.kill(walk.victim, at: walk.moment(n, in: kills.folder(of: walk.victim)))
                            .isKilled
                    }
                }
                try await kills.finish()
                tally += kills.tally
            }
            walks = walks.dropFirst(Self.walksPerTown)
            report("client, system calls", tally)
        }
        #expect(tally.kills >= min(campaign.walks, Walk.all.count))
    }

    @Test func `The server is killed while clients push`() async throws {
        var chance = SeededGenerator(seed: campaign.seed)
        var tally = Tally()
        while tally.kills < campaign.serverKills {
            let wanted = min(campaign.serverKills - tally.kills, Self.killsPerTown)
            try await Town.with { town in
                var kills = try await ServerFaults(in: town)
                let longest = try await kills.measure()
                for number in 1...wanted {
                    let delay = longest * Double.random(in: 0..<1, using: &chance)
                    try await kills.kill(
                        after: delay, isChecked: number % Self.killsPerCheck == 0 || number == wanted)
                }
                try await kills.finish()
                try #require(kills.tally.kills == wanted)
                tally += kills.tally
            }
            report("server, random moments", tally)
        }
    }

    /// The log's calls, then those of the index behind it, and of what lies beside it.
    @Test(
        .enabled("strace can't follow processes here") { await Program.canTrace() },
        arguments: [
            ("pwrite64", "segments/000000000001.log"), ("fdatasync", "segments/000000000001.log"),
            ("pwrite64", "index.sqlite-wal"), ("pwrite64", "register.sqlite-wal"),
        ])
    func `The server is killed at every system call on its journal`(call: String, file: String) async throws {
        try await Town.with { town in
            var kills = try await ServerFaults(in: town)
            try await Self.walk(campaign.callsPerWalk) { n in
                try await kills.kill(at: .call(call, path: town.data + "/journal/" + file, n: n))
            }
            try await kills.finish()
            report("server, \(call) on \(file)", kills.tally)
            #expect(kills.tally.kills > 0)
        }
    }

    /// Counts up until the kill comes too late twice: calls are counted by thread, and work moves between threads.
    private static func walk(_ longest: Int, _ kill: (Int) async throws -> Bool) async throws {
        var survived = 0
        for n in 1...400 {
            if n > longest || survived == 2 { return }
            survived = try await kill(n) ? 0 : survived + 1
        }
        Issue.record("the calls have no end")
    }

    private func report(_ what: String, _ tally: Tally) {
        FileHandle.standardError.write(Data("\(what): \(tally), seed \(campaign.seed)\n".utf8))
    }
}

/// The calls of one sort that one command makes.
struct Walk {
    let victim: ClientKills.Victim
    let call: String
    /// A file of the profile, where only calls on it count.
    let file: String?

    func moment(_ n: Int, in folder: String) -> Moment {
        .call(call, path: file.map { folder + "/" + $0 }, n: n)
    }

    /// Everything that writes, and for what talks to the server every wait for the network.
    static let all: [Walk] = {
        let store = [
            ("pwrite64", "store.sqlite-wal"), ("fdatasync", "store.sqlite-wal"), ("pwrite64", "store.sqlite"),
            ("fdatasync", "store.sqlite"), ("ftruncate", "store.sqlite"), ("pwrite64", "store.sqlite-shm"),
            ("unlink", nil), ("write", nil),
        ]
        let victims: [ClientKills.Victim] = [.request, .respond, .send, .receive]
        var walks = victims.flatMap { victim in store.map { Walk(victim: victim, call: $0.0, file: $0.1) } }
        walks += [.send, .receive, .enroll].map { Walk(victim: $0, call: "epoll_wait", file: nil) }
        walks += ["mkdir", "write", "fchmod", "fsync", "rename", "unlink"].map {
            Walk(victim: .enroll, call: $0, file: nil)
        }
        return walks
    }()
}
