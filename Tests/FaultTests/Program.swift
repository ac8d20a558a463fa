import Foundation
import Glibc
import RegiopostTestSupport
import Synchronization
import Testing

/// The programs that are tried.
enum Program: String {
    case client = "regiopost"
    case server = "regiopostd"

    var path: String { BuiltPrograms.path(of: rawValue) }

    /// Whether system calls can be followed here, which a container may forbid.
    static func canTrace() async -> Bool {
        let files = TemporaryFolder()
        let command = ["/usr/bin/strace", "-D", "-f", "-qq", "-o", "/dev/null", "/bin/true"]
        guard let running = try? RunningProgram(command, [:], files: files.file()) else { return false }
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
    private let arguments: [String]
    private let files: String
    private let begin = ContinuousClock.now
    private let ended: Task<(Int32, Bool), Never>
    private let state = Over()

    /// Starts a program.
    ///
    /// - Parameter files: a path for its output; `.out` and `.err` are added.
    init(_ arguments: [String], _ environment: [String: String], files: String) throws {
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("REGIOPOST") }
        let (stream, feed) = AsyncStream.makeStream(of: (Int32, Bool).self)
        let process = try ChildProcess(
            arguments, environment: own.merging(["LC_ALL": "en_US.UTF-8"]) { $1 }.merging(environment) { $1 },
            output: files + ".out", errors: files + ".err"
        ) { [state] end in
            state.withLock { $0 = true }
            switch end {
            case .exited(let status): feed.yield((status, false))
            case .signalled(let signal): feed.yield((signal, true))
            }
            feed.finish()
        }
        id = process.id
        self.arguments = arguments
        self.files = files
        ended = Task {
            for await end in stream { return end }
            return (-1, false)
        }
    }

    /// What it printed so far.
    var output: String { (try? String(contentsOfFile: files + ".out", encoding: .utf8)) ?? "" }

    /// Whether it has ended.
    var isOver: Bool { state.withLock { $0 } }

    /// Sends it a signal, unless it has ended.
    func signal(_ number: Int32) { state.withLock { if !$0 { Glibc.kill(id, number) } } }

    /// Kills it, unless it has ended: another process may have its id by then.
    func kill() { state.withLock { if !$0 { Glibc.kill(id, SIGKILL) } } }

    /// Waits for its end. It is killed after a time where one is given; else it is taken to hang after ten minutes, which
    /// fails the test. Programs end their own waits within a minute; what is more is a machine with a lot else to do.
    func end(killedAfter delay: Duration? = nil) async -> Run {
        let killer = Task {
            if let delay {
                try await Task.sleep(for: delay)
            } else {
                // In small steps: a machine that stood still for a while loses one of them.
                for _ in 0..<2_400 { try await Task.sleep(for: .milliseconds(250)) }
                Issue.record("\(arguments) hangs in\n\(threads)")
            }
            kill()
        }
        defer { killer.cancel() }
        let (status, isKilled) = await ended.value
        let errors = (try? String(contentsOfFile: files + ".err", encoding: .utf8)) ?? ""
        return Run(
            status: status, isKilled: isKilled, output: output, errors: errors,
            duration: ContinuousClock.now - begin)
    }

    /// Its threads, and what each of them waits for in the kernel.
    private var threads: String {
        let folder = "/proc/\(id)/task"
        func text(_ thread: String, _ file: String) -> String {
            let text = (try? String(contentsOfFile: "\(folder)/\(thread)/\(file)", encoding: .utf8)) ?? "?"
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return all.map { "\(text($0, "comm")): \(text($0, "wchan")), \(text($0, "syscall"))" }
            .joined(separator: "\n")
    }
}

/// Whether a process is known to have ended.
private final class Over: Sendable {
    private let state = Mutex(false)

    func withLock<Value>(_ body: (inout Bool) -> Value) -> Value { state.withLock { body(&$0) } }
}
