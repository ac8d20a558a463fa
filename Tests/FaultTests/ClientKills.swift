import Foundation
import RegiopostTestSupport
import Testing

/// Kills the client while it queues, syncs and enrols, and checks after each kill that nothing is lost or doubled.
struct ClientKills {
    /// A command that is killed.
    enum Victim: String, CaseIterable {
        case request, briefing, respond, send, receive, enroll
    }

    private let town: Town
    private(set) var tally = Tally()
    /// What must be there, by id: the theme that the request carries.
    private var expected: [String: String] = [:]
    private var answers: [String] = []
    private var number = 0

    private static let requester = "formateur"
    private static let griffie = "griffie"
    private static let college = "college"
    private static let accounthouder = "accounthouder"
    private static let addresses = [
        requester: "gm0518/formateur", griffie: "gm0518/griffie", college: "gm0503/college",
        accounthouder: "pv28/accounthouder-haagse-regio",
    ]

    /// Enrols everybody and publishes the letter that is answered.
    init(in town: Town) async throws {
        self.town = town
        for (profile, address) in Self.addresses { try await town.enrol(profile, address) }
        try await Self.publishLetter(in: town)
        for profile in Self.addresses.keys { try await town.sync(profile) }
    }

    private static func publishLetter(in town: Town) async throws {
        try await town.enrol("secretariaat", "pv28/secretariaat")
        let text = "Onderwerp: Wonen\n\nGeachte formateurs,\n\nWij horen graag van u.\n"
        let path = town.folder + "/brief.txt"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try await town.succeed(
            "secretariaat", "letter", "publish", path, "--region", "haagse-regio", "--to", "formateur", "--dossier",
            "DOS-2026-0000042", "--document", "PZH-2026-000000042", "--subject", "Wonen", "--date", "2026-04-14")
        try await town.sync("secretariaat")
    }

    /// Kills one run of a victim and checks what is left.
    ///
    /// - Returns: the run, which ended by itself where the moment came too late.
    mutating func kill(_ victim: Victim, at moment: Moment?) async throws -> Run {
        number += 1
        let run =
            switch victim {
            case .request: try await killQueueing(Self.requester, request(), at: moment)
            case .briefing: try await killQueueing(Self.griffie, briefing(), at: moment)
            case .respond: try await killQueueing(Self.college, respond(), at: moment)
            case .send: try await killSending(at: moment)
            case .receive: try await killReceiving(at: moment)
            case .enroll: try await killEnrolling(at: moment)
            }
        if moment != nil { tally.count(run, victim.rawValue) }
        return run
    }

    /// The folder that a victim's store is in.
    func folder(of victim: Victim) -> String {
        let profile =
            switch victim {
            case .request, .send: Self.requester
            case .briefing: Self.griffie
            case .respond: Self.college
            case .receive: Self.accounthouder
            case .enroll: "none"
            }
        return town.home + "/" + profile
    }

    // MARK: Queueing

    private func request() -> [String] {
        ["meeting", "request", "--theme", "thema \(number)", "--slot", "2026-05-12 10:00-12:00"]
    }

    private func briefing() -> [String] {
        [
            "briefing", "request", "--with", "Delft", "--theme", "thema \(number)", "--slot",
            "2026-06-02 19:30-21:30",
        ]
    }

    private func respond() -> [String] { ["respond", "DOS-2026-0000042", "--text", "antwoord \(number)"] }

    private mutating func killQueueing(
        _ profile: String, _ arguments: [String], at moment: Moment?
    ) async throws -> Run {
        let before = try await town.queue(profile)
        let run = try await town.client(profile, arguments, at: moment)
        let after = try await town.queue(profile)
        let new = after.dropFirst(before.count)
        #expect(Array(after.prefix(before.count)) == before, "what was queued before is still there, in order")
        #expect(new.count <= 1, "queued at most once")
        if let said = try? run.value(Queued.self) {
            #expect(new.map(\.id) == [said.id], "it said that it is queued")
        }
        if !run.isKilled { try #require(run.status == 0 && new.count == 1, "\(run.output)\(run.errors)") }
        guard let item = new.first else { return run }
        if profile == Self.college {
            answers.append("antwoord \(number)")
        } else {
            expected[item.id] = "thema \(number)"
        }
        return run
    }

    // MARK: Syncing

    /// Kills a sync that has something to send and something to fetch.
    private mutating func killSending(at moment: Moment?) async throws -> Run {
        let profile = Self.requester
        let queued = try await queueRequest()
        let run = try await town.client(profile, ["sync"], at: moment)
        let isSeen = try await town.meetings(profile).contains { $0.id == queued }
        #expect(isSeen, "still in the queue or already in the replica")
        if !run.isKilled { #expect(run.status == 0, "\(run.errors)") }
        try await town.sync(profile)
        try await checkMeetings(of: profile)
        return run
    }

    /// Kills a sync of the province's side, which fetches what the others sent.
    private mutating func killReceiving(at moment: Moment?) async throws -> Run {
        _ = try await queueRequest()
        for profile in [Self.requester, Self.griffie, Self.college] { try await town.sync(profile) }
        let before = try await town.meetings(Self.accounthouder)
        let run = try await town.client(Self.accounthouder, ["sync"], at: moment)
        let after = try await town.meetings(Self.accounthouder)
        #expect(before.allSatisfy(after.contains), "nothing leaves the replica")
        if !run.isKilled { #expect(run.status == 0, "\(run.errors)") }
        try await town.sync(Self.accounthouder)
        try await checkMeetings(of: Self.accounthouder)
        return run
    }

    private mutating func queueRequest() async throws -> String {
        let run = try await town.client(Self.requester, request())
        let id = try run.value(Queued.self).id
        expected[id] = "thema \(number)"
        return id
    }

    /// Every request is there once and whole: by its id, and by what it says.
    private func checkMeetings(of profile: String) async throws {
        #expect(try await town.queue(profile).isEmpty, "everything has left the queue of \(profile)")
        let mine = try await town.meetings(profile).filter {
            profile == Self.accounthouder || $0.requester == Self.addresses[profile]
        }
        let found = mine.map { "\($0.id) \($0.themes)" }.sorted()
        let wanted = try await expected(by: profile)
        #expect(found == wanted, "every request is there exactly once for \(profile)")
    }

    private func expected(by profile: String) async throws -> [String] {
        guard profile != Self.accounthouder else { return expected.map { "\($0.key) \([$0.value])" }.sorted() }
        let theirs = Set(try await town.meetings(Self.griffie).map(\.id))
        return expected.filter { (profile == Self.griffie) == theirs.contains($0.key) }
            .map { "\($0.key) \([$0.value])" }.sorted()
    }

    // MARK: Enrolling

    /// Kills an enrolment; the same invitation must then still give a working profile.
    private func killEnrolling(at moment: Moment?) async throws -> Run {
        let profile = "killed-\(number)"
        let invitation = try await town.invite("gm0603/college")
        let run = try await town.client(profile, ["enroll", invitation], at: moment)
        if run.isKilled {
            let again = try await town.client(profile, ["enroll", invitation])
            // Killed after its last step, it is enrolled, and says so.
            let isWhole = again.status == 0 || again.output.contains("\"profile-exists\"")
            #expect(isWhole, "\(moment.map(String.init(describing:)) ?? ""): \(again.output)\(again.errors)")
        } else {
            #expect(run.status == 0, "\(run.errors)")
        }
        try await town.succeed(profile, "sync")
        return run
    }

    // MARK: The end

    /// Sends what is left and compares everybody with a fresh profile of the same address.
    func finish() async throws {
        for profile in Self.addresses.keys { try await town.sync(profile) }
        try await town.sync(Self.accounthouder)
        try await checkMeetings(of: Self.accounthouder)
        let response = try await town.responses(Self.accounthouder).first
        #expect(response?.version ?? 0 == answers.count, "every answer arrived once")
        #expect(response?.text == answers.last, "in order")
        for (profile, address) in Self.addresses {
            try await town.sync(profile)
            #expect(try await town.queue(profile).isEmpty)
            let fresh = "fresh-" + profile
            try await town.enrol(fresh, address)
            for list in ["meetings", "letters", "responses", "directory"] {
                let (old, new) = (try await town.succeed(profile, list), try await town.succeed(fresh, list))
                #expect(old.output == new.output, "\(list) of \(profile)")
            }
        }
        try await town.operate(["verify"])
    }
}
