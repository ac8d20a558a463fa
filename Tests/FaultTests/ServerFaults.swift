import Foundation
import RegiopostTestSupport
import Testing

/// Kills the server while several clients push, or has its system calls fail, and checks that what it acknowledged is
/// there, and everything once.
struct ServerFaults {
    private let town: Town
    private(set) var tally = Tally()
    private var expected: [String: String] = [:]
    private var number = 0

    private static let pushers = [
        "formateur": "gm0518/formateur", "delft": "gm0503/formateur", "zoetermeer": "gm0637/formateur",
    ]
    private static let watcher = "accounthouder"
    /// How many requests each client has to send when the server is killed.
    private static let burst = 2

    /// Enrols everybody.
    init(in town: Town) async throws {
        self.town = town
        for (profile, address) in Self.pushers { try await town.enrol(profile, address) }
        try await town.enrol(Self.watcher, "pv28/accounthouder-haagse-regio")
    }

    /// How long it takes when nobody is killed.
    mutating func measure() async throws -> Duration {
        try await queueAll()
        let begin = ContinuousClock.now
        try await push()
        return ContinuousClock.now - begin
    }

    /// Kills the server so long after the clients began.
    ///
    /// - Parameter isChecked: whether to look then for everything that ever was acknowledged, and send the rest; else that is
    ///   left to the next kill.
    mutating func kill(after delay: Duration, isChecked: Bool) async throws {
        try await queueAll()
        let killer = Task { [town] in
            try await Task.sleep(for: delay)
            return await town.killServer()
        }
        try await push()
        if let run = try await killer.value { tally.count(run, "server") }
        try await town.startServer()
        if isChecked { try await check() }
    }

    /// Kills the server at a system call.
    ///
    /// - Returns: whether it came to that call.
    mutating func kill(at moment: Moment) async throws -> Bool {
        await town.killServer()
        try await queueAll()
        try await town.startServer(at: moment)
        try await push()
        await town.awaitIndexing()
        let isKilled = !town.isServing
        if let run = await town.killServer(), isKilled { tally.count(run, "server") }
        try await town.startServer()
        try await check()
        return isKilled
    }

    /// Has a system call of the server fail from some time on.
    ///
    /// - Returns: whether it came to that.
    mutating func fail(_ failure: FailingCall) async throws -> Bool {
        await town.killServer()
        try await town.startServer(under: failure.tracer)
        // It may fail before it is ready, and then has to say so and end.
        guard town.isServing else {
            tally.count(failed: failure.sort + ", not started")
            try await town.startServer()
            try await check()
            return true
        }
        var isRefused = false
        for _ in 0..<3 where !isRefused {
            try await queueAll()
            isRefused = try await push().contains { $0.status == 75 }
            if !isRefused { await town.awaitIndexing() }
        }
        if isRefused {
            tally.count(failed: failure.sort)
            try await expectNothingIsAccepted(failure)
        }
        await town.killServer()
        try await town.startServer()
        try await check()
        return isRefused
    }

    /// Once a write failed, a server promises nothing more until it was started again, and goes on being read.
    private mutating func expectNothingIsAccepted(_ failure: FailingCall) async throws {
        try await queueAll()
        for run in try await push() {
            #expect(run.status == 75 && !run.isKilled, "\(failure): \(run.output)\(run.errors)")
            #expect(try run.value(SyncSaid.self).sent.isEmpty, "\(failure): \(run.output)")
        }
        let run = try await town.client(Self.watcher, ["sync"])
        #expect(run.status == 0, "\(failure): \(run.output)\(run.errors)")
    }

    private mutating func queueAll() async throws {
        for profile in Self.pushers.keys {
            for _ in 0..<Self.burst {
                number += 1
                let run = try await town.succeed(
                    profile, "meeting", "request", "--theme", "thema \(number)", "--slot", "2026-05-12 10:00-12:00")
                expected[try run.value(Queued.self).id] = "thema \(number)"
            }
        }
    }

    /// All clients sync at once; the server may be gone before they are done.
    @discardableResult private func push() async throws -> [Run] {
        try await withThrowingTaskGroup(of: Run.self) { group in
            for profile in Self.pushers.keys {
                group.addTask { [town] in try await town.client(profile, ["sync"]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// First what was acknowledged, before anybody sends again; then everything, once.
    private func check() async throws {
        var unsent: Set<String> = []
        for profile in Self.pushers.keys {
            for item in try await town.queue(profile) where item.state != "accepted" {
                #expect(["queued", "sent"].contains(item.state), "nothing is refused")
                unsent.insert(item.id)
            }
        }
        try await town.sync(Self.watcher)
        let arrived = Set(try await town.meetings(Self.watcher).map(\.id))
        let lost = Set(expected.keys).subtracting(unsent).subtracting(arrived)
        #expect(lost.isEmpty, "what was acknowledged is there")
        for profile in Self.pushers.keys { try await town.sync(profile) }
        for profile in Self.pushers.keys { #expect(try await town.queue(profile).isEmpty) }
        try await town.sync(Self.watcher)
        let found = try await town.meetings(Self.watcher).map { "\($0.id) \($0.themes)" }.sorted()
        #expect(found == expected.map { "\($0.key) \([$0.value])" }.sorted(), "everything is there exactly once")
        try await town.operate(["verify"])
    }

    /// Compares everybody with a fresh profile of the same address.
    func finish() async throws {
        let everybody = Self.pushers.merging([Self.watcher: "pv28/accounthouder-haagse-regio"]) { $1 }
        for (profile, address) in everybody {
            try await town.sync(profile)
            try await town.enrol("fresh-" + profile, address)
            let (old, new) = (try await town.meetings(profile), try await town.meetings("fresh-" + profile))
            #expect(old == new, "the meetings of \(profile)")
        }
    }
}
