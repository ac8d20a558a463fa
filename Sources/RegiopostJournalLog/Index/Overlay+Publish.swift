import RegiopostModel

extension Overlay {
    /// Takes in a group that is in the log, durably.
    mutating func publish(_ staged: Ledger.Staged, _ fills: [Fill] = [], end: LogEnd, bytes: Int) {
        published += 1
        for (offset, record) in staged.records.enumerated() {
            pending.sequences[record.id] = pending.first + pending.records.count + offset
        }
        pending.records += staged.records
        for (name, state) in staged.subjects { pending.subjects[name] = state }
        for (file, subject) in staged.citations { pending.citations[file, default: []].insert(subject) }
        for delivery in staged.deliveries {
            pending.deliveries[
                delivery.mailbox, default: Generation.Deliveries(first: delivery.position, sequences: [])
            ]
            .sequences.append(delivery.sequence)
        }
        for member in staged.touched {
            pending.mailboxes[member.mailbox] = (member.key, member.head)
            remember(Head(key: member.key, position: member.head, digest: nil), of: member.mailbox)
        }
        pending.fills = fills
        pending.end = end
        pending.bytes += bytes
    }

    /// Hands over what waits to be indexed; `nil` where nothing does. It stays to be read until `flushingEnded`.
    mutating func beginFlushing() -> Generation? {
        guard !pending.records.isEmpty else { return nil }
        flushing = pending
        pending = Generation(after: pending.end)
        return flushing
    }

    /// The index holds what was handed over.
    mutating func flushingEnded() {
        if flushing?.fills.isEmpty == false { forgetHeads() }
        flushing = nil
        flushed += 1
    }
}
