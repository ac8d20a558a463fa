import RegiopostJournal
import RegiopostModel
import Testing

extension JournalContract {
    static let appending = [
        JournalContract("an empty journal is empty") { journal in
            let maker = try ProposalMaker()
            #expect(try await journal.append([]) == [])
            #expect(try await journal.head(of: maker.griffie) == .empty)
            #expect(try await journal.digest(in: maker.griffie, at: 1) == nil)
            #expect(try await journal.digests(in: maker.griffie) == [])
        },
        JournalContract("a change is kept as it was given") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            // Any bytes: the journal does not know what a line is.
            let line = (0...255).map { UInt8($0) } + [0, 10, 13]
            let proposal = try maker.propose(subject, line: line)
            let receipt = Receipt(
                id: proposal.id, digest: proposal.digest, position: 1, receivedAt: proposal.receivedAt)
            #expect(try await journal.append([proposal]) == [.appended(receipt)])
            #expect(
                try await journal.receipt(of: proposal.id)
                    == StoredReceipt(receipt: receipt, author: maker.griffie, subject: subject))
            let change = StoredChange(
                id: proposal.id, line: line, digest: proposal.digest, author: maker.griffie,
                receivedAt: proposal.receivedAt)
            #expect(try await journal.changes(of: subject) == [change])
            let entry = MailboxEntry(
                position: 1, line: line, digest: proposal.digest, receivedAt: proposal.receivedAt, number: 1)
            let page = try await journal.page(of: maker.griffie, after: 0, limit: PageLimit(records: 9, bytes: 999))
            #expect(page == MailboxPage(entries: [entry], head: 1))
        },
        JournalContract("an empty line and one of a mebibyte are kept") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let empty = try maker.propose(subject, line: [])
            let long = try maker.propose(subject, after: empty.id, line: Array(repeating: 0xE9, count: 1 << 20))
            try await journal.appendAll([empty, long])
            #expect(try await journal.changes(of: subject).map(\.line) == [[], long.line])
        },
        JournalContract("the same id and bytes get the first receipt, wherever the heads are") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let receipt = try #require(try await journal.appendAll([first]).first)
            let second = try maker.propose(subject, after: first.id)
            let entry = try maker.propose(.region("haagse-regio"), to: [.directory])
            try await journal.appendAll([second, entry])
            #expect(try await journal.append([first, first]) == [.already(receipt), .already(receipt)])
            #expect(try await journal.digests(in: maker.griffie).count == 2)
        },
        JournalContract("the same id twice in one call is written once") { journal in
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            let outcomes = try await journal.append([proposal, proposal])
            let receipt = try #require(try await journal.receipt(of: proposal.id)?.receipt)
            #expect(outcomes == [.appended(receipt), .already(receipt)])
        },
        JournalContract("an id is taken by its first bytes") { journal in
            var maker = try ProposalMaker()
            let first = try maker.propose(maker.nextSubject())
            let receipt = try #require(try await journal.appendAll([first]).first)
            let own = try maker.propose(maker.nextSubject(), id: first.id, line: [1])
            let foreign = try maker.propose(maker.nextSubject(), by: maker.college, id: first.id, line: [2])
            #expect(
                try await journal.append([own, foreign])
                    == [.idTaken(receipt, sameAuthor: true), .idTaken(receipt, sameAuthor: false)])
            #expect(try await journal.changes(of: own.subject).isEmpty)
            #expect(try await journal.mailboxes(of: own.subject).isEmpty)
        },
        JournalContract("a moved head is answered with the one there is") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let missing = maker.nextID()
            let early = try maker.propose(subject, after: missing)
            #expect(try await journal.append([early]) == [.headMoved(current: nil)])
            let first = try maker.propose(subject)
            try await journal.appendAll([first])
            let again = try maker.propose(subject)
            let wrong = try maker.propose(subject, after: missing)
            #expect(
                try await journal.append([again, wrong])
                    == [.headMoved(current: first.id), .headMoved(current: first.id)])
            #expect(try await journal.digests(in: maker.griffie) == [first.digest])
        },
        JournalContract("a moved directory is answered with where it is") { journal in
            var maker = try ProposalMaker()
            let entry = try maker.propose(.region("haagse-regio"), to: [.directory])
            try await journal.appendAll([entry])
            let subject = maker.nextSubject()
            let old = try maker.propose(subject)
            let ahead = try maker.propose(subject, directory: 2)
            let right = try maker.propose(subject, directory: 1)
            let outcomes = try await journal.append([old, ahead, right])
            #expect(outcomes.prefix(2) == [.directoryMoved(current: 1), .directoryMoved(current: 1)])
            #expect(try await journal.digests(in: maker.griffie) == [right.digest])
            #expect(try await journal.digests(in: .directory) == [entry.digest])
        },
        JournalContract("the subject's head is compared before the directory's") { journal in
            var maker = try ProposalMaker()
            try await journal.appendAll([maker.propose(.region("haagse-regio"), to: [.directory])])
            let both = try maker.propose(maker.nextSubject(), after: maker.nextID())
            #expect(try await journal.append([both]) == [.headMoved(current: nil)])
        },
        JournalContract("later proposals of one call see the earlier ones, and a refused one stops no other") {
            journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let rival = try maker.propose(subject)
            let second = try maker.propose(subject, after: first.id)
            let region = try maker.propose(.region("haagse-regio"), to: [.directory])
            let late = try maker.propose(subject, after: second.id)
            let third = try maker.propose(subject, after: second.id, directory: 1)
            let outcomes = try await journal.append([first, rival, second, region, late, third])
            #expect(outcomes[1] == .headMoved(current: first.id))
            #expect(outcomes[4] == .directoryMoved(current: 1))
            #expect(
                try await journal.digests(in: maker.griffie) == [first.digest, second.digest, third.digest])
            #expect(try await journal.changes(of: subject).map(\.id) == [first.id, second.id, third.id])
        },
        JournalContract("a cancelled caller undoes nothing") { journal in
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await journal.append([proposal])
            }
            let outcomes = try await task.value
            let receipt = try #require(try await journal.receipt(of: proposal.id)?.receipt)
            #expect(outcomes == [.appended(receipt)])
        },
        JournalContract("calls side by side write each change once, in one order") { journal in
            var maker = try ProposalMaker()
            var proposals: [Proposal] = []
            for _ in 0..<64 { proposals.append(try maker.propose(maker.nextSubject())) }
            let receipts = try await withThrowingTaskGroup(of: [Receipt].self) { group in
                for proposal in proposals { group.addTask { try await journal.appendAll([proposal]) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(receipts.map(\.position)) == Set(1...64))
            let digests = try await journal.digests(in: maker.griffie)
            for receipt in receipts { #expect(digests[receipt.position - 1] == receipt.digest) }
        },
        JournalContract("after closing, everything is refused, and closing again is fine") { journal in
            var maker = try ProposalMaker()
            let proposal = try maker.propose(maker.nextSubject())
            try await journal.close()
            try await journal.close()
            let error = await #expect(throws: JournalError.self) { try await journal.append([proposal]) }
            #expect(error?.code == .closed)
            let reading = await #expect(throws: JournalError.self) { try await journal.receipt(of: proposal.id) }
            #expect(reading?.code == .closed)
        },
    ]
}
