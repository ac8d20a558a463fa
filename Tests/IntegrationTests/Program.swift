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

    static var path: String { Bundle.main.bundleURL.appendingPathComponent("regiopostd").path }

    /// Runs a command to its end, in English unless the environment says otherwise.
    @discardableResult
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Run {
        let (process, output, errors) = prepared(arguments, environment)
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Run(
            status: status,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            errors: String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }

    static func prepared(
        _ arguments: [String], _ environment: [String: String]
    ) -> (process: Process, output: Pipe, errors: Pipe) {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var all = ProcessInfo.processInfo.environment
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "REGIOPOSTD_DATA"] { all[name] = nil }
        process.environment = all.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        return (process, output, errors)
    }
}

extension TemporaryFolder {
    /// The data folder in it.
    var data: String { path + "/data" }
}
