import Foundation
import RegiopostTestSupport
import Testing

/// A `regiopostd serve` of its own process, ended with the test.
final class ServerProcess: Sendable {
    let port: Int
    private let process: ChildProcess
    private let exited: Exited
    private let files: TemporaryFolder
    private let errors: String

    private init(_ process: ChildProcess, port: Int, _ exited: Exited, _ files: TemporaryFolder, errors: String) {
        self.process = process
        self.port = port
        self.exited = exited
        self.files = files
        self.errors = errors
    }

    deinit {
        signal(SIGKILL)
    }

    /// Serves a folder on a port, any free one unless said, and returns when the program says that it is ready.
    static func start(_ data: String, port wanted: Int = 0) async throws -> ServerProcess {
        let files = TemporaryFolder()
        let (output, errors) = (files.file(), files.file())
        let exited = Exited()
        let process = try ChildProcess(
            [Program.path(of: Program.server), "serve", "--data", data, "--port", String(wanted)],
            environment: Program.surroundings(), output: output, errors: errors
        ) { exited.set($0) }
        var said = ""
        while !said.hasSuffix("\n"), !exited.isKnown {
            try await Task.sleep(for: .milliseconds(10))
            said = text(output)
        }
        let port = try #require(
            said.split(separator: " ").last.flatMap { Int($0.dropLast()) },
            "it said \"\(said)\" and \(text(errors))")
        return ServerProcess(process, port: port, exited, files, errors: errors)
    }

    /// What the server wrote to its log so far.
    var log: String { Self.text(errors) }

    private static func text(_ file: String) -> String {
        (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }

    /// How many bytes of memory it has in use.
    var memory: Int {
        let words = Self.text("/proc/\(process.id)/statm").split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }

    /// Sends it a signal, unless it has ended: another process may have its id by then.
    func signal(_ number: Int32) {
        if !exited.isKnown { kill(process.id, number) }
    }

    /// The exit status, or the signal that ended it, once it has ended.
    func status() async -> Int32 { await exited.status() }

    /// Ends it as a service manager does.
    func stop() async -> Int32 {
        signal(SIGTERM)
        return await status()
    }
}
