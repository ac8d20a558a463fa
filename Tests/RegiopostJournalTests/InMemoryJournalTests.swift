import RegiopostJournal
import RegiopostTestSupport
import Testing

@Suite("The in-memory journal") struct InMemoryJournalTests {
    @Test("keeps the contract", arguments: JournalContract.all) func contract(rule: JournalContract) async throws {
        try await rule.check(InMemoryJournal(epoch: "first"))
    }

    @Test("names its history") func epoch() {
        #expect(InMemoryJournal(epoch: "b4d2").epoch == "b4d2")
    }
}
