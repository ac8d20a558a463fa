import Foundation
import RegiopostTestSupport
import Synchronization
import Testing

/// The built program, run as operators run it.
struct Program {
    /// What a run came to.
    struct Run {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The server and its commands.
    static let server = "regiopostd"
    /// The client.
    static let client = "regiopost"

    /// Runs a command to its end, in English unless the environment says otherwise.
    @discardableResult
    static func run(
        _ arguments: [String], environment: [String: String] = [:], of program: String = server
    ) async throws -> Run {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (output, errors) = (folder.file(), folder.file())
        let end: ChildProcess.End = try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try ChildProcess(
                    [path(of: program)] + arguments, environment: surroundings(environment), output: output,
                    errors: errors
                ) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        let status =
            switch end {
            case .exited(let status), .signalled(let status): status
            }
        return Run(
            status: status, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// Where a program is.
    static func path(of program: String) -> String { BuiltPrograms.path(of: program) }

    /// The environment of the tests with more, without what would choose a language or a folder.
    static func surroundings(_ environment: [String: String] = [:]) -> [String: String] {
        var all = ProcessInfo.processInfo.environment
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "REGIOPOSTD_DATA"] { all[name] = nil }
        return all.merging(environment) { $1 }
    }
}

extension TemporaryFolder {
    /// The data folder in it.
    var data: String { path + "/data" }
}
