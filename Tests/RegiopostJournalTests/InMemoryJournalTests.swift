import RegiopostJournal
import RegiopostTestSupport
import Testing

@Suite("The in-memory journal") struct InMemoryJournalTests {
    @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
        try await rule.check(InMemoryJournal(epoch: "first"))
    }

    @Test("keeps settings") func settings() async throws {
        try await SettingContract.check(InMemoryJournal(epoch: "first"))
    }

    @Test("keeps the enrolment contract", arguments: EnrolmentContract.all)
    func enrolment(rule: EnrolmentContract) async throws {
        try await rule.check(InMemoryEnrolmentStore())
    }

    @Test("keeps every mailbox a prefix of every subject, whatever comes", arguments: 1...20 as ClosedRange<UInt64>)
    func random(seed: UInt64) async throws {
        var comparison = try JournalComparison(
            InMemoryJournal(epoch: "left"), InMemoryJournal(epoch: "right"), seed: seed)
        try await comparison.run(calls: 40)
    }

    @Test("names its history") func epoch() {
        #expect(InMemoryJournal(epoch: "b4d2").epoch == "b4d2")
    }
}
