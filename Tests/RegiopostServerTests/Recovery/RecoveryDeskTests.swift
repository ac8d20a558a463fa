import RegiopostFiles
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Synchronization
import Testing

@testable import RegiopostServer

@Suite("What is given back, until the recovery ends") struct RecoveryDeskTests {
    /// A file in memory.
    private final class Bytes: ReturnedFile {
        private let bytes = Mutex<[UInt8]>([])

        func size() throws(FileError) -> Int { bytes.withLock { $0.count } }
        func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
            bytes.withLock { Array($0.dropFirst(offset).prefix(count)) }
        }
        func append(_ new: [UInt8], at end: Int) throws(FileError) {
            bytes.withLock { $0 = Array($0.prefix(end) + new) }
        }
        func cut(to size: Int) throws(FileError) { bytes.withLock { $0 = Array($0.prefix(size)) } }
    }

    /// Work that waits until the test has it done.
    private final class Works: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])

        func add(_ work: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(work) } }

        /// Takes the work once there is so much of it.
        func take(_ count: Int) async -> [@Sendable () -> Void] {
            while waiting.withLock({ $0.count }) < count { await Task.yield() }
            return waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }

    @Test("what came in before the end is read with the rest, whichever the disk turns to first") func lateWrite()
        async throws
    {
        let works = Works()
        let seal = ReceiptSeal(key: [UInt8](1...32), began: Timestamp(milliseconds: 0))
        let state = RecoveryState(
            epoch: "0000000000000002", begun: Timestamp(milliseconds: 9), before: Timestamp(milliseconds: 0),
            records: 0)
        let desk = try RecoveryDesk(
            state, returned: Bytes(), seal: seal, journal: InMemoryJournal(epoch: state.epoch),
            perform: { works.add($0) })
        var story = try Story()
        let line = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting()).line()
        let college = try #require(Address("gm0503/college"))
        let received = Timestamp(milliseconds: 5)
        let entry = MailboxEntry(
            position: 1, line: line, digest: Service.digest(line), receivedAt: received, number: 1)
        let returned = ReturnedChange(
            mailbox: .own, received: received, receipt: seal.page(of: .address(college)).token(of: entry),
            bytes: line[...])
        async let answer = desk.take(returned, from: college)
        let write = await works.take(1)
        desk.setClosed(true)
        async let entries = desk.entries()
        for work in await works.take(1) + write { work() }
        #expect(await entries.map(\.digest) == [entry.digest])
        guard case .success((_, isRepeat: false)) = await answer else {
            Issue.record("It was not kept.")
            return
        }
    }
}
