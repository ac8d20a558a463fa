import RegiopostJournal
import RegiopostModel

extension IndexWriter {
    /// Gives a mailbox what another one holds and it lacks, subject by subject a prefix, in the other's order; it is
    /// then in the audience of what the other is in the audience of. Costs by what the other holds.
    func apply(_ fill: Fill) throws(JournalError) {
        guard fill.from != fill.to, let source = try connection.mailbox(fill.from) else { return }
        let known = try connection.mailbox(fill.to)
        let target = if let known { known.key } else { try connection.lastMailboxKey() + 1 }
        let head = known?.head ?? 0
        var given: [Int] = []
        var touched: [Int: (name: String, state: SubjectState)] = [:]
        for entry in try deliveries(to: source.key) {
            if touched[entry.subject] == nil { touched[entry.subject] = try subject(startingAt: entry.subject) }
            guard entry.number > touched[entry.subject]?.state.held(by: target) ?? 0 else { continue }
            given.append(entry.sequence)
        }
        try writeDeliveries([target: Generation.Deliveries(first: head + 1, sequences: given)])
        let statement = try connection.statement(.keepSubject)
        for (name, state) in touched.values {
            guard let after = Self.filled(state, from: source.key, to: target) else { continue }
            try keep(name, after, statement)
        }
        try keep(fill.to, target, head: head + given.count)
    }

    /// The state in which `target` stands to the subject at least as `source` does; `nil` where it does already.
    private static func filled(_ state: SubjectState, from source: Int, to target: Int) -> SubjectState? {
        func standing(_ mailbox: Int) -> SubjectState.Standing? { state.standings.first { $0.mailbox == mailbox } }
        guard let from = standing(source), standing(target)?.isInAudience != true else { return nil }
        var after = state
        let held = max(state.held(by: source), state.held(by: target))
        after.set(target, held: from.isInAudience ? SubjectState.Standing.all : held)
        return after
    }

    private func deliveries(
        to mailbox: Int
    ) throws(JournalError) -> [(sequence: Int, subject: Int, number: Int)] {
        var entries: [(sequence: Int, subject: Int, number: Int)] = []
        try connection.deliveries(to: mailbox, after: 0) { (sequence) throws(JournalError) in
            let stored = try connection.place(of: sequence)
            entries.append((sequence, stored.subject, stored.number))
            return true
        }
        return entries
    }

    /// The name stands in the subject's first record.
    private func subject(startingAt sequence: Int) throws(JournalError) -> (name: String, state: SubjectState) {
        let name = try segments.head(at: try connection.place(of: sequence)).subject
        guard let state = try connection.subject(name) else { throw IndexConnection.strange() }
        return (name, state)
    }
}
