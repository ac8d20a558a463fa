import RegiopostJournal
import RegiopostModel

/// Brings records from the log into the index, as appending them did.
final class Replay {
    private static let batch = 8_192

    private let ledger: Ledger
    private let overlay: SharedOverlay
    private let writer: IndexWriter
    private var count = 0
    private var end: LogEnd
    private(set) var records = 0

    /// - Parameter end: where the index ends.
    init(_ index: IndexFile, _ writer: IndexWriter, after end: LogEnd) throws(JournalError) {
        overlay = SharedOverlay(after: end)
        ledger = try Ledger(overlay, try index.reader())
        self.writer = writer
        self.end = end
    }

    /// Takes in the next record.
    func add(_ head: RecordHead, at place: LogPlace) throws(JournalError) {
        let subject = try ledger.subject(head.subject)
        let members: [Ledger.Member]
        if let audience = head.audience {
            members = try ledger.audience(audience)
        } else if let subject {
            members = try ledger.audience(of: subject)
        } else {
            throw JournalError(
                .corrupt,
                "Record \(head.sequence) at \(SegmentName.folder)/\(place) begins a subject without an audience.")
        }
        let own = members.first { $0.mailbox == head.author }
        guard head.position == own.map({ Ledger.position(in: $0, of: subject) }) ?? 0 else {
            throw JournalError(
                .corrupt,
                "Record \(head.sequence) at \(SegmentName.folder)/\(place) has another position than the log gives."
            )
        }
        try ledger.add(
            head.sequence, id: head.id, subject: head.subject, subject, members, at: place,
            headBytes: head.headBytes,
            textBytes: head.textBytes, cites: head.cites, in: nil, offset: 0)
        end = LogEnd(
            place: LogPlace(segment: place.segment, offset: place.offset + head.bytes), sequence: head.sequence,
            chain: head.chain)
        count += 1
        records += 1
        if !head.fills.isEmpty {
            try write(head.fills)
            try ledger.forgetAll()
        } else if count >= Self.batch {
            try write([])
        }
    }

    /// Writes what is left.
    func finish() throws(JournalError) { try write([]) }

    /// Gives the index back.
    func close() { ledger.close() }

    private func write(_ fills: [Fill]) throws(JournalError) {
        guard count > 0 else { return }
        count = 0
        try ledger.release()
        let staged = ledger.takeStaged(next: end.sequence + 1)
        let generation = overlay.withLock { overlay -> Generation? in
            overlay.publish(staged, fills, end: end, bytes: 0)
            return overlay.beginFlushing()
        }
        if let generation { try writer.write(generation) }
        overlay.withLock { $0.flushingEnded() }
        ledger.tidy()
    }
}
