import RegiopostJournal
import RegiopostModel
import Testing

extension JournalContract {
    static let reading = [
        JournalContract("a page is bounded by records, and the next one goes on") { journal in
            let maker = try await fill(journal, lines: Array(repeating: 10, count: 7))
            var positions: [[Int]] = []
            var after = 0
            while after < 7 {
                let page = try await journal.page(
                    of: maker.griffie, after: after, limit: PageLimit(records: 3, bytes: .max))
                #expect(page.head == 7)
                positions.append(page.entries.map(\.position))
                after = try #require(page.entries.last).position
            }
            #expect(positions == [[1, 2, 3], [4, 5, 6], [7]])
        },
        JournalContract("a page is bounded by bytes, and holds one entry at least") { journal in
            let maker = try await fill(journal, lines: [10, 20, 30, 200, 10])
            func positions(after: Int, bytes: Int) async throws -> [Int] {
                let limit = PageLimit(records: 100, bytes: bytes)
                return try await journal.page(of: maker.griffie, after: after, limit: limit).entries.map(\.position)
            }
            #expect(try await positions(after: 0, bytes: 60) == [1, 2, 3])
            #expect(try await positions(after: 0, bytes: 59) == [1, 2])
            #expect(try await positions(after: 2, bytes: 60) == [3])
            #expect(try await positions(after: 3, bytes: 60) == [4])
            #expect(try await positions(after: 0, bytes: 0) == [1])
            #expect(try await positions(after: 0, bytes: -1) == [1])
            #expect(try await positions(after: 0, bytes: .max) == [1, 2, 3, 4, 5])
        },
        JournalContract("pages before the beginning and after the end") { journal in
            let maker = try await fill(journal, lines: [10, 10])
            let limit = PageLimit(records: 0, bytes: 100)
            #expect(try await journal.page(of: maker.griffie, after: .min, limit: limit).entries.count == 1)
            for after in [2, 3, Int.max] {
                let page = try await journal.page(of: maker.griffie, after: after, limit: limit)
                #expect(page == MailboxPage(entries: [], head: 2))
            }
            let other = try await journal.page(of: maker.college, after: 0, limit: limit)
            #expect(other == MailboxPage(entries: [], head: 0))
        },
        JournalContract("a cursor is checked by the digest at its position") { journal in
            let maker = try await fill(journal, lines: [10, 11, 12])
            let digests = try await journal.digests(in: maker.griffie)
            for (offset, digest) in digests.enumerated() {
                #expect(try await journal.digest(in: maker.griffie, at: offset + 1) == digest)
            }
            for position in [Int.min, -1, 0, 4, Int.max] {
                #expect(try await journal.digest(in: maker.griffie, at: position) == nil)
            }
            #expect(try await journal.digest(in: maker.college, at: 1) == nil)
            #expect(
                try await journal.head(of: maker.griffie) == MailboxHead(position: 3, digest: digests.last))
        },
        JournalContract("what is at hand is what would be read") { journal in
            let maker = try await fill(journal, lines: [10, 20, 30, 40])
            for limit in [PageLimit(records: 100, bytes: .max), PageLimit(records: 2, bytes: 30)] {
                for after in [Int.min, 0, 1, 3, 4, 5] {
                    guard let page = journal.pageAtHand(of: maker.griffie, after: after, limit: limit) else {
                        continue
                    }
                    #expect(try await journal.page(of: maker.griffie, after: after, limit: limit) == page)
                }
            }
            let head = try await journal.head(of: maker.griffie)
            #expect(journal.headAtHand(of: maker.griffie) ?? head == head)
        },
        JournalContract("what was never written is nowhere") { journal in
            var maker = try await fill(journal, lines: [10])
            #expect(try await journal.receipt(of: maker.nextID()) == nil)
            #expect(try await journal.changes(of: maker.nextSubject()) == [])
            #expect(try await journal.mailboxes(of: maker.nextSubject()) == [])
        },
        JournalContract(
            "the subjects that cite a file are found by its digest, each once, whatever their audience is"
        ) {
            journal in
            var maker = try ProposalMaker()
            let (map, plan) = (try ProposalMaker.digest(of: [1]), try ProposalMaker.digest(of: [2]))
            let (first, second) = (maker.nextSubject(), maker.nextSubject())
            let one = try maker.propose(first, cites: [map])
            let two = try maker.propose(first, after: one.id, to: [maker.college], cites: [map, plan])
            let three = try maker.propose(second, cites: [map])
            #expect(try await journal.subjects(citing: map) == [])
            try await journal.appendAll([one, two, three])
            #expect(Set(try await journal.subjects(citing: map)) == [first, second])
            #expect(try await journal.subjects(citing: map).count == 2)
            #expect(try await journal.subjects(citing: plan) == [first])
            let late = try maker.propose(second, after: one.id, cites: [plan])
            #expect(try await journal.append([late]) == [.headMoved(current: three.id)])
            #expect(try await journal.subjects(citing: plan) == [first])
        },
    ]

    /// Fills the registry's mailbox with lines of those lengths.
    private static func fill(_ journal: any Journal, lines: [Int]) async throws -> ProposalMaker {
        var maker = try ProposalMaker()
        for (index, count) in lines.enumerated() {
            let line = Array(repeating: UInt8(index + 1), count: count)
            try await journal.appendAll([maker.propose(maker.nextSubject(), line: line)])
        }
        return maker
    }
}
