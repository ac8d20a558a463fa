import GRDBSQLite
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

@testable import RegiopostJournalLog

@Suite("What a record costs the index") struct FlatCostTests {
    @Test("looking up and indexing takes as many steps with 3,030 stored as with 30") func flat() async throws {
        let few = try await steps(stored: 30)
        #expect(few.lookups > 0 && few.writes > 0)
        // Equally far into a run of deliveries: a run that begins has nothing that is read before.
        let many = try await steps(stored: 30 + 30 * DeliveryRun.length)
        #expect(many == few)
    }

    private struct Steps: Equatable {
        let lookups: Int
        let writes: Int
    }

    /// Stores records, half of them on one subject, and counts what two more take: one on that subject, one on a new one.
    private func steps(stored: Int) async throws -> Steps {
        try await withJournal(sizing: LogSizing(smallestSegment: 4 << 20, largestSegment: 4 << 20)) {
            journal, test in
            var maker = try ProposalMaker()
            let long = maker.nextSubject()
            var proposals = [try maker.propose(long)]
            var head = proposals[0].id
            for number in 1..<stored {
                let isOnSame = number.isMultiple(of: 2)
                let subject = isOnSame ? long : maker.nextSubject()
                let proposal = try maker.propose(subject, after: isOnSame ? head : nil)
                if isOnSame { head = proposal.id }
                proposals.append(proposal)
            }
            try await journal.appendAll(proposals)
            try await journal.close()
            return try count(test, [(maker.nextID(), long), (maker.nextID(), maker.nextSubject())], maker)
        }
    }

    private func count(_ test: TestJournal, _ next: [(ChangeID, SubjectID)], _ maker: ProposalMaker) throws -> Steps
    {
        let file = IndexFile(path: test.folder.index)
        let opened = try file.open()
        let covered = try #require(opened.covered)
        let segments = SegmentFiles(SegmentFolder(path: test.folder.segments))
        let writer = IndexWriter(opened.connection, segments, log: covered.log)
        let reading = try file.reader()
        let overlay = SharedOverlay(after: covered.end)
        let ledger = try Ledger(overlay, reading)
        let (lookups, writes) = (StepCount(), StepCount())
        lookups.start(on: reading)
        var sequence = covered.end.sequence
        for (id, subject) in next {
            #expect(try ledger.sequence(of: id) == nil)
            let state = try ledger.subject(subject.text)
            let members = try ledger.audience([maker.griffie])
            sequence += 1
            try ledger.add(
                sequence, id: id, subject: subject.text, state, members, at: covered.end.place, headBytes: 400,
                textBytes: 10, cites: [Digest](), in: nil, offset: 0)
        }
        try ledger.release()
        lookups.stop(on: reading)
        let end = LogEnd(place: covered.end.place, sequence: sequence, chain: covered.end.chain)
        let staged = ledger.takeStaged(next: sequence + 1)
        let generation = overlay.withLock { overlay -> Generation? in
            overlay.publish(staged, end: end, bytes: 0)
            return overlay.beginFlushing()
        }
        writes.start(on: opened.connection)
        try writer.write(try #require(generation))
        writes.stop(on: opened.connection)
        ledger.close()
        writer.close()
        return Steps(lookups: lookups.steps, writes: writes.steps)
    }
}

/// Counts the steps of SQLite's virtual machine on one connection: what a statement costs, the same on every machine.
private final class StepCount: Sendable {
    private let count = Atomic(0)

    /// The steps so far.
    var steps: Int { count.load(ordering: .relaxed) }

    /// Begins to count. The count has to outlive the counting.
    func start(on connection: IndexConnection) {
        sqlite3_progress_handler(
            connection.handle, 1,
            { context in
                guard let context else { return 0 }
                Unmanaged<StepCount>.fromOpaque(context).takeUnretainedValue().count.add(1, ordering: .relaxed)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Ends it.
    func stop(on connection: IndexConnection) { sqlite3_progress_handler(connection.handle, 0, nil, nil) }
}
