import RegiopostJournal
import RegiopostModel

/// Writes generations into the index, each in one transaction. One thread uses it.
final class IndexWriter: @unchecked Sendable {
    let connection: IndexConnection
    let segments: SegmentFiles
    private let log: String
    private let packed = GrowingBytes(capacity: 256)

    init(_ connection: IndexConnection, _ segments: SegmentFiles, log: String) {
        self.connection = connection
        self.segments = segments
        self.log = log
    }

    /// Gives the index back.
    func close() { connection.close() }

    /// Writes all of a generation, or nothing.
    func write(_ generation: Generation) throws(JournalError) {
        try connection.run(.beginImmediate)
        do throws(JournalError) {
            try writeRecords(of: generation)
            try writeSubjects(generation.subjects)
            try writeDeliveries(generation.deliveries)
            try writeCitations(generation.citations)
            for (mailbox, state) in generation.mailboxes { try keep(mailbox, state.key, head: state.head) }
            for fill in generation.fills { try apply(fill) }
            try cover(generation.end)
            try connection.run(.commit)
        } catch {
            try? connection.run(.rollback)
            throw error
        }
    }

    private func writeRecords(of generation: Generation) throws(JournalError) {
        let addChange = try connection.statement(.addChange)
        let addIdentity = try connection.statement(.addIdentity)
        for (offset, record) in generation.records.enumerated() {
            let sequence = generation.first + offset
            addChange.bind(1, sequence)
            addChange.bind(2, record.stored.place.packed)
            addChange.bind(3, record.stored.headBytes)
            addChange.bind(4, record.stored.textBytes)
            addChange.bind(5, record.stored.subject)
            addChange.bind(6, record.stored.number)
            addChange.bind(7, record.stored.previous)
            try addChange.run()
            var id = (record.id.words.0.bigEndian, record.id.words.1.bigEndian)
            try withUnsafeBytes(of: &id) { (bytes) throws(JournalError) in
                addIdentity.bind(1, blob: bytes)
                addIdentity.bind(2, sequence)
                try addIdentity.run()
            }
        }
    }

    private func writeSubjects(_ subjects: [String: SubjectState]) throws(JournalError) {
        let statement = try connection.statement(.keepSubject)
        for (name, state) in subjects { try keep(name, state, statement) }
    }

    func keep(_ name: String, _ state: SubjectState, _ statement: IndexStatement) throws(JournalError) {
        state.packStandings(to: packed)
        var head = (state.head.words.0.bigEndian, state.head.words.1.bigEndian)
        try connection.withText(name) { (name) throws(JournalError) in
            try withUnsafeBytes(of: &head) { (head) throws(JournalError) in
                statement.bind(1, text: name)
                statement.bind(2, state.first)
                statement.bind(3, state.last)
                statement.bind(4, state.count)
                statement.bind(5, blob: head)
                statement.bind(6, blob: packed.bytes)
                try statement.run()
            }
        }
    }

    func writeDeliveries(_ deliveries: [Int: Generation.Deliveries]) throws(JournalError) {
        for (mailbox, tail) in deliveries {
            var rest = tail.sequences[...]
            var position = tail.first
            while !rest.isEmpty {
                let place = DeliveryRun.Place(of: position)
                let taken = rest.prefix(DeliveryRun.length - place.index)
                try write(taken, to: mailbox, at: place)
                rest = rest.dropFirst(taken.count)
                position += taken.count
            }
        }
    }

    /// Puts sequences behind those that the run has.
    private func write(
        _ sequences: ArraySlice<Int>, to mailbox: Int, at place: DeliveryRun.Place
    ) throws(JournalError) {
        packed.clear()
        if place.index > 0 {
            guard try connection.takeRun(place.run, of: mailbox, to: packed) == place.index else {
                throw IndexConnection.strange()
            }
        }
        for sequence in sequences { DeliveryRun.put(sequence, to: packed) }
        let statement = try connection.statement(.keepRun)
        statement.bind(1, mailbox)
        statement.bind(2, place.run)
        statement.bind(3, blob: packed.bytes)
        try statement.run()
    }

    private func writeCitations(_ citations: [Digest: Set<String>]) throws(JournalError) {
        let statement = try connection.statement(.addCitation)
        for (file, subjects) in citations {
            for subject in subjects {
                try connection.withText(subject) { (name) throws(JournalError) in
                    try IndexConnection.withBytes(of: file) { (file) throws(JournalError) in
                        statement.bind(1, blob: file)
                        statement.bind(2, text: name)
                        try statement.run()
                    }
                }
            }
        }
    }

    func keep(_ mailbox: Mailbox, _ key: Int, head: Int) throws(JournalError) {
        let statement = try connection.statement(.keepMailbox)
        try connection.withText(mailbox.text) { (name) throws(JournalError) in
            statement.bind(1, key)
            statement.bind(2, text: name)
            statement.bind(3, head)
            try statement.run()
        }
    }

    private func cover(_ end: LogEnd) throws(JournalError) {
        let statement = try connection.statement(.cover)
        try connection.withText(log) { (log) throws(JournalError) in
            try IndexConnection.withBytes(of: end.chain) { (chain) throws(JournalError) in
                statement.bind(1, text: log)
                statement.bind(2, end.place.packed)
                statement.bind(3, end.sequence)
                statement.bind(4, blob: chain)
                try statement.run()
            }
        }
    }
}
