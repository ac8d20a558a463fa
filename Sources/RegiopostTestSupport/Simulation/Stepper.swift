import Dispatch
import NIOCore
import NIOEmbedded

/// Decides in what order everything happens in a simulated world: tasks, event loops and whatever was put off. All of it
/// runs in the thread that calls `run`, one step after the other, and a dice picks the next. The same seed picks the same.
///
/// Tasks come here by executor preference. Nothing that is handed in may run anywhere else: this is no lock.
public final class Stepper: TaskExecutor, @unchecked Sendable {
    private struct Loop {
        let loop: EmbeddedEventLoop
        var now: Int64
    }

    private struct Deferred {
        let due: Int64
        let action: () -> Void
    }

    private var dice: SeededGenerator
    private var jobs: [UnownedJob] = []
    private var ready: [() -> Void] = []
    private var deferred: [Deferred] = []
    private var loops: [ObjectIdentifier: Loop] = [:]
    private var order: [ObjectIdentifier] = []

    /// The time that passes by itself, in milliseconds from the beginning.
    public private(set) var now: Int64 = 0
    /// How many steps were done.
    public private(set) var steps = 0
    /// Called before each step: where faults come from that may come at any moment.
    public var beforeStep: (() -> Void)?

    /// Makes an empty world.
    public init(seed: UInt64) { dice = SeededGenerator(seed: seed) }

    /// Takes a job of a task that prefers to run here.
    public func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

    // MARK: Chance

    /// A number from 0 up to a bound, the bound not included.
    public func number(below bound: Int) -> Int { bound < 2 ? 0 : Int(dice.next() % UInt64(bound)) }

    /// Whether something happens that happens `count` times in `total`.
    public func happens(_ count: Int, in total: Int) -> Bool { number(below: total) < count }

    /// One of these; `nil` where there is none.
    public func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[number(below: elements.count)]
    }

    /// 64 random bits.
    public func word() -> UInt64 { dice.next() }

    // MARK: Putting off

    /// Does something at some later step.
    public func soon(_ action: @escaping () -> Void) { ready.append(action) }

    /// Does something when so many milliseconds have passed.
    public func after(_ milliseconds: Int64, _ action: @escaping () -> Void) {
        deferred.append(Deferred(due: now + max(milliseconds, 0), action: action))
    }

    /// Lets whatever else is ready come first, or not, as the dice says.
    public func pause() async {
        await withUnsafeContinuation { continuation in soon { continuation.resume() } }
    }

    /// Waits until so many milliseconds have passed.
    public func sleep(_ milliseconds: Int64) async {
        await withUnsafeContinuation { continuation in after(milliseconds) { continuation.resume() } }
    }

    /// Begins a task that runs here.
    public func begin(_ work: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self, operation: work)
    }

    // MARK: Event loops

    /// A loop whose time is this world's.
    func makeLoop() -> EmbeddedEventLoop {
        let loop = EmbeddedEventLoop()
        loops[ObjectIdentifier(loop)] = Loop(loop: loop, now: now)
        order.append(ObjectIdentifier(loop))
        return loop
    }

    /// Ends a loop that nobody waits for any more.
    func drop(_ loop: EmbeddedEventLoop) {
        guard loops.removeValue(forKey: ObjectIdentifier(loop)) != nil else { return }
        order.removeAll { $0 == ObjectIdentifier(loop) }
        loop.shutdownGracefully(queue: .global()) { _ in }
    }

    // MARK: Running

    /// Does step after step until a condition holds.
    ///
    /// - Returns: whether it came to hold, before so many steps were done or so much time has passed.
    public func run(until isDone: () -> Bool, steps limit: Int, milliseconds: Int64) -> Bool {
        let (last, end) = (steps + limit, now + milliseconds)
        while !isDone() {
            guard steps < last, now < end else { return false }
            steps += 1
            beforeStep?()
            step()
        }
        return true
    }

    private func step() {
        if jobs.isEmpty, ready.isEmpty {
            for name in order { loops[name]?.loop.run() }
            if jobs.isEmpty, ready.isEmpty { passTime() }
            return
        }
        let choice = number(below: jobs.count + ready.count + (order.isEmpty ? 0 : 1))
        if choice < jobs.count {
            jobs.remove(at: choice).runSynchronously(on: asUnownedTaskExecutor())
        } else if choice < jobs.count + ready.count {
            ready.remove(at: choice - jobs.count)()
        } else if let name = pick(order) {
            loops[name]?.loop.run()
        }
    }

    /// Goes on to the next moment at which something is due, at most a second ahead, since loops don't tell what they wait
    /// for.
    private func passTime() {
        let next = deferred.map(\.due).min() ?? .max
        now = min(max(next, now), now + 1_000)
        for name in order {
            guard let known = loops[name] else { continue }
            loops[name]?.now = now
            known.loop.advanceTime(by: .milliseconds(now - known.now))
        }
        let due = deferred.filter { $0.due <= now }
        deferred.removeAll { $0.due <= now }
        ready += due.map(\.action)
    }
}
