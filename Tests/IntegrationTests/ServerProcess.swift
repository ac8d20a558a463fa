import Foundation
import Synchronization
import Testing

/// A `regiopostd serve` of its own process, ended with the test.
final class ServerProcess: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: the process is started in `start`; afterwards only signals are sent by its id.
    let port: Int
    private let process: Process
    private let exited: Exited
    private let errors: Collected

    private init(_ process: Process, port: Int, _ exited: Exited, _ errors: Collected) {
        self.process = process
        self.port = port
        self.exited = exited
        self.errors = errors
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Serves a folder on a free port, and returns when the program says that it is ready.
    static func start(_ data: String) async throws -> ServerProcess {
        let (process, output, errors) = Program.prepared(["serve", "--data", data, "--port", "0"], [:])
        let exited = Exited()
        let log = Collected()
        errors.fileHandleForReading.readabilityHandler = { handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil } else { log.add(bytes) }
        }
        let (lines, feed) = AsyncStream.makeStream(of: String.self)
        output.fileHandleForReading.readabilityHandler = { handle in
            let bytes = handle.availableData
            if bytes.isEmpty {
                handle.readabilityHandler = nil
                feed.finish()
            } else {
                feed.yield(String(decoding: bytes, as: UTF8.self))
            }
        }
        process.terminationHandler = { exited.set($0.terminationStatus) }
        try process.run()
        var said = ""
        for await piece in lines {
            said += piece
            if said.hasSuffix("\n") { break }
        }
        let port = try #require(
            said.split(separator: " ").last.flatMap { Int($0.dropLast()) }, "it said \"\(said)\" and \(log.text)")
        return ServerProcess(process, port: port, exited, log)
    }

    /// What the server wrote to its log so far.
    var log: String { errors.text }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The exit status, or the signal that ended it, once it has ended.
    func status() async -> Int32 { await exited.status() }

    /// Ends it as a service manager does.
    func stop() async -> Int32 {
        signal(SIGTERM)
        return await status()
    }
}

/// Bytes that come in from another thread.
private final class Collected: Sendable {
    private let bytes = Mutex(Data())

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func add(_ more: Data) { bytes.withLock { $0 += more } }
}

/// A status that comes once, for whoever waits.
private final class Exited: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    func set(_ status: Int32) {
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
