import RegiopostJournal
import RegiopostModel

/// What the one who writes knows: how every subject and mailbox stands after the last record, written or about to be.
///
/// Looked up here first, then in the overlay, then in the index. One thread uses it. What a record does to mailboxes
/// is decided here, when it is written for the first time and when the log is read again, so both come to the same.
final class Ledger {
    /// A mailbox. One object a mailbox, so that all who hold it see its end.
    final class Member {
        let key: Int
        let mailbox: Mailbox
        let name: [UInt8]
        var head: Int
        /// Whether it is among those that the next group changes.
        var isTouched = false

        init(_ key: Int, _ mailbox: Mailbox, head: Int) {
            self.key = key
            self.mailbox = mailbox
            self.head = head
            name = Array(mailbox.text.utf8)
        }
    }

    /// What became of the mailboxes since the last group was published.
    struct Staged {
        var records: [Generation.Record] = []
        var sequences: [ChangeID: Int] = [:]
        var subjects: [(name: String, state: SubjectState)] = []
        var citations: [(file: Digest, subject: String)] = []
        var deliveries: [(mailbox: Int, position: Int, sequence: Int)] = []
        var touched: [Member] = []
    }

    /// No more subjects, and no more mailboxes, are remembered.
    private static let maximum = 4_000

    private let overlay: SharedOverlay
    private let index: IndexConnection
    private var snapshot: Int?
    private var subjects: [String: SubjectState] = [:]
    private var members: [Mailbox: Member] = [:]
    private var membersByKey: [Int: Member] = [:]
    private var lastKey: Int
    private(set) var staged = Staged()
    /// The sequence of the first record that is staged, or will be.
    private var firstStaged: Int

    init(_ overlay: SharedOverlay, _ index: IndexConnection) throws(JournalError) {
        self.overlay = overlay
        self.index = index
        firstStaged = overlay.withLock { $0.pending.end.sequence + 1 }
        lastKey = try index.lastMailboxKey()
    }

    // MARK: Looking up

    /// The sequence of a change that is there or about to be.
    func sequence(of id: ChangeID) throws(JournalError) -> Int? {
        if let known = staged.sequences[id] { return known }
        let (known, flushed) = overlay.withLock { ($0.sequence(of: id), $0.flushed) }
        if let known { return known }
        try look(flushed)
        return try index.sequence(of: id)
    }

    /// How a subject stands, `nil` where it doesn't exist.
    func subject(_ name: String) throws(JournalError) -> SubjectState? {
        if let known = subjects[name] { return known }
        let (known, flushed) = overlay.withLock { ($0.subject(name), $0.flushed) }
        var found = known
        if found == nil {
            try look(flushed)
            found = try index.subject(name)
        }
        if let found { subjects[name] = found }
        return found
    }

    /// The last position of a mailbox.
    func head(of mailbox: Mailbox) throws(JournalError) -> Int { try find(mailbox)?.head ?? 0 }

    /// Where a record lies, published or not.
    func place(of sequence: Int) throws(JournalError) -> StoredPlace {
        let offset = sequence - firstStaged
        if offset >= 0, offset < staged.records.count { return staged.records[offset].stored }
        let (known, flushed) = overlay.withLock { ($0.record(sequence)?.stored, $0.flushed) }
        if let known { return known }
        try look(flushed)
        return try index.place(of: sequence)
    }

    /// Has the index be read as it is after so many generations, or later. One reading serves a whole group.
    private func look(_ flushed: Int) throws(JournalError) {
        guard snapshot != flushed else { return }
        try release()
        try index.run(.begin)
        snapshot = flushed
    }

    /// Ends the reading of the index, so that SQLite may tidy up.
    func release() throws(JournalError) {
        guard snapshot != nil else { return }
        snapshot = nil
        try index.run(.commit)
    }

    /// Gives the index back.
    func close() { index.close() }

    private func find(_ mailbox: Mailbox) throws(JournalError) -> Member? {
        if let known = members[mailbox] { return known }
        let (known, flushed) = overlay.withLock { ($0.mailbox(mailbox), $0.flushed) }
        if let known { return remember(Member(known.key, mailbox, head: known.head)) }
        try look(flushed)
        guard let found = try index.mailbox(mailbox) else { return nil }
        return remember(Member(found.key, mailbox, head: found.head))
    }

    private func remember(_ member: Member) -> Member {
        members[member.mailbox] = member
        membersByKey[member.key] = member
        return member
    }

    private func member(_ mailbox: Mailbox) throws(JournalError) -> Member {
        if let known = try find(mailbox) { return known }
        lastKey += 1
        return remember(Member(lastKey, mailbox, head: 0))
    }

    private func member(key: Int) throws(JournalError) -> Member {
        if let known = membersByKey[key] { return known }
        let (name, flushed) = overlay.withLock { ($0.mailbox(key: key), $0.flushed) }
        if let name, let member = try find(name) { return member }
        try look(flushed)
        let found = try index.mailbox(key: key)
        return remember(Member(key, found.mailbox, head: found.head))
    }

    // MARK: Deciding

    /// Who gets the next change of a subject, in the order of their keys. New mailboxes get their keys here, so the
    /// change has to be written then.
    func audience(_ mailboxes: some Collection<Mailbox>) throws(JournalError) -> [Member] {
        var members: [Member] = []
        members.reserveCapacity(mailboxes.count)
        for mailbox in mailboxes { members.append(try member(mailbox)) }
        members.sort { $0.key < $1.key }
        return members
    }

    /// Those who got the last one.
    func audience(of state: SubjectState) throws(JournalError) -> [Member] {
        var members: [Member] = []
        for standing in state.standings where standing.isInAudience {
            members.append(try member(key: standing.mailbox))
        }
        return members
    }

    /// Whether that is the audience that the subject has.
    static func isSame(_ members: [Member], as state: SubjectState?) -> Bool {
        guard let state else { return false }
        var index = 0
        for standing in state.standings where standing.isInAudience {
            guard index < members.count, members[index].key == standing.mailbox else { return false }
            index += 1
        }
        return index == members.count
    }

    /// The position that the next change of the subject will have in a mailbox of its audience.
    static func position(in member: Member, of state: SubjectState?) -> Int {
        guard let state else { return member.head + 1 }
        return member.head + state.count - state.held(by: member.key) + 1
    }

    /// Takes a record in: delivers it, and what of its subject is missing, to everybody in its audience.
    func add(
        _ sequence: Int, id: ChangeID, subject name: String, _ before: SubjectState?, _ members: [Member],
        at place: LogPlace, headBytes: Int, textBytes: Int, cites: some Collection<Digest>, in group: GrowingBytes?,
        offset: Int
    ) throws(JournalError) {
        let stored = StoredPlace(
            place: place, headBytes: headBytes, textBytes: textBytes, subject: before?.first ?? sequence,
            number: (before?.count ?? 0) + 1, previous: before?.last ?? 0)
        var after =
            before ?? SubjectState(first: sequence, last: sequence, count: 0, head: id, standings: [])
        let isSame = Self.isSame(members, as: before)
        for member in members {
            let missed = after.count - (isSame ? after.count : after.held(by: member.key))
            if missed > 0 {
                for past in try past(of: after, last: missed) { deliver(past, to: member) }
            }
            deliver(sequence, to: member)
        }
        if !isSame { Self.change(&after.standings, to: members, leavingAt: after.count) }
        after.count += 1
        after.last = sequence
        after.head = id
        subjects[name] = after
        staged.sequences[id] = sequence
        staged.subjects.append((name, after))
        for file in cites { staged.citations.append((file, name)) }
        staged.records.append(Generation.Record(id: id, stored: stored, group: group, offset: offset))
    }

    private func deliver(_ sequence: Int, to member: Member) {
        member.head += 1
        staged.deliveries.append((member.key, member.head, sequence))
        if !member.isTouched {
            member.isTouched = true
            staged.touched.append(member)
        }
    }

    /// The last so many changes of a subject, in order.
    private func past(of state: SubjectState, last count: Int) throws(JournalError) -> [Int] {
        var sequences: [Int] = []
        var sequence = state.last
        while sequences.count < count, sequence > 0 {
            sequences.append(sequence)
            sequence = try place(of: sequence).previous
        }
        return sequences.reversed()
    }

    /// Both are in the order of the keys.
    private static func change(
        _ standings: inout [SubjectState.Standing], to members: [Member], leavingAt count: Int
    ) {
        var merged: [SubjectState.Standing] = []
        merged.reserveCapacity(standings.count + members.count)
        var index = 0
        for member in members {
            while index < standings.count, standings[index].mailbox < member.key {
                merged.append(left(standings[index], count))
                index += 1
            }
            if index < standings.count, standings[index].mailbox == member.key { index += 1 }
            merged.append(SubjectState.Standing(mailbox: member.key, held: SubjectState.Standing.all))
        }
        for standing in standings[index...] { merged.append(left(standing, count)) }
        standings = merged
    }

    private static func left(_ standing: SubjectState.Standing, _ count: Int) -> SubjectState.Standing {
        standing.isInAudience ? SubjectState.Standing(mailbox: standing.mailbox, held: count) : standing
    }

    // MARK: Going on

    /// What is to be published; the next group begins with nothing.
    func takeStaged(next sequence: Int) -> Staged {
        let taken = staged
        staged = Staged()
        firstStaged = sequence
        for member in taken.touched { member.isTouched = false }
        return taken
    }

    /// Forgets what is too much to remember. Everything staged has to be published.
    func tidy() {
        if subjects.count > Self.maximum { subjects.removeAll(keepingCapacity: true) }
        if members.count > Self.maximum {
            members.removeAll(keepingCapacity: true)
            membersByKey.removeAll(keepingCapacity: true)
        }
    }

    /// Forgets everything, because the index alone knows how things stand. Everything has to be in the index.
    func forgetAll() throws(JournalError) {
        subjects.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
        membersByKey.removeAll(keepingCapacity: true)
        try release()
        lastKey = try index.lastMailboxKey()
    }
}
