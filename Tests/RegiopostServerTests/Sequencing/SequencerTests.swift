import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostServer
import RegiopostTestSupport
import Synchronization
import Testing

@Suite("The sequencer") struct SequencerTests {
    /// A sequencer over a journal in memory, with a clock that stands still.
    private struct Office {
        let journal: any Journal
        let sequencer: Sequencer
        let grown: Grown

        final class Grown: Sendable {
            let mailboxes = Mutex<[Set<Mailbox>]>([])
            let failures = Mutex<[JournalError]>([])
        }

        init(journal: any Journal = InMemoryJournal(epoch: "e")) throws {
            self.journal = journal
            let grown = Grown()
            self.grown = grown
            let none = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
            sequencer = Sequencer(
                journal: journal, clock: { Timestamp(milliseconds: 1_774_000_000_000) },
                digest: { Digest(bytes: SHA256.hash($0)) ?? none },
                announce: { mailboxes in grown.mailboxes.withLock { $0.append(mailboxes) } },
                failed: { error in grown.failures.withLock { $0.append(error) } })
        }

        func submit(_ change: Change) async -> Submission.Answer {
            await sequencer.submit(change.line(), from: change.author)
        }

        /// Submits all at once, in order, and waits for every answer.
        func submit(_ changes: [Change]) async -> [Submission.Answer] {
            await withTaskGroup(of: (Int, Submission.Answer).self) { group in
                for (index, change) in changes.enumerated() {
                    let stream = AsyncStream<Submission.Answer>.makeStream()
                    sequencer.enqueue(
                        Submission(line: change.line(), address: change.author) { answer in
                            stream.continuation.yield(answer)
                            stream.continuation.finish()
                        })
                    group.addTask {
                        for await answer in stream.stream { return (index, answer) }
                        return (index, .refused(Refusal(.stopping)))
                    }
                }
                var answers: [Int: Submission.Answer] = [:]
                for await (index, answer) in group { answers[index] = answer }
                return changes.indices.compactMap { answers[$0] }
            }
        }
    }

    private func position(_ answer: Submission.Answer?) -> Int? {
        guard case .accepted(let receipt, _) = answer else { return nil }
        return receipt.position
    }

    private func code(_ answer: Submission.Answer?) -> RefusalCode? {
        guard case .refused(let refusal) = answer else { return nil }
        return refusal.code
    }

    @Test("a whole story is written in one stream, and mailboxes hold what they may see") func story() async throws
    {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let code = try #require(OrganisationCode("gm0503"))
        let subject = SubjectID.response(letter: letter.id, organisation: code)
        try story.accept("gm0503/college", subject, .responseSubmit, try story.response())
        let office = try Office()
        let answers = await office.submit(story.accepted)
        #expect(answers.allSatisfy { position($0) != nil })
        let seen = try #require(Address("gm0518/college"))
        #expect(try await office.journal.head(of: .address(seen)).position == 1)
        let delft = try #require(Address("gm0503/griffie"))
        #expect(try await office.journal.head(of: .address(delft)).position == 2)
        let told = office.grown.mailboxes.withLock { $0.reduce(into: Set()) { $0.formUnion($1) } }
        #expect(told.contains(.address(delft)) && told.contains(.directory))
    }

    @Test("the same change again gets the first receipt, whatever happened since") func repeats() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        try story.accept(
            Story.accounthouder, request.subject, .meetingPropose,
            .meeting(.propose(slot: slot, place: nil, note: nil)))
        let office = try Office()
        let first = await office.submit(story.accepted)
        let again = await office.submit(request)
        let index = try #require(story.accepted.firstIndex(of: request))
        #expect(position(again) == position(first[index]))
        guard case .accepted(_, let isRepeat) = again else {
            Issue.record("refused: \(again)")
            return
        }
        #expect(isRepeat)
    }

    @Test("twice in one batch is one change") func twiceAtOnce() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let office = try Office()
        let answers = await office.submit(story.accepted + [request, request])
        #expect(Set(answers.suffix(3).map { position($0) }) == [1])
        #expect(try await office.journal.head(of: .address(request.author)).position == 1)
    }

    @Test("an id that was used is shown to its own address only") func idTaken() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let office = try Office()
        _ = await office.submit(story.accepted)
        let other = Change(
            id: request.id, subject: request.subject, after: nil, author: request.author,
            time: Timestamp(milliseconds: 5), type: .meetingRequest, body: request.body)
        guard case .refused(let own) = await office.submit(other) else {
            Issue.record("taken twice")
            return
        }
        #expect(own.code == .idTaken && own.details["position"] == "1")
        let stranger = Change(
            id: request.id, subject: request.subject, after: nil, author: try #require(Address("gm0518/college")),
            time: Timestamp(milliseconds: 5), type: .meetingRequest, body: request.body)
        guard case .refused(let theirs) = await office.submit(stranger) else {
            Issue.record("taken twice")
            return
        }
        #expect(theirs.details["position"] == nil)
    }

    @Test("of two who change the same thing at once, one is told about the other") func race() async throws {
        var story = try Story()
        let request = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let body = ChangeBody.meeting(.propose(slot: slot, place: nil, note: nil))
        let one = try story.change(Story.accounthouder, request.subject, .meetingPropose, body)
        let two = try story.change(Story.accounthouder, request.subject, .meetingPropose, body)
        let office = try Office()
        let answers = await office.submit(story.accepted + [one, two])
        #expect(position(answers[answers.count - 2]) == 2)
        #expect(code(answers.last) == .conflict)
    }

    @Test("minutes, agreement and programme that arrive at once are judged on top of each other") func agreements()
        async throws
    {
        var story = try Story()
        guard case .agreement(let agreement) = try story.recordedAgreement() else { return }
        let programme = try story.accept(Story.accounthouder, nil, .programmeStart, story.programme()).subject
        try story.accept(Story.accounthouder, programme, .programmeInclude, .programme(.include([agreement])))
        let prying = try story.change(
            "pv28/accounthouder-drechtsteden", nil, .programmeStart,
            story.programme(["gm0505"], region: "drechtsteden"))
        let foreign = try story.change(
            "pv28/accounthouder-drechtsteden", .programme(prying.id), .programmeInclude,
            .programme(.include([agreement])), after: prying.id)
        let office = try Office()
        let answers = await office.submit(story.accepted + [prying, foreign])
        #expect(answers.dropLast().allSatisfy { position($0) != nil }, "\(answers)")
        #expect(code(answers.last) == .subjectUnknown)
        let denHaag = try #require(Address("gm0518/griffie"))
        #expect(try await office.journal.head(of: .address(denHaag)).position == 4)
    }

    @Test("a need counts only where its author may see it") func needs() async throws {
        var story = try Story()
        let theirs = try story.accept("gm0518/college", nil, .meetingRequest, try story.meeting())
        let own = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let office = try Office()
        _ = await office.submit(story.accepted)
        let body = try story.meeting()
        let prying = try story.change("gm0503/college", nil, .meetingRequest, body, needs: [theirs.id])
        #expect(code(await office.submit(prying)) == .needsMissing)
        let fair = try story.change("gm0503/college", nil, .meetingRequest, body, needs: [own.id])
        #expect(position(await office.submit(fair)) == 2)
        let chained = try story.change("gm0503/college", nil, .meetingRequest, body, needs: [fair.id])
        #expect(position(await office.submit(chained)) == 3)
    }

    @Test("what is no change costs only its own answer") func garbage() async throws {
        let story = try Story()
        let office = try Office()
        let author = try #require(Address("gm0503/college"))
        let answer = await office.sequencer.submit(Array("{\"v\":1".utf8), from: author)
        #expect(code(answer) == .badJSON)
        let answers = await office.submit(story.accepted)
        #expect(answers.allSatisfy { position($0) != nil })
    }

    @Test("what can't be read now is answered unavailable, and ends nothing") func unreadable() async throws {
        let story = try Story()
        let journal = InMemoryJournal(epoch: "e")
        let office = try Office(journal: journal)
        _ = await office.submit(Array(story.accepted.prefix(2)))
        await journal.close()
        let answers = await office.submit(Array(story.accepted.dropFirst(2)))
        #expect(answers.count == story.accepted.count - 2 && answers.allSatisfy { code($0) == .unavailable })
        #expect(office.grown.failures.withLock { $0.isEmpty })
    }

    @Test("a stopped sequencer says so") func stopped() async throws {
        let story = try Story()
        let office = try Office()
        office.sequencer.stop()
        #expect(code(await office.submit(story.accepted[0])) == .stopping)
    }

    @Test("who waits for the end finds every change answered, and the journal may be closed") func finished()
        async throws
    {
        var story = try Story()
        for _ in 0..<300 {
            try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        }
        let office = try Office()
        let answers = Mutex<[Submission.Answer]>([])
        for change in story.accepted {
            office.sequencer.enqueue(
                Submission(line: change.line(), address: change.author) { answer in
                    answers.withLock { $0.append(answer) }
                })
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { await office.sequencer.finish() } }
        }
        try await office.journal.close()
        let given = answers.withLock { $0 }
        #expect(given.count == story.accepted.count)
        #expect(given.allSatisfy { position($0) != nil })
        #expect(office.grown.failures.withLock { $0 }.isEmpty)
        await office.sequencer.finish()
    }
}
