import RegiopostModel
import Synchronization

/// Records that are in the log and not yet in the index, with everything that the index will say of them.
struct Generation: Sendable {
    /// A record.
    struct Record: Sendable {
        let id: ChangeID
        let stored: StoredPlace
        /// Its bytes in memory, from `offset` on; `nil` where they have to be read from the log.
        let group: GrowingBytes?
        let offset: Int
    }

    /// Deliveries to one mailbox: consecutive positions.
    struct Deliveries: Sendable {
        let first: Int
        var sequences: [Int]
    }

    /// The sequence of the first record.
    let first: Int
    var records: [Record] = []
    var sequences: [ChangeID: Int] = [:]
    var subjects: [String: SubjectState] = [:]
    /// The subjects that cite a file.
    var citations: [Digest: Set<String>] = [:]
    /// By the mailbox's key.
    var deliveries: [Int: Deliveries] = [:]
    var mailboxes: [Mailbox: (key: Int, head: Int)] = [:]
    /// What mailboxes take over from others, after all records.
    var fills: [Fill] = []
    /// The log's end after the last record.
    var end: LogEnd
    /// How much it holds in memory, about.
    var bytes = 0

    init(after end: LogEnd) {
        first = end.sequence + 1
        self.end = end
    }

    func record(_ sequence: Int) -> Record? {
        let index = sequence - first
        return index >= 0 && index < records.count ? records[index] : nil
    }
}

/// The overlay, which all threads share.
final class SharedOverlay: Sendable {
    private let state: Mutex<Overlay>

    init(after end: LogEnd) { state = Mutex(Overlay(after: end)) }

    func withLock<Value>(_ body: (inout Overlay) -> sending Value) -> sending Value { state.withLock { body(&$0) } }
}

/// What readers have to look at before the index: the generation that grows, and the one that is being written.
///
/// The order matters. Who finds nothing here and then begins to read the index finds there all that was taken away
/// here before, because it is taken away only after the index was committed.
struct Overlay: Sendable {
    /// Where a mailbox ends, as far as readers know.
    struct Head: Sendable {
        let key: Int
        let position: Int
        /// Of the change there; `nil` where it has to be looked up.
        let digest: Digest?
    }

    /// No more mailboxes' ends are remembered.
    static let maximumHeads = 20_000

    var pending: Generation
    var flushing: Generation?
    /// How many bytes the log has.
    var logBytes = 0
    /// How many generations are in the index.
    var flushed = 0
    /// How many groups were published.
    var published = 0
    private(set) var heads: [Mailbox: Head] = [:]

    init(after end: LogEnd) { pending = Generation(after: end) }

    func record(_ sequence: Int) -> Generation.Record? {
        pending.record(sequence) ?? flushing?.record(sequence)
    }

    func sequence(of id: ChangeID) -> Int? { pending.sequences[id] ?? flushing?.sequences[id] }

    func subject(_ name: String) -> SubjectState? { pending.subjects[name] ?? flushing?.subjects[name] }

    func mailbox(_ name: Mailbox) -> (key: Int, head: Int)? {
        pending.mailboxes[name] ?? flushing?.mailboxes[name]
    }

    /// The mailbox of a key, if it grew since the index was written. O(mailboxes that grew).
    func mailbox(key: Int) -> Mailbox? {
        (pending.mailboxes.first { $0.value.key == key } ?? flushing?.mailboxes.first { $0.value.key == key })?.key
    }

    func head(of mailbox: Mailbox) -> Head? {
        if let known = heads[mailbox] { return known }
        return self.mailbox(mailbox).map { Head(key: $0.key, position: $0.head, digest: nil) }
    }

    mutating func remember(_ head: Head, of mailbox: Mailbox) {
        if heads.count >= Self.maximumHeads { heads.removeAll(keepingCapacity: true) }
        heads[mailbox] = head
    }

    mutating func forgetHeads() { heads.removeAll(keepingCapacity: true) }

    /// The sequences that a mailbox got after a position, as far as the index doesn't have them, and the position of
    /// the first of these; `nil` where there are none.
    func deliveries(to key: Int, after position: Int, limit: Int) -> (first: Int, sequences: [Int])? {
        var found: (first: Int, sequences: [Int])?
        for case let tail? in [flushing?.deliveries[key], pending.deliveries[key]] {
            let skipped = max(position - tail.first + 1, 0)
            let room = limit - (found?.sequences.count ?? 0)
            guard skipped < tail.sequences.count, room > 0 else { continue }
            let taken = tail.sequences[skipped...].prefix(room)
            if found == nil { found = (tail.first + skipped, []) }
            found?.sequences += taken
        }
        return found
    }

    /// The sequence that a mailbox got at a position, if the index doesn't have it.
    func delivered(to key: Int, at position: Int) -> Int? {
        for case let tail? in [flushing?.deliveries[key], pending.deliveries[key]] {
            let index = position - tail.first
            if index >= 0, index < tail.sequences.count { return tail.sequences[index] }
        }
        return nil
    }
}
