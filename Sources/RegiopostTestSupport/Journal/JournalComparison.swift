import RegiopostJournal
import RegiopostModel
import Testing

/// Drives two journals by the same seeded calls, and checks that they answer and end alike.
///
/// The calls are mostly right and often wrong: stale heads, moved directories, ids used again, audiences that come
/// and go.
public struct JournalComparison {
    private let left: any Journal
    private let right: any Journal
    private var random: SeededGenerator
    private var maker: ProposalMaker
    private let mailboxes: [Mailbox]
    private var subjects: [SubjectID]
    private let files: [Digest]
    private var sent: [Proposal] = []
    private var heads: [SubjectID: ChangeID] = [:]
    private var directoryHead = 0

    /// Compares two empty journals.
    public init(_ left: any Journal, _ right: any Journal, seed: UInt64) throws {
        self.left = left
        self.right = right
        random = SeededGenerator(seed: seed)
        maker = try ProposalMaker()
        mailboxes = [maker.griffie, maker.college, maker.accounthouder, .directory]
        files = try (0..<4).map { try ProposalMaker.digest(of: [UInt8($0)]) }
        subjects = []
        for _ in 0..<6 { subjects.append(maker.nextSubject()) }
    }

    /// Makes so many calls, then compares everything there is to read.
    public mutating func run(calls: Int) async throws {
        for _ in 0..<calls {
            var proposals: [Proposal] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) { proposals.append(try nextProposal()) }
            let outcomes = try await left.append(proposals)
            #expect(try await right.append(proposals) == outcomes)
            try await learn(from: outcomes, of: proposals)
        }
        try #require(sent.count > calls / 2, "too little was written to compare anything")
        try await compare()
    }

    private mutating func nextProposal() throws -> Proposal {
        let dice = Int.random(in: 0..<100, using: &random)
        if dice < 10, let old = sent.randomElement(using: &random) {
            // The same again, or the same id with other bytes, perhaps by somebody else.
            guard dice < 5 else { return old }
            let author = dice < 8 ? old.author : maker.accounthouder
            return try maker.propose(old.subject, by: author, id: old.id, line: old.line + [1])
        }
        let subject = subjects.randomElement(using: &random) ?? subjects[0]
        let head = dice < 20 ? sent.randomElement(using: &random)?.id : heads[subject]
        let audience = mailboxes.filter { name in
            Int.random(in: 0..<100, using: &random) < (name == .directory ? 3 : 60)
        }
        let id = maker.nextID()
        let tail = (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
        }
        let people = mailboxes.filter { $0 != .directory }
        let fills = (0..<(dice % 10 == 0 ? 2 : 0)).compactMap { _ in
            people.randomElement(using: &random).flatMap { from in
                people.randomElement(using: &random).map { Fill(from: from, to: $0) }
            }
        }
        let proposal = try maker.propose(
            subject, after: head, to: Set(audience), by: mailboxes.randomElement(using: &random), id: id,
            line: id.bytes + tail, directory: directoryHead + (dice > 95 ? 1 : 0), fills: fills,
            cites: Set(files.filter { _ in Int.random(in: 0..<100, using: &random) < 10 }))
        // Believed until the answer comes, so that one call holds changes that build on each other.
        if dice >= 20, dice <= 95 { heads[subject] = proposal.id }
        return proposal
    }

    /// Takes in what was written; what was only believed is forgotten.
    private mutating func learn(from outcomes: [AppendOutcome], of proposals: [Proposal]) async throws {
        for case (.appended, let proposal) in zip(outcomes, proposals) { sent.append(proposal) }
        heads = [:]
        for proposal in sent { heads[proposal.subject] = proposal.id }
        directoryHead = try await left.head(of: .directory).position
    }

    private func compare() async throws {
        let limit = PageLimit(records: 100_000, bytes: .max)
        for mailbox in mailboxes {
            let page = try await left.page(of: mailbox, after: 0, limit: limit)
            #expect(try await right.page(of: mailbox, after: 0, limit: limit) == page)
            #expect(page.entries.map(\.position) == Array(1..<(page.entries.count + 1)))
            #expect(try await left.head(of: mailbox) == right.head(of: mailbox))
        }
        for subject in subjects {
            let changes = try await left.changes(of: subject)
            #expect(try await right.changes(of: subject) == changes)
            #expect(try await right.mailboxes(of: subject) == left.mailboxes(of: subject))
            for mailbox in mailboxes { try await checkPrefix(of: changes, in: mailbox) }
        }
        for file in files {
            let citing = try await left.subjects(citing: file)
            #expect(try await right.subjects(citing: file) == citing)
            let expected = Set(sent.filter { $0.cites.contains(file) }.map(\.subject))
            #expect(Set(citing) == expected && citing.count == expected.count)
        }
        for proposal in sent {
            let receipt = try #require(try await left.receipt(of: proposal.id))
            #expect(try await right.receipt(of: proposal.id) == receipt)
        }
    }

    /// A mailbox holds a prefix of every subject, in order, each change once.
    private func checkPrefix(of changes: [StoredChange], in mailbox: Mailbox) async throws {
        let own = Dictionary(uniqueKeysWithValues: changes.enumerated().map { ($1.line, $0) })
        let page = try await right.page(of: mailbox, after: 0, limit: PageLimit(records: 100_000, bytes: .max))
        let numbers = page.entries.compactMap { own[$0.line] }
        #expect(numbers == Array(0..<numbers.count))
    }
}
