import Foundation
import Logging
import RegiopostJSON
import RegiopostJournal
import RegiopostJournalLog
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

@testable import RegiopostServer

/// A clock that a test sets.
private final class SetClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ text: String) throws { moment = Mutex(try #require(Timestamp(text))) }

    var now: @Sendable () -> Timestamp { { self.moment.withLock { $0 } } }

    func set(_ text: String) throws {
        let next = try #require(Timestamp(text))
        moment.withLock { $0 = next }
    }
}

/// The story's directory in a journal, with its sequencer and a writer.
private struct Office {
    let journal = InMemoryJournal(epoch: "e")
    let sequencer: Sequencer
    let writer: DirectoryWriter
    let formateur: Address
    let college: Address

    init(_ clock: SetClock) async throws {
        sequencer = Sequencer(
            journal: journal, clock: clock.now, digest: Service.digest, announce: { _ in }, failed: { _ in })
        writer = DirectoryWriter(
            journal: journal, sequencer: sequencer, server: try #require(Address("pv28/regiopostd")),
            clock: clock.now)
        formateur = try #require(Address("gm0503/formateur"))
        college = try #require(Address("gm0503/college"))
        for change in try Story().accepted {
            guard case .accepted = await sequencer.submit(change.line(), from: change.author) else {
                throw Refusal(.unavailable)
            }
        }
    }

    func plan(from: String, until: String?) async throws {
        let mandate = Mandate(
            address: formateur, from: try #require(CalendarDate(from)), until: until.flatMap(CalendarDate.init(_:)),
            successor: college)
        try await writer.write([(.mandate(formateur), .mandateSet(mandate))])
    }

    func state() async throws -> String? { try await writer.directory().mandates[formateur]?.status.name }
}

@Suite("What is due") struct DueChangeTests {
    @Test("formateur: the mandate begins and ends on its Dutch days, and not a moment before") func days()
        async throws
    {
        let clock = try SetClock("2026-03-29T21:59:59.999Z")
        let office = try await Office(clock)
        try await office.plan(from: "2026-03-30", until: "2026-10-25")
        #expect(try await office.writer.appendDue() == [])
        #expect(try await office.state() == "planned")
        try clock.set("2026-03-29T22:00:00Z")
        #expect(try await office.writer.appendDue().map(\.day.text) == ["2026-03-30"])
        #expect(try await office.state() == "running")
        // On that Sunday the clock goes back, so the day has 25 hours.
        try clock.set("2026-10-25T22:59:59.999Z")
        #expect(try await office.writer.appendDue() == [])
        try clock.set("2026-10-25T23:00:00Z")
        #expect(try await office.writer.appendDue().count == 1)
        #expect(try await office.state() == "ended")
        let last = try #require(try await office.journal.changes(of: .mandate(office.formateur)).last)
        let change = try Change(line: last.line)
        #expect(change.time == Timestamp("2026-10-25T23:00:00Z") && change.author == office.writer.server)
    }

    @Test("what is due is written once, however often and by whomever it is found") func once() async throws {
        let clock = try SetClock("2026-07-01T10:00:00Z")
        let office = try await Office(clock)
        try await office.plan(from: "2026-03-30", until: "2026-06-30")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try? await office.writer.appendDue() } }
        }
        _ = try await office.writer.appendDue()
        #expect(try await office.state() == "ended")
        #expect(try await office.journal.changes(of: .mandate(office.formateur)).count == 3)
    }

    @Test("the same plan gives the same change: a second server's is the first one again") func derived()
        async throws
    {
        let clock = try SetClock("2026-07-01T10:00:00Z")
        let office = try await Office(clock)
        try await office.plan(from: "2026-03-30", until: nil)
        let plan = try #require(try await office.writer.directory().mandates[office.formateur]?.plannedBy)
        let due = try #require(
            DueChange.all(in: try await office.writer.directory(), on: DutchTime.date(of: clock.now())).first)
        let change = try #require(
            due.change(after: plan, by: office.writer.server, number: 0, digest: Service.digest))
        _ = try await office.writer.appendDue()
        guard case .accepted(_, isRepeat: true) = await office.sequencer.submit(change.line(), from: change.author)
        else {
            Issue.record("not the same")
            return
        }
    }

    @Test("an id that somebody else took doesn't keep the change away") func taken() async throws {
        let clock = try SetClock("2026-07-01T10:00:00Z")
        let office = try await Office(clock)
        try await office.plan(from: "2026-03-30", until: nil)
        let directory = try await office.writer.directory()
        let due = try #require(DueChange.all(in: directory, on: DutchTime.date(of: clock.now())).first)
        let id = try #require(due.change(after: nil, by: office.writer.server, number: 0, digest: Service.digest))
            .id
        let thief = Change(
            id: id, subject: .meeting(id), after: nil, author: office.college, time: clock.now(),
            type: .meetingRequest, body: try Story().meeting())
        guard case .accepted = await office.sequencer.submit(thief.line(), from: office.college) else {
            Issue.record("not taken")
            return
        }
        #expect(try await office.writer.appendDue().count == 1)
        #expect(try await office.state() == "running")
    }

    @Test("abolished municipalities pass to their successors, those that were abolished again too") func mergers()
        async throws
    {
        let test = try await TestFolder().make()
        let shown = try await test.administer(.order(DirectoryOrder(.organisationList)))
        func item(_ code: String) -> JSONValue? { shown.items.first { $0["organisation"]?.string == code } }
        #expect(item("gm0501")?["successor"]?.string == "gm1992" && item("gm0501")?["state"]?.string == "merged")
        // Nieuw-Lekkerland became Molenwaard, and Molenwaard Molenlanden.
        #expect(item("gm0571")?["successor"]?.string == "gm1927")
        #expect(item("gm1978")?["predecessors"]?.array?.compactMap(\.string).contains("gm0571") == true)
        // Vijfheerenlanden is another province's, and not in the directory.
        #expect(item("gm0545")?["state"]?.string == "planned")
        #expect(try await test.administer(.loadDirectory).items.isEmpty)
    }

    @Test("a running server lets a mandate begin and end when its clock comes there, and after a restart")
    func running() async throws {
        let clock = try SetClock("2026-03-28T10:00:00Z")
        let test = try await TestFolder().make()
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        func serve() async throws -> RunningServer {
            try await RunningServer.start(
                test.folder, .init(port: 0), backEnd: TestFolder.log, log: log, clock: clock.now,
                lookingEvery: .milliseconds(20))
        }
        func state() async throws -> String? {
            try await test.administer(.order(DirectoryOrder(.mandateList))).items.first?["state"]?.string
        }
        let server = try await serve()
        let options = ["from": "2026-03-30", "until": "2026-06-30"]
        let set = try await test.administer(.order(DirectoryOrder(.mandateSet, ["gm0503/formateur"], options)))
        #expect(set.error == nil && set.items.first?["state"]?.string == "planned")
        #expect(set.items.first?["successor"]?.string == "gm0503/college")
        try clock.set("2026-03-30T06:00:00Z")
        let end = ContinuousClock.now + .seconds(20)
        while try await state() != "running", ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await state() == "running")
        await server.stop()
        try clock.set("2026-07-01T06:00:00Z")
        let next = try await serve()
        #expect(try await state() == "ended")
        let invitation = try await test.administer(.invite("gm0503/formateur"))
        #expect(invitation.error?.text(.english).contains("invite gm0503/college") == true)
        await next.stop()
    }
}
