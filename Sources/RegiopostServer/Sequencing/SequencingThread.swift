import NIOPosix

/// The one thread on which changes are judged and written, one batch after the other. It may wait for the disk, which the
/// threads that all tasks share must not; and a batch that stays on one thread is done sooner than one that is handed on.
final class SequencingThread: TaskExecutor {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    /// Begins. Before that and after `stop`, tasks run on the thread that brings them.
    func start() { pool.start() }

    /// Runs one step of a task behind those that came before it.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Ends the thread. Nothing may use it any more.
    func stop() async { try? await pool.shutdownGracefully() }
}
