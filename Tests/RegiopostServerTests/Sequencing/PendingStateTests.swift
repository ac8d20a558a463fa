import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Synchronization
import Testing

@testable import RegiopostServer

@Suite("What the sequencer holds while it writes") struct PendingStateTests {
    /// What became of each change, by id.
    private final class Answers: Sendable {
        private let all = Mutex<[ChangeID: Submission.Answer]>([:])

        func submissions(_ changes: [Change]) -> [Submission] {
            changes.map { change in
                Submission(line: change.line(), address: change.author) { [self] answer in
                    all.withLock { $0[change.id] = answer }
                }
            }
        }

        func code(_ change: Change) -> String {
            switch all.withLock({ $0[change.id] }) {
            case .accepted(_, let isRepeat)?: isRepeat ? "repeat" : "accepted"
            case .refused(let refusal)?: refusal.code.rawValue
            case nil: "none"
            }
        }
    }

    private func core(
        _ journal: any Journal, capacity: Int = SubjectCache.capacity,
        failed: @escaping @Sendable (JournalError) -> Void = { _ in }
    ) -> SequencerCore {
        SequencerCore(
            journal: journal, clock: { Timestamp(milliseconds: 1_774_000_000_000) }, digest: Service.digest,
            announce: { _ in }, failed: failed, capacity: capacity)
    }

    @Test("what builds on a pending change of another subject isn't written when that one fails")
    func otherSubject() async throws {
        var story = try Story()
        let journal = InMemoryJournal(epoch: "1")
        let core = core(journal)
        let answers = Answers()
        let letter = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        let squatter = Change(
            id: letter.id, subject: .meeting(letter.id), after: nil,
            author: try #require(Address("gm0518/college")),
            time: Timestamp(milliseconds: 1), type: .meetingRequest, body: try story.meeting())
        await core.process(Answers().submissions(story.accepted + [squatter]))
        let code = try #require(OrganisationCode("gm0503"))
        let response = try story.change(
            "gm0503/college", .response(letter: letter.id, organisation: code), .responseSubmit,
            try story.response())
        await core.process(answers.submissions([letter, response]))
        #expect(answers.code(letter) == "id-taken" && answers.code(response) == "letter-unknown")
        #expect(try await journal.changes(of: response.subject).isEmpty)
    }

    @Test("a change that was not taken doesn't change which needs are there") func needs() async throws {
        var story = try Story()
        let theirs = try story.accept("gm0503/college", nil, .meetingRequest, try story.meeting())
        let own = try story.accept("gm0518/college", nil, .meetingRequest, try story.meeting())
        let core = core(InMemoryJournal(epoch: "1"))
        await core.process(Answers().submissions(story.accepted))
        let forged = Change(
            id: theirs.id, subject: own.subject, after: own.id, author: own.author,
            time: Timestamp(milliseconds: 1),
            type: .meetingCancel, body: .meeting(.cancel(reason: "x")))
        let answers = Answers()
        await core.process(answers.submissions([forged]))
        #expect(answers.code(forged) == "id-taken")
        let body = try story.meeting()
        let prying = try story.change("gm0518/college", nil, .meetingRequest, body, needs: [theirs.id])
        let fair = try story.change("gm0503/college", nil, .meetingRequest, body, needs: [theirs.id])
        await core.process(answers.submissions([prying, fair]))
        #expect(answers.code(prying) == "needs-missing" && answers.code(fair) == "accepted")
    }

    @Test("making room never forgets what is on its way") func fullCache() async throws {
        var story = try Story()
        let core = core(InMemoryJournal(epoch: "1"), capacity: 50)
        let answers = Answers()
        await core.process(answers.submissions(story.accepted))
        let body = try story.meeting()
        let cancel = ChangeBody.meeting(.cancel(reason: "x"))
        var changes: [Change] = []
        for _ in 0..<500 {
            let request = try story.change("gm0503/college", nil, .meetingRequest, body)
            changes.append(request)
            changes.append(
                try story.change("gm0503/college", request.subject, .meetingCancel, cancel, after: request.id))
        }
        for start in stride(from: 0, to: changes.count, by: 35) {
            let end = min(start + 35, changes.count)
            await core.process(answers.submissions(Array(changes[start..<end])))
        }
        #expect(changes.allSatisfy { answers.code($0) == "accepted" })
    }

    @Test("a failed write ends all writing, whatever reached the disk", arguments: [false, true])
    func failedWrite(everything: Bool) async throws {
        let story = try Story()
        let journal = FailingJournal(InMemoryJournal(epoch: "1"))
        let failures = Mutex<[JournalError]>([])
        let core = core(journal) { error in failures.withLock { $0.append(error) } }
        let answers = Answers()
        await core.process(answers.submissions(Array(story.accepted.prefix(2))))
        await journal.failNextAppend(reached: everything ? .everything : .nothing)
        let rest = Array(story.accepted.dropFirst(2))
        await core.process(answers.submissions(rest))
        #expect(rest.allSatisfy { answers.code($0) == "unavailable" })
        await core.process(answers.submissions([story.accepted[0]]))
        #expect(answers.code(story.accepted[0]) == "unavailable")
        #expect(failures.withLock { $0.count } == 1)
    }
}
