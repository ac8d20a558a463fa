import GRDBSQLite
import RegiopostJournal
import RegiopostModel

extension IndexConnection {
    /// How far the index goes, and of which log; `nil` in an empty one.
    func covered() throws(JournalError) -> LogOpening.Covered? {
        let statement = try statement(.covered)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        guard let chain = Digest(bytes: statement.blob(3)) else { throw Self.strange() }
        return LogOpening.Covered(
            log: statement.text(0),
            end: LogEnd(
                place: LogPlace(packed: statement.integer(1)), sequence: statement.integer(2), chain: chain))
    }

    /// The sequence of a change, or `nil`. O(log n).
    func sequence(of id: ChangeID) throws(JournalError) -> Int? {
        let statement = try statement(.identity)
        defer { statement.reset() }
        var bytes = (id.words.0.bigEndian, id.words.1.bigEndian)
        return try withUnsafeBytes(of: &bytes) { (bytes) throws(JournalError) in
            statement.bind(1, blob: bytes)
            return try statement.step() ? statement.integer(0) : nil
        }
    }

    /// Where a record lies; throws `corrupt` where the index doesn't have it. O(log n).
    func place(of sequence: Int) throws(JournalError) -> StoredPlace {
        let statement = try statement(.change)
        defer { statement.reset() }
        statement.bind(1, sequence)
        guard try statement.step() else { throw Self.strange() }
        return StoredPlace(row: statement)
    }

    /// A subject of that name, or `nil`. O(log n).
    func subject(_ name: String) throws(JournalError) -> SubjectState? {
        let statement = try statement(.subject)
        defer { statement.reset() }
        return try withText(name) { (text) throws(JournalError) in
            statement.bind(1, text: text)
            guard try statement.step() else { return nil }
            guard let head = ChangeID(bytes: statement.blob(3)) else { throw Self.strange() }
            return SubjectState(
                first: statement.integer(0), last: statement.integer(1), count: statement.integer(2), head: head,
                standings: SubjectState.unpackStandings(statement.blob(4)))
        }
    }

    /// The key and end of a mailbox, or `nil`. O(log n).
    func mailbox(_ mailbox: Mailbox) throws(JournalError) -> (key: Int, head: Int)? {
        let statement = try statement(.mailbox)
        defer { statement.reset() }
        return try withText(mailbox.text) { (text) throws(JournalError) in
            statement.bind(1, text: text)
            return try statement.step() ? (statement.integer(0), statement.integer(1)) : nil
        }
    }

    /// The mailbox of a key, and its end. O(log n).
    func mailbox(key: Int) throws(JournalError) -> (mailbox: Mailbox, head: Int) {
        let statement = try statement(.mailboxName)
        defer { statement.reset() }
        statement.bind(1, key)
        guard try statement.step(), let mailbox = Mailbox(statement.text(0)) else { throw Self.strange() }
        return (mailbox, statement.integer(1))
    }

    /// The largest key that a mailbox has; 0 where there is none.
    func lastMailboxKey() throws(JournalError) -> Int {
        let statement = try statement(.lastMailboxKey)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The sequence of the record at a position of a mailbox, or `nil`. O(log n).
    func delivered(to mailbox: Int, at position: Int) throws(JournalError) -> Int? {
        let place = DeliveryRun.Place(of: position)
        let statement = try statement(.run)
        defer { statement.reset() }
        statement.bind(1, mailbox)
        statement.bind(2, place.run)
        return try statement.step() ? DeliveryRun.sequence(place.index, in: statement.blob(0)) : nil
    }

    /// Hands out the sequences of what a mailbox has after a position, in order, until `take` answers that it has enough.
    func deliveries(
        to mailbox: Int, after position: Int, _ take: (Int) throws(JournalError) -> Bool
    ) throws(JournalError) {
        var place = DeliveryRun.Place(of: position + 1)
        let statement = try statement(.runs)
        defer { statement.reset() }
        statement.bind(1, mailbox)
        statement.bind(2, place.run)
        while try statement.step() {
            guard statement.integer(0) == place.run else { throw Self.strange() }
            while let sequence = DeliveryRun.sequence(place.index, in: statement.blob(1)) {
                guard try take(sequence) else { return }
                place.index += 1
            }
            place = DeliveryRun.Place(run: place.run + 1, index: 0)
        }
    }

    /// Puts what a run has to the end of `bytes`, and answers how many sequences that are.
    func takeRun(_ run: Int, of mailbox: Int, to bytes: GrowingBytes) throws(JournalError) -> Int {
        let statement = try statement(.run)
        defer { statement.reset() }
        statement.bind(1, mailbox)
        statement.bind(2, run)
        guard try statement.step() else { return 0 }
        let found = statement.blob(0)
        bytes.put(found)
        return found.count / DeliveryRun.sequenceBytes
    }

    /// The names of the subjects that cite a file. Costs by their number.
    func subjects(citing file: Digest) throws(JournalError) -> [String] {
        let statement = try statement(.citing)
        defer { statement.reset() }
        return try Self.withBytes(of: file) { (file) throws(JournalError) in
            statement.bind(1, blob: file)
            var names: [String] = []
            while try statement.step() { names.append(statement.text(0)) }
            return names
        }
    }

    /// Lends the 32 bytes of a digest.
    static func withBytes<Value>(
        of digest: Digest, _ body: (UnsafeRawBufferPointer) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        let words = digest.words
        var bytes = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return try withUnsafeBytes(of: &bytes) { (bytes) throws(JournalError) in try body(bytes) }
    }

    func withText<Value>(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws(JournalError) -> Value
    ) throws(JournalError) -> Value {
        var text = text
        var result: Result<Value, JournalError>?
        text.withUTF8 { bytes in
            do throws(JournalError) { result = .success(try body(bytes)) } catch { result = .failure(error) }
        }
        guard let result else { throw Self.strange() }
        return try result.get()
    }

    static func strange() -> JournalError {
        JournalError(.corrupt, "The index does not say what it has to.")
    }
}
