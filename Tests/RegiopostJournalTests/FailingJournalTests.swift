import RegiopostJournal
import RegiopostTestSupport
import Testing

@Suite("The journal that fails on demand") struct FailingJournalTests {
    @Test("keeps the contract until it is told to fail", arguments: JournalContract.all)
    func contract(rule: JournalContract) async throws {
        try await rule.check(FailingJournal(InMemoryJournal(epoch: "first")))
    }

    @Test("fails, then refuses, and the disk has it or not", arguments: [true, false])
    func fails(isThere: Bool) async throws {
        let disk = InMemoryJournal(epoch: "first")
        let journal = FailingJournal(disk)
        var maker = try ProposalMaker()
        let proposal = try maker.propose(maker.nextSubject())
        await journal.failNextAppend(.full, reached: isThere ? .everything : .nothing)
        let first = await #expect(throws: JournalError.self) { try await journal.append([proposal]) }
        #expect(first?.code == .full)
        let second = await #expect(throws: JournalError.self) { try await journal.append([proposal]) }
        #expect(second?.code == .stopped)
        #expect(try await (disk.receipt(of: proposal.id) != nil) == isThere)
    }
}
