import Glibc
import RegiopostJournal

/// A state that threads change one at a time and wait for.
final class Monitor<State>: @unchecked Sendable {
    // On the heap, because the operating system's locks must not move.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Changes the state; where `wakes`, those who wait look at it again.
    func change<Value>(wakes: Bool = true, _ body: (inout State) -> Value) -> Value {
        pthread_mutex_lock(lock)
        let value = body(&state)
        if wakes { pthread_cond_broadcast(changed) }
        pthread_mutex_unlock(lock)
        return value
    }

    /// Waits until `body` answers something. It may answer how many milliseconds to wait at most before it is asked
    /// again.
    func wait<Value>(_ body: (inout State) -> Wait<Value>) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            switch body(&state) {
            case .go(let value): return value
            case .wait(nil): pthread_cond_wait(changed, lock)
            case .wait(let milliseconds?):
                var end = timespec()
                clock_gettime(CLOCK_MONOTONIC, &end)
                let nanoseconds = end.tv_nsec + milliseconds % 1_000 * 1_000_000
                end.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
                end.tv_nsec = nanoseconds % 1_000_000_000
                pthread_cond_timedwait(changed, lock, &end)
            }
        }
    }
}

/// Whether to go on.
enum Wait<Value> {
    case go(Value)
    case wait(milliseconds: Int?)
}

/// Runs a body on a thread of its own until it returns. The name is for the error.
func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) throws {
    final class Box {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let number = pthread_create(
        &thread, nil,
        { pointer in
            guard let pointer else { return nil }
            let box = Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue()
            box.body()
            return nil
        }, box.toOpaque())
    guard number == 0 else {
        box.release()
        throw JournalError(system: number, "start a thread for", name)
    }
    pthread_detach(thread)
}
