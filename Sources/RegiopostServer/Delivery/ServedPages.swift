import RegiopostJournal
import RegiopostModel
import Synchronization

/// Which changes that were served may publish a letter. When a client shows that it holds them, only these have to be read
/// again, for their receipts of delivery.
final class ServedPages: Sendable {
    /// An address's mailbox between two positions: those after `start` up to `end` were served.
    private struct Served {
        var start: Int
        var end: Int
        var candidates: [Int] = []
    }

    /// No more addresses are remembered, and no more candidates of one: what is forgotten is read again.
    private static let maximum = 20_000
    private static let most = 1_000

    private let state = Mutex<[Address: Served]>([:])

    /// Notes that a page is served, which begins after a position. Costs by the bytes that are new.
    func add(_ entries: [MailboxEntry], after position: Int, to address: Address) {
        guard let last = entries.last?.position else { return }
        let known =
            state.withLock { $0[address].flatMap { ($0.start...$0.end).contains(position) ? $0.end : nil } }
            ?? position
        guard last > known else { return }
        // Looked through without the lock: others' pages don't wait.
        let candidates = entries.filter { $0.position > known && Self.mayPublish($0.line) }.map(\.position)
        state.withLock { served in
            if served.count >= Self.maximum { served.removeAll(keepingCapacity: true) }
            var now = served[address] ?? Served(start: position, end: position)
            // Somebody may have served on meanwhile, and what doesn't follow begins anew.
            if now.start > position || now.end < known { now = Served(start: known, end: known) }
            now.candidates += candidates.drop { $0 <= now.end }
            now.end = max(now.end, last)
            served[address] = now.candidates.count > Self.most ? nil : now
        }
    }

    /// The positions after one and up to another whose changes may publish letters; `nil` where not all of them were served.
    /// What comes before is forgotten.
    func candidates(of address: Address, after start: Int, upTo end: Int) -> [Int]? {
        state.withLock { served in
            guard var known = served[address], known.start <= start, known.end >= end else { return nil }
            known.candidates.removeAll { $0 <= start }
            known.start = start
            served[address] = known
            return known.candidates.filter { $0 <= end }
        }
    }

    /// Whether the line may publish a letter: most don't, and show it without being read. A name may be written with escapes.
    static func mayPublish(_ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { $0.holds(name, rarest: 6) || $0.holdsEscape }
    }

    private static let name = Array(ChangeType.letterPublish.rawValue.utf8)
}
