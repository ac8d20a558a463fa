import Foundation
import RegiopostTestSupport
import Testing

/// SIGKILL at any point of queueing, syncing and serving loses nothing and doubles nothing.
@Suite(.serialized) struct KillTests {
    private let campaign = Campaign.current

    /// Kills at random moments, spread over as long as each command takes.
    @Test func `The client is killed at random moments`() async throws {
        try await Town.with { town in
            var chance = SeededGenerator(seed: campaign.seed)
            var kills = try await ClientKills(in: town)
            var longest: [ClientKills.Victim: Duration] = [:]
            for victim in ClientKills.Victim.allCases {
                longest[victim] = try await kills.kill(victim, at: nil).duration
            }
            var tries = 0
            while kills.tally.kills < campaign.clientKills, tries < 3 * campaign.clientKills {
                let victim = ClientKills.Victim.allCases[tries % ClientKills.Victim.allCases.count]
                let delay = (longest[victim] ?? .milliseconds(100)) * Double.random(in: 0..<1, using: &chance)
                _ = try await kills.kill(victim, at: .after(delay))
                tries += 1
            }
            try await kills.finish()
            report("client, random moments", kills.tally)
            #expect(kills.tally.kills >= campaign.clientKills)
        }
    }

    /// Kills at the first, second, third … system call of a sort, until the command survives.
    @Test(.enabled(if: Program.canTrace))
    func `The client is killed at every system call that matters`() async throws {
        try await Town.with { town in
            var chance = SeededGenerator(seed: campaign.seed)
            var kills = try await ClientKills(in: town)
            for walk in Walk.all.shuffled(using: &chance).prefix(campaign.walks) {
                for n in 1...200 {
                    if n > campaign.callsPerWalk { break }
                    let moment = walk.moment(n, in: kills.folder(of: walk.victim))
                    if try await !kills.kill(walk.victim, at: moment).isKilled { break }
                    try #require(n < 200, "\(walk) has no end")
                }
            }
            try await kills.finish()
            report("client, system calls", kills.tally)
            #expect(kills.tally.kills >= min(campaign.walks, Walk.all.count))
        }
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
