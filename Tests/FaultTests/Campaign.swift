import Foundation
import RegiopostTestSupport

/// How much is killed, and by which chance. The first failure names its seed, which repeats it.
struct Campaign: Sendable {
    /// Kills of the client at random moments.
    let clientKills: Int
    /// Kills of the server at random moments.
    let serverKills: Int
    /// How many calls of each sort a walk over a command's system calls goes through.
    let callsPerWalk: Int
    /// How many of the walks are done.
    let walks: Int
    /// How many places of a connection it is cut at.
    let cuts: Int
    /// How many times the power is cut.
    let powerCuts: Int
    /// At how many of the server's calls of each sort it begins that they fail.
    let failures: Int
    let seed: UInt64

    /// The campaign that the environment asks for; a short one without.
    static let current: Campaign = {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["REGIOPOST_KILL_SEED"].flatMap(UInt64.init) ?? 1
        guard let kills = environment["REGIOPOST_KILLS"].flatMap(Int.init) else {
            return Campaign(
                clientKills: 12, serverKills: 5, callsPerWalk: 3, walks: 6, cuts: 8, powerCuts: 4,
                failures: 1, seed: seed)
        }
        return Campaign(
            clientKills: kills, serverKills: kills, callsPerWalk: .max, walks: .max, cuts: kills,
            powerCuts: max(kills / 6, 30), failures: max(kills / 10, 5), seed: seed)
    }()
}

/// What came of the kills that were tried.
struct Tally: CustomStringConvertible {
    private(set) var killed: [String: Int] = [:]
    private(set) var survived = 0
    /// By which system call and error.
    private(set) var failures: [String: Int] = [:]

    var failed: Int { failures.values.reduce(0, +) }
    var kills: Int { killed.values.reduce(0, +) }

    /// Counts a run; one that ended before its moment is no kill.
    mutating func count(_ run: Run, _ what: String) {
        if run.isKilled { killed[what, default: 0] += 1 } else { survived += 1 }
    }

    /// Adds what came of others.
    static func += (all: inout Tally, more: Tally) {
        all.killed.merge(more.killed) { $0 + $1 }
        all.failures.merge(more.failures) { $0 + $1 }
        all.survived += more.survived
    }

    /// Counts a call that was made to fail.
    mutating func count(failed what: String) { failures[what, default: 0] += 1 }

    var description: String {
        "\(kills) kills (\(Self.list(killed))); \(survived) ended before their moment"
            + (failures.isEmpty ? "" : "; \(failed) failures (\(Self.list(failures)))")
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
