import RegiopostJournal
import RegiopostModel

/// Judges and writes one batch after the other. Only the sequencer calls it, never twice at once: that is what makes its state
/// safe. An actor would see to it too, and hand each batch from job to job, which a change that comes alone would wait for.
final class SequencerCore: @unchecked Sendable {
    // An object, as a submission is: what goes from hand to hand is large.
    private final class Candidate {
        let submission: Submission
        let change: Change
        let proposal: Proposal

        init(submission: Submission, change: Change, proposal: Proposal) {
            self.submission = submission
            self.change = change
            self.proposal = proposal
        }
    }

    private let journal: any Journal
    private let clock: @Sendable () -> Timestamp
    private let digest: @Sendable ([UInt8]) -> Digest
    private let announce: @Sendable (Set<Mailbox>) -> Void
    private let failed: @Sendable (JournalError) -> Void
    private let standing: Sequencer.Standing
    private var cache: SubjectCache
    private var hasFailed = false

    init(
        journal: any Journal, clock: @escaping @Sendable () -> Timestamp,
        digest: @escaping @Sendable ([UInt8]) -> Digest, announce: @escaping @Sendable (Set<Mailbox>) -> Void,
        failed: @escaping @Sendable (JournalError) -> Void,
        standing: @escaping Sequencer.Standing = Sequencer.noFiles,
        capacity: Int = SubjectCache.capacity
    ) {
        cache = SubjectCache(capacity: capacity)
        self.journal = journal
        self.clock = clock
        self.digest = digest
        self.announce = announce
        self.failed = failed
        self.standing = standing
    }

    /// Judges and writes a batch, and answers each submission in it.
    func process(_ batch: [Submission]) async {
        var rest = batch[...]
        // A second round is needed only where the same id came twice in one batch, or another node moved a head.
        for _ in 0..<4 where !rest.isEmpty { rest = await round(rest) }
        for submission in rest { submission.answer(.refused(Refusal(.unavailable))) }
    }

    private func round(_ batch: ArraySlice<Submission>) async -> ArraySlice<Submission> {
        guard !hasFailed else {
            for submission in batch { submission.answer(.refused(Refusal(.unavailable))) }
            return []
        }
        var candidates: [Candidate] = []
        var again: [Submission] = []
        let now = clock()
        for submission in batch {
            do throws(JournalError) {
                try await judge(submission, at: submission.receivedBefore ?? now, &candidates, &again)
            } catch {
                // What can't be read now may be later; only a failed write ends all writing.
                submission.answer(.refused(Refusal(.unavailable)))
            }
        }
        defer { cache.settled() }
        do throws(JournalError) {
            guard !candidates.isEmpty else { return again[...] }
            let outcomes = try await journal.append(candidates.map(\.proposal))
            settle(candidates, outcomes, &again)
        } catch {
            fail(error, candidates.map(\.submission) + again)
            return []
        }
        return again[...]
    }

    private func judge(
        _ submission: Submission, at now: Timestamp, _ candidates: inout [Candidate], _ again: inout [Submission]
    ) async throws(JournalError) {
        let change: Change
        do throws(Refusal) {
            change = try submission.change.get()
        } catch {
            submission.answer(.refused(error))
            return
        }
        let lineDigest = digest(submission.line)
        let others = try await load(for: change)
        let expectedDirectoryHead = cache.directory.position
        let verdict: Rules.Verdict
        do throws(Refusal) {
            verdict = try Rules.judge(
                change, from: submission.address, in: cache, digest: lineDigest, receivedAt: now,
                isScreened: submission.isScreened)
        } catch {
            if candidates.contains(where: { $0.change.id == change.id }) {
                again.append(submission)
            } else {
                try await refuse(submission, change, lineDigest, error)
            }
            return
        }
        // What was taken once is taken again, whether its files are there still or come later.
        if submission.receivedBefore == nil, let refusal = try await refusalOfFiles(change) {
            try await refuse(submission, change, lineDigest, refusal)
            return
        }
        let otherHeads = heads(of: others)
        cache.set(verdict.subject, after: change)
        let proposal = Proposal(
            id: change.id, line: submission.line, digest: lineDigest, subject: change.subject,
            author: .address(change.author), expectedHead: verdict.previousHead, otherHeads: otherHeads,
            expectedDirectoryHead: expectedDirectoryHead, mailboxes: verdict.mailboxes,
            fills: verdict.fills, cites: Set(change.body.files.map(\.digest)), receivedAt: now)
        candidates.append(Candidate(submission: submission, change: change, proposal: proposal))
    }

    /// Brings in what judging the change takes, and answers the other subjects that it rests on: those that it speaks of, and
    /// those of the changes that it names and its author may see. Costs by the changes on subjects that aren't here yet.
    private func load(for change: Change) async throws(JournalError) -> [SubjectID] {
        if !cache.isDirectoryLoaded { cache.fill(try await SubjectCache.directory(of: journal)) }
        let needed = Rules.subjects(neededBy: change)
        for id in cache.need(needed, for: change) { try cache.fill(id, with: try await journal.changes(of: id)) }
        var present: [ChangeID: ChangeOrigin] = [:]
        for id in change.needs + [change.takenFrom].compactMap({ $0 }) {
            present[id] = try await origin(ofNamed: id, visibleTo: change.author)
        }
        cache.setPresent(present)
        return (needed + present.values.map(\.subject)).filter { $0 != change.subject }
    }

    /// Why one of the files that a change cites doesn't count as there for its author, `nil` where all do. Knowing a digest is
    /// not enough: the author must have uploaded the file, or see a change that cites it.
    private func refusalOfFiles(_ change: Change) async throws(JournalError) -> Refusal? {
        for (index, file) in change.body.files.enumerated() {
            let missing = Refusal(.blobMissing, ["name": file.name, "sha256": file.digest.text])
            guard let found = try? await standing(file, change.author) else { return Refusal(.unavailable) }
            guard let size = found.size else { return missing }
            if found.isUploaded { continue }
            guard try await isCited(file.digest, visibleTo: change.author) else { return missing }
            guard size == file.size else {
                return Refusal(.badField, ["field": "body.files[\(index)].size", "expected": String(size)])
            }
        }
        return nil
    }

    private func isCited(_ file: Digest, visibleTo address: Address) async throws(JournalError) -> Bool {
        for id in try await journal.subjects(citing: file) {
            if !cache.holds(id) { try cache.fill(id, with: try await journal.changes(of: id)) }
            guard let state = cache.subject(id)?.state else { continue }
            if Audience.includes(address, state, in: cache.directory) { return true }
        }
        return false
    }

    /// The last changes of the other subjects that a verdict rests on. Where one of them doesn't make it into the journal,
    /// what builds on it doesn't either.
    private func heads(of others: [SubjectID]) -> [SubjectID: ChangeID] {
        var heads: [SubjectID: ChangeID] = [:]
        for id in others { heads[id] = cache.head(of: id) }
        return heads
    }

    /// Where a change stands, `nil` where it isn't there for that address: nobody learns about others' by naming them.
    private func origin(
        ofNamed id: ChangeID, visibleTo address: Address
    ) async throws(JournalError) -> ChangeOrigin? {
        var found = cache.origin(ofPending: id)
        if found == nil, let stored = try await journal.receipt(of: id) {
            var author: Address?
            if case .address(let address) = stored.author { author = address }
            found = ChangeOrigin(subject: stored.subject, author: author)
        }
        guard let origin = found else { return nil }
        let subject = origin.subject
        if !cache.holds(subject) { try cache.fill(subject, with: try await journal.changes(of: subject)) }
        guard let state = cache.subject(subject)?.state else { return nil }
        return Audience.includes(address, state, in: cache.directory) ? origin : nil
    }

    /// What was accepted before is no longer judged: the same id and bytes get the first receipt for ever.
    private func refuse(
        _ submission: Submission, _ change: Change, _ lineDigest: Digest, _ refusal: Refusal
    ) async throws(JournalError) {
        guard let stored = try await journal.receipt(of: change.id), stored.author == .address(submission.address)
        else {
            submission.answer(.refused(refusal))
            return
        }
        if stored.receipt.digest == lineDigest {
            submission.answer(.accepted(stored.receipt, isRepeat: true))
        } else {
            submission.answer(.refused(Self.idTaken(stored.receipt, isOwn: true)))
        }
    }

    private func settle(_ candidates: [Candidate], _ outcomes: [AppendOutcome], _ again: inout [Submission]) {
        var grown: Set<Mailbox> = []
        for (candidate, outcome) in zip(candidates, outcomes) {
            switch outcome {
            case .appended:
                grown.formUnion(candidate.proposal.mailboxes)
                // Who gave its work away hears it too: its watches end.
                for fill in candidate.proposal.fills { grown.formUnion([fill.from, fill.to]) }
            case .already, .idTaken, .headMoved, .directoryMoved:
                cache.forget(candidate.change.subject)
                for other in candidate.proposal.otherHeads.keys { cache.forget(other) }
            }
        }
        if !grown.isEmpty { announce(grown) }
        for (candidate, outcome) in zip(candidates, outcomes) {
            switch outcome {
            case .appended(let receipt): candidate.submission.answer(.accepted(receipt, isRepeat: false))
            case .already(let receipt): candidate.submission.answer(.accepted(receipt, isRepeat: true))
            case .idTaken(let receipt, let isOwn):
                candidate.submission.answer(.refused(Self.idTaken(receipt, isOwn: isOwn)))
            case .headMoved: again.append(candidate.submission)
            case .directoryMoved:
                cache.forgetAll()
                again.append(candidate.submission)
            }
        }
    }

    /// Nobody knows what reached the disk, so nothing is acknowledged until a restart has read it again.
    private func fail(_ error: JournalError, _ submissions: [Submission]) {
        hasFailed = true
        cache.forgetAll()
        failed(error)
        for submission in submissions { submission.answer(.refused(Refusal(.unavailable))) }
    }

    private static func idTaken(_ receipt: Receipt, isOwn: Bool) -> Refusal {
        guard isOwn else { return Refusal(.idTaken) }
        return Refusal(
            .idTaken,
            [
                "id": receipt.id.text, "position": String(receipt.position), "received": receipt.receivedAt.text,
                "digest": receipt.digest.text,
            ])
    }
}
