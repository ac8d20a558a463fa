import RegiopostJournal
import RegiopostModel

/// Judges proposals and writes them, group by group. One thread uses it.
final class Appender: @unchecked Sendable {
    /// What the appender tells others.
    struct Listeners {
        /// A group is on the disk and in the overlay.
        let published: (_ records: Int, _ bytes: Int) -> Void
        /// Brings everything that was published into the index.
        let index: () throws(JournalError) -> Void
        /// Called once, with what went wrong.
        let failed: (JournalError) -> Void
    }

    private let ledger: Ledger
    private let overlay: SharedOverlay
    private let segments: SegmentFiles
    private let listeners: Listeners
    private var log: LogWriter
    private var encoder: RecordEncoder
    private var group = GrowingBytes(capacity: 1 << 16)
    /// The number and chain of the last record that was written or is in the group.
    private var sequence: Int
    private var chain: Chain
    private var groupFirst: Int

    init(
        _ log: LogWriter, _ ledger: Ledger, _ overlay: SharedOverlay, _ segments: SegmentFiles,
        hash: @escaping LogHash,
        _ listeners: Listeners
    ) {
        self.log = log
        self.ledger = ledger
        self.overlay = overlay
        self.segments = segments
        self.listeners = listeners
        encoder = RecordEncoder(hash: hash)
        sequence = log.end.sequence
        chain = log.end.chain
        groupFirst = sequence + 1
    }

    /// Gives the index back.
    func close() { ledger.close() }

    /// Writes what fits of all calls with one sync, as far as one segment takes it, then answers them.
    func append(_ calls: [AppendCall]) {
        do throws(JournalError) {
            var outcomes: [[AppendOutcome]] = []
            outcomes.reserveCapacity(calls.count)
            for call in calls {
                var own: [AppendOutcome] = []
                own.reserveCapacity(call.proposals.count)
                for proposal in call.proposals { own.append(try take(proposal)) }
                outcomes.append(own)
            }
            try commit()
            try ledger.release()
            ledger.tidy()
            for (call, outcomes) in zip(calls, outcomes) { call.answer(.success(outcomes)) }
        } catch {
            // What is staged is of no use to anybody now: the next start reads the log.
            listeners.failed(error)
            for call in calls { call.answer(.failure(error)) }
        }
    }

    private func take(_ proposal: Proposal) throws(JournalError) -> AppendOutcome {
        if let known = try ledger.sequence(of: proposal.id) { return try again(proposal, known) }
        let name = proposal.subject.text
        let subject = try ledger.subject(name)
        guard subject?.head == proposal.expectedHead else { return .headMoved(current: subject?.head) }
        for (other, expected) in proposal.otherHeads {
            let current = try ledger.subject(other.text)?.head
            guard current == expected else { return .headMoved(current: current) }
        }
        let directory = try ledger.head(of: .directory)
        guard directory == proposal.expectedDirectoryHead else { return .directoryMoved(current: directory) }
        return .appended(try write(proposal, name, subject))
    }

    /// The first receipt stands in the record. It may still be in the group that is about to be written.
    private func again(_ proposal: Proposal, _ known: Int) throws(JournalError) -> AppendOutcome {
        let head: RecordHead
        let stored = try ledger.place(of: known)
        if known >= groupFirst {
            head = try Self.head(in: group, at: stored.place.offset - log.end.place.offset)
        } else if let record = overlay.withLock({ $0.record(known) }), let bytes = record.group {
            head = try Self.head(in: bytes, at: record.offset)
        } else {
            head = try segments.head(at: stored)
        }
        let receipt = head.receipt
        return head.digest == proposal.digest
            ? .already(receipt) : .idTaken(receipt, sameAuthor: head.author == proposal.author)
    }

    static func head(in group: GrowingBytes, at offset: Int) throws(JournalError) -> RecordHead {
        guard case .success(let head) = RecordHead.read(UnsafeRawBufferPointer(rebasing: group.bytes[offset...]))
        else {
            throw JournalError(.unexpected, "A record just written can't be read.")
        }
        return head
    }

    private func write(
        _ proposal: Proposal, _ name: String, _ subject: SubjectState?
    ) throws(JournalError) -> Receipt {
        let author = proposal.author.text
        let members = try ledger.audience(proposal.mailboxes)
        let isSame = Ledger.isSame(members, as: subject)
        let names = isSame ? nil : members.map(\.name)
        try makeRoom(for: proposal, name, author, names)
        let own = members.first { $0.mailbox == proposal.author }
        let receipt = Receipt(
            id: proposal.id, digest: proposal.digest,
            position: own.map { Ledger.position(in: $0, of: subject) } ?? 0,
            receivedAt: proposal.receivedAt)
        sequence += 1
        let offset = group.count
        let written = encoder.encode(
            RecordEncoder.Attributes(
                sequence: sequence, group: groupFirst, subject: name, author: author, position: receipt.position,
                audience: names, fills: proposal.fills, cites: proposal.cites),
            id: proposal.id, digest: proposal.digest, receivedAt: proposal.receivedAt, text: proposal.line,
            after: chain, to: group)
        chain = written.chain
        try ledger.add(
            sequence, id: proposal.id, subject: name, subject, members,
            at: LogPlace(segment: log.end.place.segment, offset: log.end.place.offset + offset),
            headBytes: written.headBytes, textBytes: proposal.line.count, cites: proposal.cites, in: group,
            offset: offset)
        if !proposal.fills.isEmpty { try fill(proposal.fills) }
        return receipt
    }

    /// What a fill gives to whom only the index can tell, so it ends its group, and what comes next waits until the
    /// index has it. That is rare: a mandate that is handed on, a merger.
    private func fill(_ fills: [Fill]) throws(JournalError) {
        try commit(fills)
        try listeners.index()
        try ledger.forgetAll()
    }

    /// Writes what waits where the group is long enough, and goes on in a new segment where this one is full.
    private func makeRoom(
        for proposal: Proposal, _ name: String, _ author: String, _ names: [[UInt8]]?
    ) throws(JournalError) {
        let nameBytes = names?.reduce(0) { $0 + $1.count + 1 } ?? 0
        let bound =
            RecordFormat.headBound(subject: name, author: author, names: nameBytes) + proposal.line.count
            + proposal.cites.count * 65
            + proposal.fills.reduce(0) { $0 + $1.from.text.utf8.count + $1.to.text.utf8.count + 2 }
        let hasRoom = log.hasRoom(for: bound, behind: group.count)
        if !hasRoom || group.count >= LogSizing.groupBytes { try commit() }
        if !hasRoom { try log.roll(forAtLeast: bound) }
    }

    /// Writes the group, syncs it, and lets everybody see it.
    private func commit(_ fills: [Fill] = []) throws(JournalError) {
        guard group.count > 0 else { return }
        let written = group
        try log.write(written, sequence: sequence, chain: chain)
        group = GrowingBytes(capacity: min(written.count * 2, LogSizing.groupBytes))
        groupFirst = sequence + 1
        let staged = ledger.takeStaged(next: groupFirst)
        let end = log.end
        let bytes = log.bytes
        overlay.withLock { overlay in
            overlay.publish(staged, fills, end: end, bytes: written.count)
            overlay.logBytes = bytes
        }
        listeners.published(staged.records.count, written.count)
    }
}

extension RecordHead {
    /// The receipt that was given for it.
    var receipt: Receipt { Receipt(id: id, digest: digest, position: position, receivedAt: receivedAt) }
}
