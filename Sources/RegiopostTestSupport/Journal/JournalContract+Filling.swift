import RegiopostJournal
import RegiopostModel
import Testing

extension JournalContract {
    static let filling = [
        JournalContract("a filled mailbox gets all that the other holds and it lacks, in the other's order") {
            journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let shared = try maker.propose(maker.nextSubject(), to: [griffie, college])
            let one = try maker.propose(maker.nextSubject())
            let two = try maker.propose(maker.nextSubject())
            let own = try maker.propose(maker.nextSubject(), to: [college], by: college)
            let third = try maker.propose(one.subject, after: one.id)
            try await journal.appendAll([shared, one, two, own, third])
            let cause = try maker.propose(
                maker.nextSubject(), to: [maker.accounthouder], fills: [Fill(from: griffie, to: college)])
            try await journal.appendAll([cause])
            #expect(
                try await journal.digests(in: college)
                    == [shared.digest, own.digest, one.digest, two.digest, third.digest])
            #expect(
                try await journal.digests(in: griffie) == [shared.digest, one.digest, two.digest, third.digest])
            for subject in [shared, one, two].map(\.subject) {
                #expect(try await journal.mailboxes(of: subject) == [griffie, college])
            }
        },
        JournalContract(
            "what comes later on a filled subject goes to the new mailbox, once, and no longer to the old"
        ) {
            journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let first = try maker.propose(maker.nextSubject())
            let cause = try maker.propose(
                maker.nextSubject(), to: [maker.accounthouder], fills: [Fill(from: griffie, to: college)])
            let second = try maker.propose(first.subject, after: first.id, to: [college], by: college)
            let receipts = try await journal.appendAll([first, cause, second])
            #expect(receipts.map(\.position) == [1, 0, 2])
            #expect(try await journal.digests(in: college) == [first.digest, second.digest])
            #expect(try await journal.digests(in: griffie) == [first.digest])
            #expect(try await journal.mailboxes(of: first.subject) == [college])
        },
        JournalContract("filling twice, from nothing, or from itself adds nothing") { journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let first = try maker.propose(maker.nextSubject())
            let fill = Fill(from: griffie, to: college)
            let nothing = Fill(from: maker.accounthouder, to: college)
            let twice = try maker.propose(
                maker.nextSubject(), to: [.directory],
                fills: [fill, fill, nothing, Fill(from: college, to: college)])
            try await journal.appendAll([first, twice])
            #expect(try await journal.digests(in: college) == [first.digest])
            let again = try maker.propose(maker.nextSubject(), to: [.directory], directory: 1, fills: [fill])
            try await journal.appendAll([again])
            #expect(try await journal.digests(in: college) == [first.digest])
        },
        JournalContract("of a subject that the other left, a filled mailbox gets what the other holds, and no more")
        {
            journal in
            var maker = try ProposalMaker()
            let (griffie, college, accounthouder) = (maker.griffie, maker.college, maker.accounthouder)
            let one = try maker.propose(maker.nextSubject(), to: [griffie, accounthouder])
            let two = try maker.propose(one.subject, after: one.id, to: [accounthouder])
            let three = try maker.propose(two.subject, after: two.id, to: [accounthouder])
            let cause = try maker.propose(
                maker.nextSubject(), to: [.directory], fills: [Fill(from: griffie, to: college)])
            try await journal.appendAll([one, two, three, cause])
            #expect(try await journal.digests(in: college) == [one.digest])
            #expect(try await journal.mailboxes(of: one.subject) == [accounthouder])
            let four = try maker.propose(
                one.subject, after: three.id, to: [accounthouder, college], by: college, directory: 1)
            #expect(try await journal.appendAll([four]).map(\.position) == [4])
            #expect(try await journal.digests(in: college) == [one, two, three, four].map(\.digest))
        },
        JournalContract("who left and is filled by one in the audience is in it again, with what was missed") {
            journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let one = try maker.propose(maker.nextSubject(), to: [griffie, college])
            let two = try maker.propose(one.subject, after: one.id, to: [griffie])
            let three = try maker.propose(one.subject, after: two.id, to: [griffie])
            let cause = try maker.propose(
                maker.nextSubject(), to: [.directory], fills: [Fill(from: griffie, to: college)])
            try await journal.appendAll([one, two, three, cause])
            #expect(try await journal.digests(in: college) == [one.digest, two.digest, three.digest])
            #expect(try await journal.mailboxes(of: one.subject) == [griffie, college])
        },
        JournalContract("several mailboxes fill one, and what they share is there once") { journal in
            var maker = try ProposalMaker()
            let (griffie, college, accounthouder) = (maker.griffie, maker.college, maker.accounthouder)
            let shared = try maker.propose(maker.nextSubject(), to: [griffie, college])
            let one = try maker.propose(maker.nextSubject())
            let two = try maker.propose(maker.nextSubject(), to: [college], by: college)
            let cause = try maker.propose(
                maker.nextSubject(), to: [.directory],
                fills: [Fill(from: griffie, to: accounthouder), Fill(from: college, to: accounthouder)])
            try await journal.appendAll([shared, one, two, cause])
            #expect(try await journal.digests(in: accounthouder) == [shared.digest, one.digest, two.digest])
        },
        JournalContract("a refused proposal fills nothing") { journal in
            var maker = try ProposalMaker()
            let first = try maker.propose(maker.nextSubject())
            let stale = try maker.propose(
                first.subject, to: [.directory], fills: [Fill(from: maker.griffie, to: maker.college)])
            _ = try await journal.append([first, stale])
            #expect(try await journal.head(of: maker.college) == .empty)
        },
    ]
}
