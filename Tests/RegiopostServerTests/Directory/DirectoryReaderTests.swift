import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

@testable import RegiopostServer

@Suite("The directory as the server keeps it") struct DirectoryReaderTests {
    /// A journal that answers no page of the directory before it is told to.
    private final class Slow: ForwardingJournal {
        private struct State {
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
            var asked = 0
        }

        let inner = InMemoryJournal(epoch: "0000000000000001")
        private let state = Mutex(State())

        var behind: any Journal { inner }
        var epoch: String { inner.epoch }
        var asked: Int { state.withLock { $0.asked } }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
            try await inner.append(proposals)
        }

        func page(
            of mailbox: Mailbox, after position: Int, limit: PageLimit
        ) async throws(JournalError) -> MailboxPage {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    state.asked += 1
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
            return try await inner.page(of: mailbox, after: position, limit: limit)
        }
    }

    @Test("who asks while another reads it gets it as it is, not as it was before") func together() async throws {
        let journal = Slow()
        let sequencer = Sequencer(
            journal: journal.inner, clock: { Timestamp(milliseconds: 1) }, digest: Service.digest,
            announce: { _ in }, failed: { _ in })
        for change in try Story().accepted { _ = await sequencer.submit(change.line(), from: change.author) }
        let reader = DirectoryReader(journal: journal)
        async let first = reader.current()
        while journal.asked == 0 { await Task.yield() }
        async let second = reader.current()
        for _ in 0..<10_000 where journal.asked < 2 { await Task.yield() }
        journal.open()
        let positions = try await [first.position, second.position]
        let end = try await journal.inner.head(of: .directory).position
        #expect(positions == [end, end] && end > 0)
        // What is known is not read again until it has grown.
        let asked = journal.asked
        _ = try await reader.current()
        #expect(journal.asked == asked)
        reader.grew()
        _ = try await reader.current()
        #expect(journal.asked > asked)
    }
}
