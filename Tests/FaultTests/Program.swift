import Foundation
import Glibc
import Synchronization

/// The programs as they were built beside this test.
enum Program: String {
    case client = "regiopost"
    case server = "regiopostd"

    var path: String { Bundle.main.bundleURL.appendingPathComponent(rawValue).path }

    /// Whether system calls can be followed here, which a container may forbid.
    static func canTrace() async -> Bool {
        let files = FileManager.default.temporaryDirectory.path + "/regiopost-trace-\(UUID().uuidString.prefix(8))"
        defer { for end in [".out", ".err"] { unlink(files + end) } }
        let command = ["/usr/bin/strace", "-D", "-f", "-qq", "-o", "/dev/null", "/bin/true"]
        guard let running = try? RunningProgram(command, [:], files: files) else { return false }
        return await running.end().status == 0
    }
}

/// When a process is killed.
enum Moment: Sendable, CustomStringConvertible {
    /// So long after its start.
    case after(Duration)
    /// As it enters a system call for the n-th time in one thread; counting only calls on `path` where there is one.
    case call(String, path: String?, n: Int)

    /// What follows the process and kills it; none where that is done by the clock.
    var tracer: [String] {
        guard case .call(let name, let path, let n) = self else { return [] }
        // -D: the process that is started is the program itself, and so it can be killed by its id.
        return ["/usr/bin/strace", "-D", "-f", "-qq", "-o", "/dev/null"] + (path.map { ["-P", $0] } ?? [])
            + ["-e", "trace=\(name)", "-e", "inject=\(name):signal=KILL:when=\(n)"]
    }

    var description: String {
        switch self {
        case .after(let duration): "after \(duration)"
        case .call(let name, let path, let n):
            "at \(name) \(n) on \(path?.split(separator: "/").last ?? "anything")"
        }
    }
}

/// What a process came to.
struct Run: Sendable {
    /// The exit status; the signal where it was killed.
    let status: Int32
    let isKilled: Bool
    let output: String
    let errors: String
    let duration: Duration

    /// The one JSON value it printed.
    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output.utf8))
    }
}

/// A process that was started here. What it says goes to files, so that a lot of it never stops it.
struct RunningProgram: Sendable {
    let id: Int32
    private let files: String
    private let begin = ContinuousClock.now
    private let ended: Task<(Int32, Bool), Never>
    private let state = Over()

    /// Starts a program.
    ///
    /// - Parameter files: a path for its output; `.out` and `.err` are added.
    init(_ arguments: [String], _ environment: [String: String], files: String) throws {
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("REGIOPOST") }
        let all = own.merging(["LC_ALL": "en_US.UTF-8"]) { $1 }.merging(environment) { $1 }
        let id = try Self.spawn(arguments, all.map { "\($0.key)=\($0.value)" }, files)
        let (stream, feed) = AsyncStream.makeStream(of: (Int32, Bool).self)
        self.id = id
        self.files = files
        ended = Task {
            for await end in stream { return end }
            return (-1, false)
        }
        // A thread of its own, because it only waits.
        Thread.detachNewThread { [state] in
            feed.yield(state.reap(id))
            feed.finish()
        }
    }

    /// By hand and not by Foundation's `Process`, whose `run` crashed after some hundreds of processes.
    private static func spawn(_ arguments: [String], _ environment: [String], _ files: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, files + ".out", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // Threads that run tasks block signals, which a child would inherit.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let (words, settings) = (arguments.map { strdup($0) } + [nil], environment.map { strdup($0) } + [nil])
        defer { for text in words + settings { free(text) } }
        var id = pid_t()
        let result = posix_spawn(&id, arguments[0], &actions, &attributes, words, settings)
        guard result == 0 else { throw Unready(what: "\(arguments[0]): \(String(cString: strerror(result)))") }
        return id
    }

    /// What it printed so far.
    var output: String { (try? String(contentsOfFile: files + ".out", encoding: .utf8)) ?? "" }

    /// Whether it has ended.
    var isOver: Bool { state.isOver }

    /// Kills it, unless it has ended: another process may have its id by then.
    func kill() { state.kill(id) }

    /// Waits for its end, but not for ever: a minute, or the time until it is to be killed.
    func end(killedAfter delay: Duration = .seconds(60)) async -> Run {
        let killer = Task {
            try await Task.sleep(for: delay)
            kill()
        }
        defer { killer.cancel() }
        let (status, isKilled) = await ended.value
        let errors = (try? String(contentsOfFile: files + ".err", encoding: .utf8)) ?? ""
        return Run(
            status: status, isKilled: isKilled, output: output, errors: errors,
            duration: ContinuousClock.now - begin)
    }
}

/// Whether a process has ended. It is reaped and killed under one lock, so that no signal meets another's id.
private final class Over: Sendable {
    private let state = Mutex(false)

    var isOver: Bool { state.withLock { $0 } }

    /// Waits for the end; blocks.
    ///
    /// - Returns: the exit status, or the signal and `true`.
    func reap(_ id: pid_t) -> (Int32, Bool) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return state.withLock { isOver in
            isOver = true
            var status: Int32 = 0
            guard waitpid(id, &status, 0) == id else { return (-1, false) }
            let signal = status & 0x7F
            return signal == 0 ? (status >> 8 & 0xFF, false) : (signal, true)
        }
    }

    func kill(_ id: pid_t) { state.withLock { if !$0 { Glibc.kill(id, SIGKILL) } } }
}
