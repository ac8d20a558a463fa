import Foundation
import Synchronization
import Testing

/// A server on a data folder of its own and the profiles of its clients, all as separate processes over TLS.
final class Town: Sendable {
    let folder: String
    let port: Int
    private let server = Mutex<RunningProgram?>(nil)
    private let runs = Atomic(0)

    /// The server's data folder.
    let data: String
    var home: String { folder + "/clients" }

    private init(data: String?) throws {
        folder = FileManager.default.temporaryDirectory.path + "/regiopost-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        port = try Self.freePort()
        self.data = data ?? folder + "/server"
    }

    /// Runs the body in a new town and leaves no process and no file behind, whatever comes of it.
    ///
    /// - Parameter data: the server's data folder, where it isn't to be in the town's own.
    static func with(data: String? = nil, _ body: (Town) async throws -> Void) async throws {
        let town = try Town(data: data)
        do {
            try await town.operate(["init", "--host", "127.0.0.1", "--port", String(town.port)])
            try await town.startServer()
            try await body(town)
            await town.killServer()
            try? FileManager.default.removeItem(atPath: town.folder)
        } catch {
            await town.killServer()
            try? FileManager.default.removeItem(atPath: town.folder)
            throw error
        }
    }

    // MARK: Server

    /// Starts the server and waits until it is ready, or killed where that comes first.
    ///
    /// - Parameters:
    ///   - moment: a system call at which it is to be killed.
    ///   - tracer: what the server is started under instead.
    func startServer(
        on data: String? = nil, port: Int? = nil, at moment: Moment? = nil, under tracer: [String] = []
    ) async throws {
        let options = port.map { ["--port", String($0)] } ?? []
        let command =
            (moment?.tracer ?? tracer) + [Program.server.path, "serve", "--data", data ?? self.data] + options
        let running = try RunningProgram(command, [:], files: nextFiles())
        server.withLock { $0 = running }
        for _ in 0..<12_000 {
            if running.output.hasSuffix("\n") || running.isOver { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Unready(what: "the server")
    }

    /// Runs the body while the server listens on another port, which the body is told.
    func moveServer(_ body: (Int) async throws -> Void) async throws {
        await killServer()
        let other = try Self.freePort()
        try await startServer(port: other)
        try await body(other)
        await killServer()
        try await startServer()
    }

    /// Kills the server without a warning, if it still runs, and waits until it is gone.
    ///
    /// - Returns: its run; it isn't killed where it had ended by itself.
    @discardableResult func killServer() async -> Run? {
        let running = server.withLock { server in
            defer { server = nil }
            return server
        }
        guard let running else { return nil }
        running.kill()
        return await running.end()
    }

    /// Stops the server for as long as the body runs, as if the machine stood still.
    func freezeServer<Value>(_ body: () async throws -> Value) async throws -> Value {
        server.withLock { $0?.signal(SIGSTOP) }
        defer { server.withLock { $0?.signal(SIGCONT) } }
        return try await body()
    }

    /// Whether the server still runs.
    var isServing: Bool { server.withLock { $0?.isOver == false } }

    /// Waits until what the server took is in its index, which is written a moment after the log, or the server is gone.
    func awaitIndexing() async {
        for _ in 0..<20 where isServing { try? await Task.sleep(for: .milliseconds(100)) }
    }

    /// Runs an operator's command on a data folder, the town's where none is named, and expects it to succeed.
    @discardableResult func operate(_ arguments: [String], on data: String? = nil) async throws -> Run {
        let run = try await operateUnsure(arguments, on: data)
        try #require(run.status == 0, "regiopostd \(arguments): \(run.errors)")
        return run
    }

    /// Runs an operator's command that may fail.
    func operateUnsure(_ arguments: [String], on data: String? = nil) async throws -> Run {
        let all = [Program.server.path] + arguments + ["--data", data ?? self.data]
        return try await RunningProgram(all, [:], files: nextFiles()).end()
    }

    /// Makes an invitation.
    func invite(_ address: String) async throws -> String {
        try await operate(["invite", address]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    // MARK: Clients

    /// Runs a client's command, killed at a moment where one is given.
    func client(
        _ profile: String, _ arguments: [String], at moment: Moment? = nil, home: String? = nil
    ) async throws -> Run {
        let command = [Program.client.path] + arguments + ["--profile", profile, "--json"]
        let running = try RunningProgram(
            (moment?.tracer ?? []) + command, ["REGIOPOST_HOME": home ?? self.home], files: nextFiles())
        if case .after(let delay) = moment { return await running.end(killedAfter: delay) }
        return await running.end()
    }

    /// Types text into `regiopost protocol`, and then nothing more.
    func type(_ text: String, into profile: String) async throws -> Run {
        let file = nextFiles() + ".in"
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        let command = [
            "/bin/sh", "-c", "exec \"$0\" protocol --profile \"$1\" <\"$2\"", Program.client.path, profile,
        ]
        return try await RunningProgram(command + [file], ["REGIOPOST_HOME": home], files: nextFiles()).end()
    }

    /// Runs a client's command and expects it to succeed.
    @discardableResult func succeed(_ profile: String, _ arguments: String...) async throws -> Run {
        let run = try await client(profile, arguments)
        try #require(run.status == 0, "\(profile): regiopost \(arguments): \(run.output)\(run.errors)")
        return run
    }

    /// Enrols a profile and brings it up to date.
    func enrol(_ profile: String, _ address: String) async throws {
        try await succeed(profile, "enroll", try await invite(address))
        try await succeed(profile, "sync")
    }

    /// Syncs until it succeeds.
    func sync(_ profile: String) async throws {
        for _ in 0..<3 where try await client(profile, ["sync"]).status == 0 { return }
        try await succeed(profile, "sync")
    }

    func queue(_ profile: String) async throws -> [QueueItem] {
        try await succeed(profile, "queue").value([QueueItem].self)
    }

    func meetings(_ profile: String) async throws -> [Meeting] {
        try await succeed(profile, "meetings").value([Meeting].self)
    }

    func responses(_ profile: String) async throws -> [Response] {
        try await succeed(profile, "responses").value([Response].self)
    }

    private func nextFiles() -> String { folder + "/run-\(runs.add(1, ordering: .relaxed).newValue)" }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 ? getsockname(socket, pointer, &length) : -1
            }
        }
        guard result == 0 else { throw Unready(what: "a port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// What isn't there in time.
struct Unready: Error {
    let what: String
}

/// A line of `regiopost queue --json`.
struct QueueItem: Decodable, Equatable {
    let id: String
    let type: String
    let state: String
}

/// A meeting of `regiopost meetings --json`.
struct Meeting: Decodable, Equatable {
    let id: String
    let status: String
    let requester: String
    let themes: [String]
}

/// A response of `regiopost responses --json`.
struct Response: Decodable, Equatable {
    let organisation: String
    let version: Int
    let text: String
}

/// What `regiopost sync --json` says.
struct SyncSaid: Decodable {
    /// A receipt.
    struct Sent: Decodable {
        let id: String
        let position: Int
        let received: String
    }

    let sent: [Sent]
}

/// What a queueing command says with `--json`.
struct Queued: Decodable {
    let id: String
}
