import RegiopostClient
import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// Sees what becomes durable on either side and what is said about it, and says when a promise was broken. It keeps its own
/// record of who should have what, and asks the server's code nothing.
final class Witness: @unchecked Sendable {
    /// A record that is on the server's disk.
    struct Committed {
        let record: Proposal
        let change: Change?
    }

    private(set) var violation: Violation?
    /// Everything on the server's disk, in order.
    private(set) var committed: [Committed] = []
    private(set) var places: [ChangeID: Int] = [:]
    /// What each mailbox should hold, as places in `committed`.
    private(set) var mailboxes: [Mailbox: [Int]] = [:]
    /// Each subject's changes, as places in `committed`.
    private(set) var subjects: [SubjectID: [Int]] = [:]
    private var held: [Mailbox: Set<Int>] = [:]
    /// Every receipt that was ever due for a change: more than one only where a restore lost the first.
    private var receipts: [ChangeID: [(position: Int, receivedAt: Timestamp)]] = [:]
    /// Every line that a client's user wrote. Two machines of one address give the same id where they use the same key.
    private(set) var written: [ChangeID: [(profile: String, line: [UInt8])]] = [:]
    /// What its user gave up, or replaced by something else.
    private(set) var abandoned: Set<ChangeID> = []
    /// What its user took out of the outbox before it could have left the machine.
    private var unsent: Set<ChangeID> = []
    /// How often a history was lost: what a client got of an earlier one says nothing about this one.
    private(set) var history = 0
    /// What a restore from backup took back.
    var lost: Set<ChangeID> = []
    /// The same in its order, and what came back of it.
    var loss: Loss?
    private(set) var acknowledged: Set<ChangeID> = []
    /// Lines that the simulation itself put into the journal or had the server write.
    private var ordained: Set<ChangeID> = []
    var epoch: UInt64 = 0
    /// The address of each profile.
    var addresses: [String: Address] = [:]
    let server: Address

    init(server: Address) { self.server = server }

    /// Notes the first broken promise.
    func broken(_ invariant: Invariant, _ text: @autoclosure () -> String) {
        if violation == nil { violation = Violation(invariant: invariant, text: text()) }
    }

    // MARK: The server's disk

    func ordain(_ id: ChangeID) { ordained.insert(id) }

    func commit(_ record: Proposal) {
        let change = try? Change(line: record.line)
        if let place = places[record.id] {
            broken(.onceById, "\(record.id) is in the journal twice, at \(place + 1) and \(committed.count + 1)")
        }
        tookIn(record)
        if let change { judge(record, change) }
        let place = committed.count
        committed.append(Committed(record: record, change: change))
        places[record.id] = place
        deliver(place, record)
    }

    private func judge(_ record: Proposal, _ change: Change) {
        let id = record.id
        if let known = written[id] {
            let same = known.first { $0.line == record.line }
            if same == nil { broken(.exactBytes, "\(id) has other bytes than its author wrote") }
            if let same, addresses[same.profile] != change.author {
                broken(.author, "\(id) of \(same.profile) stands as \(change.author)'s")
            }
        } else if !ordained.contains(id), change.type != .receiptDelivered || change.author != server {
            broken(.author, "\(id), \(change.typeName), was written by nobody")
        }
        if unsent.contains(id), written[id]?.count == 1 {
            broken(.outbox, "\(id) was given up unsent, and arrived")
        }
        let before = (subjects[change.subject] ?? []).compactMap { committed[$0].change }
        let exact = before.last { $0.type?.isCommuting != true }?.id
        if change.type?.isCommuting == false, change.after != exact {
            broken(
                .order,
                "\(id) follows \(change.after?.text ?? "nothing"), and the last was \(exact?.text ?? "none")")
        }
        if change.type?.isCommuting == false, before.contains(where: { $0.type == nil }) {
            broken(.order, "\(id) was written on top of something unknown")
        }
        for need in change.needs where places[need] == nil {
            broken(.order, "\(id) needs \(need), which isn't there")
        }
        for mailbox in record.mailboxes {
            guard case .address(let address) = mailbox else {
                if !change.subject.isInDirectory { broken(.audience, "\(change.typeName) went to the directory") }
                continue
            }
            if !Onlookers.may(address, see: change, first: before.first ?? change, in: self) {
                broken(
                    .audience, "\(change.typeName) of \(change.author) on \(change.subject.text) went to \(address)"
                )
            }
        }
    }

    /// Who newly comes in gets what went before, and a fill all that the other has; each change once.
    private func deliver(_ place: Int, _ record: Proposal) {
        subjects[record.subject, default: []].append(place)
        for mailbox in record.mailboxes {
            for earlier in subjects[record.subject] ?? [] { put(earlier, in: mailbox) }
        }
        let isThere = record.mailboxes.contains(record.author)
        let position = isThere ? mailboxes[record.author]?.count ?? 0 : 0
        receipts[record.id, default: []].append((position, record.receivedAt))
        for fill in record.fills where fill.from != fill.to {
            for earlier in mailboxes[fill.from] ?? [] { put(earlier, in: fill.to) }
        }
    }

    private func put(_ place: Int, in mailbox: Mailbox) {
        guard held[mailbox, default: []].insert(place).inserted else { return }
        mailboxes[mailbox, default: []].append(place)
    }

    /// The disk is as it was when it had so many records.
    func restored(to records: [Proposal], epoch: UInt64, isRecovering: Bool) {
        self.epoch = epoch
        history += 1
        let loss = Loss(of: committed, after: records.count, isRecovering: isRecovering)
        self.loss = nil
        for item in committed.dropFirst(records.count) { lost.insert(item.record.id) }
        (committed, places, mailboxes, subjects, held) = ([], [:], [:], [:], [:])
        let (before, kept) = (violation, receipts)
        for record in records { commit(record) }
        (violation, receipts) = (before, kept)
        self.loss = loss
    }

    /// Whose mandates have ended, and when the server had said so: from then on nothing of theirs is read.
    private var ended: [Address: ChangeID] = [:]

    func mandateEnded(_ address: Address, by id: ChangeID) { ended[address] = id }

    func hasEnded(_ address: Address) -> Bool { ended[address].map { places[$0] != nil } ?? false }

    // MARK: The clients' disks

    func gaveUp(_ items: [OutboxItem]) {
        for item in items {
            abandoned.insert(item.change.id)
            if item.state == .queued, !item.isTried { unsent.insert(item.change.id) }
        }
    }

    func outboxChanged(_ profile: String, from before: [OutboxItem], to disk: ClientDisk) {
        let old = Dictionary(before.map { ($0.change.id, $0) }, uniquingKeysWith: { $1 })
        for item in disk.outbox {
            let id = item.change.id
            if old[id] == nil { note(profile, item) }
            guard old[id]?.state != item.state else { continue }
            switch item.state {
            case .accepted(let position, let receivedAt): receiptCame(id, position, receivedAt)
            case .refused(let refusal): refused(item, refusal, disk)
            case .queued: break
            }
        }
        let left = Set(disk.outbox.map(\.change.id))
        for item in before where !left.contains(item.change.id) {
            let id = item.change.id
            if !abandoned.contains(id), !disk.hasInReplica(id), places[id] == nil, !lost.contains(id) {
                broken(.outbox, "\(id) left the outbox of \(profile), and is nowhere")
            }
        }
    }

    private func note(_ profile: String, _ item: OutboxItem) {
        let known = written[item.change.id] ?? []
        if !known.contains(where: { $0 == (profile, item.line) }) {
            written[item.change.id] = known + [(profile, item.line)]
        }
    }

    /// A receipt came to a client, the first time or again.
    func receiptCame(_ id: ChangeID, _ position: Int, _ receivedAt: Timestamp) {
        acknowledged.insert(id)
        guard places[id] != nil || lost.contains(id) else {
            return broken(.acknowledged, "\(id) was acknowledged and isn't on the disk")
        }
        if receipts[id]?.contains(where: { $0 == (position, receivedAt) }) != true {
            broken(
                .receipt, "the receipt of \(id) says \(position), \(receivedAt.text); due is \(receipts[id] ?? [])")
        }
    }

    /// A forged line was refused: whoever isn't the author of what has its id learns nothing about that.
    func refusedForged(_ refusal: Refusal, _ line: [UInt8], _ address: Address) {
        guard refusal.code == .idTaken, let change = try? Change(line: line), let place = places[change.id] else {
            return
        }
        if committed[place].change?.author != address, !refusal.details.isEmpty {
            broken(.audience, "\(address) was told about \(change.id), which isn't its own")
        }
    }

    private func refused(_ item: OutboxItem, _ refusal: Refusal, _ disk: ClientDisk) {
        if refusal.code.retry == .later {
            broken(.outbox, "\(item.change.id) is given up for \(refusal.code.rawValue)")
        }
        if Self.never.contains(refusal.code) {
            broken(.author, "\(item.change.id) of an honest client was refused: \(refusal.code.rawValue)")
        }
        for other in disk.outbox where item.buildsOn.contains(other.change.id) {
            guard case .refused = other.state else { continue }
            broken(.outbox, "\(item.change.id) was sent, and builds on \(other.change.id), which was refused")
        }
        guard let place = places[item.change.id], committed[place].record.line == item.line else { return }
        broken(.receipt, "\(item.change.id) was refused (\(refusal.code.rawValue)) and is on the disk")
    }

    /// What no server may say to a client that checks what it writes.
    private static let never: Set<RefusalCode> = [.authorMismatch, .badJSON, .badField, .lineTooLong, .badRequest]

    func stored(_ page: ReplicaPage, _ mailbox: ReplicaMailbox, _ profile: String, _ disk: ClientDisk) {
        guard let address = addresses[profile], let token = CursorToken(page.cursor),
            let cursor = Cursor(token, epoch: epoch)
        else { return broken(.cursor, "\(profile) stored a cursor that can't be read") }
        // Bytes of a history that a restore has ended may still have been under way.
        guard cursor.epoch == epoch else { return }
        let name = mailbox == .own ? Mailbox.address(address) : .directory
        let places = mailboxes[name] ?? []
        for entry in page.entries where !isThere(entry, in: places) {
            broken(.mailbox, "\(profile) got something at \(entry.position) of its mailbox that isn't there")
        }
        let digest =
            cursor.position == 0
            ? nil
            : cursor.position <= places.count
                ? committed[places[cursor.position - 1]].record.digest : Optional.none
        if cursor.position > places.count || digest != cursor.digest {
            broken(.cursor, "\(profile) has a cursor at \(cursor.position) of \(places.count) that isn't true")
        }
        let replica = disk.current(mailbox)
        for (offset, entry) in replica.enumerated() where entry.position != offset + 1 {
            broken(.mailbox, "\(profile) has \(entry.position) at place \(offset + 1)")
        }
        if replica.count < cursor.position { broken(.cursor, "\(profile)'s cursor is ahead of its replica") }
        guard page.isLast else { return }
        for entry in replica.prefix(cursor.position) where !isThere(entry, in: places) {
            broken(.mailbox, "\(profile) has something else at \(entry.position) than its mailbox")
        }
    }

    private func isThere(_ entry: ReplicaEntry, in places: [Int]) -> Bool {
        guard entry.position >= 1, entry.position <= places.count else { return false }
        let record = committed[places[entry.position - 1]].record
        return record.line == entry.line && record.receivedAt == entry.receivedAt
    }
}

/// What is promised.
public enum Invariant: String, Sendable {
    case acknowledged = "acknowledged is never lost"
    case onceById = "once by id"
    case exactBytes = "the author's exact bytes"
    case author = "everything has its true author"
    case order = "each change follows what its author saw"
    case audience = "nothing goes outside the audience"
    case mailbox = "mailboxes are without gap and in order"
    case cursor = "a cursor covers what is committed"
    case receipt = "one receipt for ever"
    case recovery = "what is given back is taken in"
    case outbox = "nothing leaves the outbox unseen"
    case convergence = "replicas converge"
    case folds = "folds are equal everywhere"
    case delivered = "delivered is written once"
    case watch = "who watches has it soon"
    case revoked = "a revoked or expired certificate gets nothing"
    case bounded = "output is bounded"
    case progress = "everything comes to an end"
}

/// A promise that was broken.
public struct Violation: Sendable, CustomStringConvertible {
    /// The promise.
    public let invariant: Invariant
    /// How.
    public let text: String

    /// Both in a line.
    public var description: String { "\(invariant.rawValue): \(text)" }
}

extension Witness {
    /// SHA-256 as the model's digest.
    @Sendable static func digest(_ bytes: [UInt8]) -> Digest {
        guard let digest = Digest(bytes: SHA256.hash(bytes)) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }
}
