import GRDB
import RegiopostJournal
import RegiopostModel

/// The mailboxes the writer met so far, with their keys and ends, so that a delivery need not look them up.
struct KnownMailboxes: Sendable {
    struct Mailbox: Sendable {
        let key: Int
        var head: Int
    }

    var byName: [RegiopostModel.Mailbox: Mailbox] = [:]
}

/// Takes proposals one by one inside a transaction.
struct AppendTransaction {
    private struct Subject {
        let name: String
        /// How many changes it has; 0 for a new one.
        let count: Int
    }

    /// How a mailbox stood to a subject before a change.
    private enum Standing {
        case inAudience
        case left(holding: Int)
    }

    /// What a change means for one mailbox of its audience.
    private struct Delivery {
        let mailbox: Mailbox
        let key: Int
        /// How many of the subject's changes it holds already.
        let held: Int
        let isEntering: Bool
    }

    private let statements: Statements
    /// Right only if the transaction commits; after one that does not, the store takes no more.
    private(set) var known: KnownMailboxes

    init(_ database: Database, known: KnownMailboxes) throws {
        statements = try Statements(database)
        self.known = known
    }

    /// Writes the proposal, or says why not.
    mutating func take(_ proposal: Proposal) throws -> AppendOutcome {
        if let first = try statements.receipt(of: proposal.id) {
            return first.receipt.digest == proposal.digest
                ? .already(first.receipt)
                : .idTaken(first.receipt, sameAuthor: first.author == proposal.author)
        }
        let name = proposal.subject.text
        let last = try statements.subjectHead.first(name) { (number: $0.integer(0), id: try $0.changeID(1)) }
        guard last?.id == proposal.expectedHead else { return .headMoved(current: last?.id) }
        for (other, expected) in proposal.otherHeads {
            let current = try statements.subjectHead.first(other.text) { try $0.changeID(1) }
            guard current == expected else { return .headMoved(current: current) }
        }
        let directory = try mailbox(.directory).head
        guard directory == proposal.expectedDirectoryHead else { return .directoryMoved(current: directory) }
        return .appended(try write(proposal, to: Subject(name: name, count: last?.number ?? 0)))
    }

    private mutating func write(_ proposal: Proposal, to subject: Subject) throws -> Receipt {
        let deliveries = try changeAudience(of: subject, to: proposal.mailboxes)
        let author = try mailbox(proposal.author)
        let own = deliveries.first { $0.key == author.key }
        let receipt = Receipt(
            id: proposal.id, digest: proposal.digest,
            position: own.map { author.head + subject.count - $0.held + 1 } ?? 0, receivedAt: proposal.receivedAt)
        let sequence = try statements.addChange.insert(
            proposal.id, proposal.digest, subject.name, subject.count + 1, author.key, receipt.position,
            proposal.receivedAt, proposal.line)
        for delivery in deliveries { try deliver(sequence, of: subject, by: delivery) }
        for fill in proposal.fills { try self.fill(fill.to, from: fill.from) }
        for file in proposal.cites { try statements.cite.run(file, subject.name) }
        return receipt
    }

    /// Writes down who enters and leaves, and answers what everybody in the audience holds so far.
    private mutating func changeAudience(of subject: Subject, to mailboxes: Set<Mailbox>) throws -> [Delivery] {
        var past = subject.count == 0 ? [:] : try standings(towards: subject)
        var deliveries: [Delivery] = []
        for name in mailboxes {
            let key = try mailbox(name).key
            switch past.removeValue(forKey: key) {
            case .inAudience:
                deliveries.append(Delivery(mailbox: name, key: key, held: subject.count, isEntering: false))
            case .left(let held):
                deliveries.append(Delivery(mailbox: name, key: key, held: held, isEntering: true))
            case nil: deliveries.append(Delivery(mailbox: name, key: key, held: 0, isEntering: true))
            }
        }
        // Who remains was not named again.
        for case (let key, .inAudience) in past {
            try statements.leaveAudience.run(subject.name, key, subject.count)
        }
        return deliveries
    }

    private func standings(towards subject: Subject) throws -> [Int: Standing] {
        let rows = try statements.audience.rows(subject.name) { row in
            (row.integer(0), row.isNull(1) ? Standing.inAudience : .left(holding: row.integer(1)))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private mutating func deliver(_ sequence: Int, of subject: Subject, by delivery: Delivery) throws {
        let head = try mailbox(delivery.mailbox).head
        let missed = subject.count - delivery.held
        if missed > 0 {
            try statements.deliverPast.run(
                delivery.key, head - delivery.held, subject.name, delivery.held, subject.count)
        }
        if delivery.isEntering { try statements.enterAudience.run(subject.name, delivery.key) }
        try statements.deliver.run(delivery.key, head + missed + 1, sequence)
        known.byName[delivery.mailbox]?.head = head + missed + 1
    }

    /// Gives a mailbox what another holds and it lacks. Costs by what the other holds.
    private mutating func fill(_ name: Mailbox, from other: Mailbox) throws {
        guard name != other else { return }
        guard let source = try statements.findMailbox.first(other.text, read: { $0.integer(0) }) else { return }
        let target = try mailbox(name)
        let lacking = try statements.lacking.rows(target.key, source) { $0.integer(0) }
        for (offset, sequence) in lacking.enumerated() {
            try statements.deliver.run(target.key, target.head + offset + 1, sequence)
        }
        try statements.fillAudience.run(target.key, source)
        known.byName[name]?.head = target.head + lacking.count
    }

    /// The mailbox's key and end; a new one is written down.
    private mutating func mailbox(_ name: Mailbox) throws -> KnownMailboxes.Mailbox {
        if let mailbox = known.byName[name] { return mailbox }
        let found = try statements.mailboxHead.first(name.text) {
            KnownMailboxes.Mailbox(key: $0.integer(0), head: $0.integer(1))
        }
        let mailbox = try found ?? KnownMailboxes.Mailbox(key: statements.addMailbox.insert(name.text), head: 0)
        known.byName[name] = mailbox
        return mailbox
    }
}

/// The statements that appending needs, looked up once a transaction.
private struct Statements {
    let receiptByID, subjectHead, mailboxHead, addMailbox, addChange: SQLStatement
    let audience, enterAudience, leaveAudience, deliver, deliverPast: SQLStatement
    let findMailbox, lacking, fillAudience, cite: SQLStatement

    init(_ database: Database) throws {
        receiptByID = try SQLStatement(.receiptByID, in: database)
        subjectHead = try SQLStatement(.subjectHead, in: database)
        mailboxHead = try SQLStatement(.mailboxHead, in: database)
        addMailbox = try SQLStatement(.addMailbox, in: database)
        addChange = try SQLStatement(.addChange, in: database)
        audience = try SQLStatement(.audience, in: database)
        enterAudience = try SQLStatement(.enterAudience, in: database)
        leaveAudience = try SQLStatement(.leaveAudience, in: database)
        deliver = try SQLStatement(.deliver, in: database)
        deliverPast = try SQLStatement(.deliverPast, in: database)
        findMailbox = try SQLStatement(.findMailbox, in: database)
        lacking = try SQLStatement(.lacking, in: database)
        fillAudience = try SQLStatement(.fillAudience, in: database)
        cite = try SQLStatement(.cite, in: database)
    }

    func receipt(of id: ChangeID) throws -> StoredReceipt? {
        try receiptByID.first(id) { try $0.storedReceipt(of: id) }
    }
}

extension SQLRow {
    /// Reads a row of `JournalSQL.receiptByID`.
    func storedReceipt(of id: ChangeID) throws -> StoredReceipt {
        StoredReceipt(
            receipt: Receipt(id: id, digest: try digest(0), position: integer(1), receivedAt: timestamp(2)),
            author: try mailbox(3), subject: try subject(4))
    }
}
