import Foundation
import Glibc
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

@testable import RegiopostJournalLog

/// The disk's calls, counted, and failing when a test says so.
final class TestDisk: Sendable {
    struct State {
        var writes = 0
        var syncs = 0
        /// The error of the next write, and how many bytes of it reach the file all the same.
        var failingWrite: (number: Int32, reaching: Int)?
        var failingSync: Int32?
    }

    let state = Mutex(State())

    /// How many writes and syncs there were.
    var counts: [Int] { state.withLock { [$0.writes, $0.syncs] } }

    var calls: DiskCalls {
        DiskCalls(
            write: { [self] file, bytes, offset in
                let failure = state.withLock { state in
                    state.writes += 1
                    defer { state.failingWrite = nil }
                    return state.failingWrite
                }
                guard let failure else { return DiskCalls.system.write(file, bytes, offset) }
                _ = DiskCalls.system.write(
                    file, UnsafeRawBufferPointer(rebasing: bytes.prefix(failure.reaching)), offset)
                errno = failure.number
                return -1
            },
            sync: { [self] file in
                let failure = state.withLock { state in
                    state.syncs += 1
                    defer { state.failingSync = nil }
                    return state.failingSync
                }
                guard let failure else { return DiskCalls.system.sync(file) }
                errno = failure
                return -1
            })
    }
}

@Suite("A disk that fails") struct FailingDiskTests {
    @Test(
        "a write that fails stops the journal, and what of it reached the disk is there once or not at all",
        arguments: [0, 1, 100, 500, 900, 1_500]) func write(reaching: Int) async throws
    {
        try await stops(with: reaching == 0 ? .full : .ioFailed, reaching < 400 ? 0 : reaching < 1_000 ? 1 : 2) {
            $0.failingWrite = (reaching == 0 ? ENOSPC : EIO, reaching)
        }
    }

    @Test("a sync that fails stops the journal, and is not tried again", arguments: [EIO, ENOSPC])
    func sync(number: Int32) async throws {
        // The operating system shows what was written, so it is there after opening again.
        try await stops(with: number == ENOSPC ? .full : .ioFailed, 2) { $0.failingSync = number }
    }

    /// Writes one change, lets the disk fail on a call of two, and checks what has to follow. Of the two, `reached`
    /// survive.
    private func stops(
        with code: JournalError.Code, _ reached: Int, _ fault: (inout TestDisk.State) -> Void
    ) async throws {
        let disk = TestDisk()
        try await withJournal(disk: disk.calls) { journal, test in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let receipts = try await journal.appendAll([first])
            disk.state.withLock { fault(&$0) }
            let small = try maker.propose(subject, after: first.id, line: [UInt8](repeating: 97, count: 100))
            let large = try maker.propose(subject, after: small.id, line: [UInt8](repeating: 98, count: 600))
            await expect(code) { try await journal.append([small, large]) }
            let before = disk.counts

            // From here on nothing is acknowledged, not even what was there before.
            await expect(.stopped) { try await journal.append([first]) }
            await expect(.stopped) { try await journal.append([small]) }
            await expect(.stopped) { try await journal.set("name", to: [1]) }
            let address = try #require(Address("gm0503/griffie"))
            await expect(.stopped) {
                try await journal.enrolment.revoke(address: address, at: Timestamp(milliseconds: 1))
            }
            #expect(disk.counts == before, "nothing more was written")
            // Reading goes on.
            #expect(try await journal.digests(in: maker.griffie) == [first.digest])
            #expect(try await journal.receipt(of: small.id) == nil)
            try await journal.close()

            let again = try await test.open()
            #expect(try await again.size().records == 1 + reached)
            if reached > 0 {
                // What the operating system may take for clean is written once more, and synced, before it counts.
                let after = disk.counts
                #expect(after[0] > before[0] && after[1] > before[1])
            }
            #expect(try await again.append([first]) == receipts.map { .already($0) })
            let outcomes = try await again.append([small, large])
            for (index, outcome) in outcomes.enumerated() {
                let receipt = try #require(try await again.receipt(of: [small, large][index].id)?.receipt)
                let expected: AppendOutcome = index < reached ? .already(receipt) : .appended(receipt)
                #expect(outcome == expected)
                #expect(receipt.position == index + 2)
            }
            #expect(try await again.digests(in: maker.griffie) == [first.digest, small.digest, large.digest])
            #expect(try await again.verify().records == 3)
            try await again.close()
        }
    }

    private func expect<Value>(
        _ code: JournalError.Code, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
    ) async {
        let error = await #expect(throws: JournalError.self, sourceLocation: location) { _ = try await body() }
        #expect(error?.code == code, sourceLocation: location)
    }
}

@Suite("What a group costs") struct GroupCostTests {
    @Test("one write and one sync, however many records", arguments: [1, 2, 100, 400]) func calls(count: Int)
        async throws
    {
        let disk = TestDisk()
        let sizing = LogSizing(smallestSegment: 4 << 20, largestSegment: 4 << 20)
        try await withJournal(sizing: sizing, disk: disk.calls) { journal, _ in
            var maker = try ProposalMaker()
            var proposals: [Proposal] = []
            for _ in 0..<count { proposals.append(try maker.propose(maker.nextSubject())) }
            try await journal.appendAll(proposals)
            #expect(disk.counts == [1, 1])
            // One after the other: as many groups as calls.
            for _ in 0..<3 { try await journal.appendAll([maker.propose(maker.nextSubject())]) }
            #expect(disk.counts == [4, 4])
        }
    }

    @Test("calls that come in while a group is written share the next one") func shared() async throws {
        let disk = TestDisk()
        let gate = Mutex(true)
        var slow = disk.calls
        slow.sync = { [calls = disk.calls] file in
            // The first sync lasts until all others have come in.
            while gate.withLock({ $0 }) { usleep(1_000) }
            return calls.sync(file)
        }
        try await withJournal(disk: slow) { journal, _ in
            var maker = try ProposalMaker()
            var proposals: [Proposal] = []
            for _ in 0..<21 { proposals.append(try maker.propose(maker.nextSubject())) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [first = proposals[0]] in try await journal.appendAll([first]) }
                while disk.state.withLock({ $0.writes }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
                for proposal in proposals.dropFirst() { group.addTask { try await journal.appendAll([proposal]) } }
                try await Task.sleep(for: .milliseconds(200))
                gate.withLock { $0 = false }
                try await group.waitForAll()
            }
            #expect(disk.counts == [2, 2])
        }
    }

    @Test("the index is not written before the answer") func indexBehind() async throws {
        var sizing = LogSizing(smallestSegment: 1 << 20, largestSegment: 1 << 20)
        sizing.indexedMilliseconds = 3_600_000
        try await withJournal(sizing: sizing) { journal, test in
            var maker = try ProposalMaker()
            func size() throws -> Int {
                let wal =
                    try FileManager.default.attributesOfItem(atPath: test.folder.index + "-wal")[.size] as? Int
                return wal ?? 0
            }
            let before = try size()
            for _ in 0..<20 { try await journal.appendAll([maker.propose(maker.nextSubject())]) }
            #expect(try size() == before && journal.engine.waiting == 20)
            try journal.engine.indexAll()
            #expect(try size() > before && journal.engine.waiting == 0)
        }
    }
}
