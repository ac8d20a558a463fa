import RegiopostJournal
import RegiopostModel
import Testing

extension JournalContract {
    static let delivering = [
        JournalContract("every mailbox of the audience gets the change, at its own position") { journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let own = try maker.propose(maker.nextSubject())
            let shared = try maker.propose(maker.nextSubject(), to: [griffie, college])
            let receipts = try await journal.appendAll([own, shared])
            #expect(receipts.map(\.position) == [1, 2])
            #expect(try await journal.digests(in: griffie) == [own.digest, shared.digest])
            #expect(try await journal.digests(in: college) == [shared.digest])
            #expect(try await journal.mailboxes(of: shared.subject) == [griffie, college])
            #expect(try await journal.mailboxes(of: own.subject) == [griffie])
        },
        JournalContract("an author outside the audience gets position 0, for ever") { journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let subject = maker.nextSubject()
            let first = try maker.propose(subject, to: [college])
            let receipts = try await journal.appendAll([first])
            #expect(receipts.map(\.position) == [0])
            try await journal.appendAll([maker.propose(subject, after: first.id, to: [griffie, college])])
            #expect(try await journal.append([first]) == [.already(receipts[0])])
        },
        JournalContract("nobody at all may see a change") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let hidden = try maker.propose(subject, to: [])
            try await journal.appendAll([hidden])
            #expect(try await journal.mailboxes(of: subject) == [])
            let shown = try maker.propose(subject, after: hidden.id)
            #expect(try await journal.appendAll([shown]).map(\.position) == [2])
            #expect(try await journal.digests(in: maker.griffie) == [hidden.digest, shown.digest])
        },
        JournalContract("who enters an audience gets the whole past first") { journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let between = try maker.propose(maker.nextSubject(), to: [college])
            let second = try maker.propose(subject, after: first.id)
            let other = try maker.propose(maker.nextSubject())
            let third = try maker.propose(subject, after: second.id, to: [griffie, college], by: college)
            let receipts = try await journal.appendAll([first, between, second, other, third])
            #expect(receipts[4].position == 4)
            #expect(
                try await journal.digests(in: college)
                    == [between.digest, first.digest, second.digest, third.digest])
            #expect(
                try await journal.digests(in: griffie)
                    == [first.digest, second.digest, other.digest, third.digest])
        },
        JournalContract("who left gets no more, and on coming back what was missed") { journal in
            var maker = try ProposalMaker()
            let (griffie, college) = (maker.griffie, maker.college)
            let subject = maker.nextSubject()
            let one = try maker.propose(subject, to: [griffie, college])
            let two = try maker.propose(subject, after: one.id, to: [griffie])
            let three = try maker.propose(subject, after: two.id, to: [griffie])
            try await journal.appendAll([one, two, three])
            #expect(try await journal.digests(in: college) == [one.digest])
            #expect(try await journal.mailboxes(of: subject) == [griffie])
            let four = try maker.propose(subject, after: three.id, to: [griffie, college], by: college)
            #expect(try await journal.appendAll([four]).map(\.position) == [4])
            #expect(
                try await journal.digests(in: college) == [one.digest, two.digest, three.digest, four.digest])
            #expect(try await journal.mailboxes(of: subject) == [griffie, college])
            let five = try maker.propose(subject, after: four.id, to: [college])
            let six = try maker.propose(subject, after: five.id, to: [griffie])
            try await journal.appendAll([five, six])
            #expect(try await journal.digests(in: college).count == 5)
            #expect(try await journal.digests(in: griffie).count == 6)
        },
        JournalContract("a refused proposal changes no audience") { journal in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject)
            let stale = try maker.propose(subject, to: [maker.griffie, maker.college])
            _ = try await journal.append([first, stale])
            #expect(try await journal.mailboxes(of: subject) == [maker.griffie])
            #expect(try await journal.head(of: maker.college) == .empty)
        },
        JournalContract("every kind of subject is told apart") { journal in
            var maker = try ProposalMaker()
            let id = maker.nextID()
            let address = try #require(Address("gm0503/college"))
            let subjects: [SubjectID] = [
                .letter(id), .meeting(id), .receipt(letter: id, address: address),
                .response(letter: id, organisation: address.organisation), .organisation(address.organisation),
                .region("delft"),
            ]
            for subject in subjects { try await journal.appendAll([maker.propose(subject)]) }
            for (index, subject) in subjects.enumerated() {
                let changes = try await journal.changes(of: subject)
                try #require(changes.count == 1)
                #expect(try await journal.receipt(of: changes[0].id)?.subject == subject)
                #expect(try await journal.receipt(of: changes[0].id)?.receipt.position == index + 1)
            }
        },
    ]
}
