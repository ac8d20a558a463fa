import Foundation

/// A program started by `posix_spawn`, its output going to files, so that a lot of it never stops it.
///
/// Foundation's `Process` crashed now and then (a bad pointer in `run`) when a test started hundreds of children.
public struct ChildProcess: Sendable {
    /// How a process ended.
    public enum End: Equatable, Sendable {
        case exited(status: Int32)
        case signalled(Int32)
    }

    /// Why one couldn't be started: the operating system's number.
    public struct SpawnError: Error {
        /// The number.
        public let number: Int32
    }

    /// Its process id.
    public let id: Int32

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - input: the file that is its standard input; nothing, where there is none.
    ///   - output: the file that standard output goes to, and `errors` standard error; made anew.
    ///   - ended: called once from a thread of its own when the process has ended, before its id is free again.
    public init(
        _ arguments: [String], environment: [String: String], input: String = "/dev/null",
        output: String, errors: String, ended: @escaping @Sendable (End) -> Void
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // A child that held a copy of a test's socket would keep the connection open after the test closed it.
        // Closing what isn't open does nothing.
        for descriptor in Int32(3)..<8_192 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        // Threads that run tasks block signals, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let argumentList = arguments.map { strdup($0) } + [nil]
        let environmentList = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { for pointer in argumentList + environmentList { free(pointer) } }
        var id: pid_t = 0
        let number = posix_spawn(&id, arguments[0], &actions, &attributes, argumentList, environmentList)
        guard number == 0 else { throw SpawnError(number: number) }
        self.id = id
        let child = id
        Thread.detachNewThread {
            var info = siginfo_t()
            while waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            // Told before the id is given back, so that nobody kills a process that got it next.
            let status = info._sifields._sigchld.si_status
            ended(info.si_code == CLD_EXITED ? .exited(status: status) : .signalled(status))
            while waitpid(child, nil, 0) < 0, errno == EINTR {}
        }
    }
}
