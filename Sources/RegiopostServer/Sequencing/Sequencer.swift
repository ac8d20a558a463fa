import RegiopostJournal
import RegiopostModel
import Synchronization

/// Puts changes in order. Each is judged against committed plus pending state and written with all others that came in
/// during the last write, so that one fsync serves them all; answers leave after it.
public final class Sequencer: Sendable {
    /// No batch holds more submissions.
    static let largestBatch = 1_000

    /// What is known of a file, for the author of the change that cites it. Throws where that can't be found out now.
    typealias Standing = @Sendable (FileReference, Address) async throws -> BlobDesk.Standing

    /// Of a server that has no files.
    static let noFiles: Standing = { _, _ in BlobDesk.Standing(size: nil, isUploaded: false) }

    private struct Waiting {
        var submissions: [Submission] = []
        var isDraining = false
        var isStopped = false
        /// Only what was lost is taken, and nothing new.
        var isRecovering = false
        var finishers: [CheckedContinuation<Void, Never>] = []
    }

    private let waiting = Mutex(Waiting())
    private let core: SequencerCore
    private let answered: @Sendable () -> Void
    private let executor: (any TaskExecutor)?

    /// Makes a sequencer that has no files: what cites one is refused.
    ///
    /// - Parameters:
    ///   - clock: the time of receipt, asked once a batch.
    ///   - digest: SHA-256.
    ///   - announce: told which mailboxes grew, after the write and before the answers. Called from any thread.
    ///   - failed: told once, when the journal failed and nothing is accepted any more.
    public convenience init(
        journal: any Journal, clock: @escaping @Sendable () -> Timestamp,
        digest: @escaping @Sendable ([UInt8]) -> Digest, announce: @escaping @Sendable (Set<Mailbox>) -> Void,
        failed: @escaping @Sendable (JournalError) -> Void
    ) {
        self.init(
            journal: journal, clock: clock, digest: digest, announce: announce, failed: failed, executor: nil,
            standing: Self.noFiles)
    }

    /// Makes a sequencer that takes changes which cite files.
    ///
    /// - Parameters:
    ///   - answered: told when answers were given and none follows at once: a batch is done.
    ///   - executor: where it works; `nil` for the threads that all tasks share.
    init(
        journal: any Journal, clock: @escaping @Sendable () -> Timestamp,
        digest: @escaping @Sendable ([UInt8]) -> Digest, announce: @escaping @Sendable (Set<Mailbox>) -> Void,
        answered: @escaping @Sendable () -> Void = {},
        failed: @escaping @Sendable (JournalError) -> Void, executor: (any TaskExecutor)? = nil,
        standing: @escaping Standing
    ) {
        self.executor = executor
        self.answered = answered
        core = SequencerCore(
            journal: journal, clock: clock, digest: digest, announce: announce, failed: failed, standing: standing)
    }

    /// Queues a submission behind all that were queued before it. Returns at once.
    public func enqueue(_ submission: Submission) {
        let (refusal, starts) = waiting.withLock { waiting -> (RefusalCode?, Bool) in
            if waiting.isStopped { return (.stopping, false) }
            if waiting.isRecovering, submission.receivedBefore == nil { return (.recovering, false) }
            waiting.submissions.append(submission)
            defer { waiting.isDraining = true }
            return (nil, !waiting.isDraining)
        }
        if let refusal {
            submission.answer(.refused(Refusal(refusal)))
            answered()
        }
        if starts { Task(executorPreference: executor) { await self.drain() } }
    }

    /// Queues a line and waits for the answer.
    public func submit(_ line: [UInt8], from address: Address) async -> Submission.Answer {
        await withCheckedContinuation { continuation in
            enqueue(Submission(line: line, address: address) { continuation.resume(returning: $0) })
        }
    }

    /// Queues lines at once, so that they share a write, and waits for their answers, in their order.
    func submit(
        _ lines: [(line: [UInt8], address: Address, receivedBefore: Timestamp?)]
    ) async -> [Submission.Answer] {
        guard !lines.isEmpty else { return [] }
        let (stream, feed) = AsyncStream.makeStream(of: (Int, Submission.Answer).self)
        for (index, (line, address, receivedBefore)) in lines.enumerated() {
            enqueue(
                Submission(line: line, address: address, receivedBefore: receivedBefore) { feed.yield((index, $0)) }
            )
        }
        var answers: [Int: Submission.Answer] = [:]
        for await (index, answer) in stream {
            answers[index] = answer
            if answers.count == lines.count { break }
        }
        return lines.indices.compactMap { answers[$0] }
    }

    /// While a server recovers, it takes only what it lost: whatever is new is refused for later.
    func setRecovering(_ isRecovering: Bool) {
        waiting.withLock { $0.isRecovering = isRecovering }
    }

    /// Accepts nothing more; what is queued is still written and answered.
    public func stop() {
        waiting.withLock { $0.isStopped = true }
    }

    /// Accepts nothing more, and returns when everything that was queued has its answer: then the journal may be closed.
    public func finish() async {
        stop()
        await withCheckedContinuation { continuation in
            let isIdle = waiting.withLock { waiting in
                if waiting.isDraining { waiting.finishers.append(continuation) }
                return !waiting.isDraining
            }
            if isIdle { continuation.resume() }
        }
    }

    private func drain() async {
        while let batch = nextBatch() {
            await core.process(batch)
            answered()
        }
        let finishers = waiting.withLock { waiting in
            // Whoever came in between began to drain anew, and will tell them.
            guard !waiting.isDraining else { return [CheckedContinuation<Void, Never>]() }
            defer { waiting.finishers = [] }
            return waiting.finishers
        }
        for finisher in finishers { finisher.resume() }
    }

    private func nextBatch() -> [Submission]? {
        waiting.withLock { waiting in
            guard !waiting.submissions.isEmpty else {
                waiting.isDraining = false
                return nil
            }
            let batch = Array(waiting.submissions.prefix(Self.largestBatch))
            waiting.submissions.removeFirst(batch.count)
            return batch
        }
    }
}
