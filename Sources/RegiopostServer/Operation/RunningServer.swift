import Logging
import NIOCore
import NIOPosix
import RegiopostJournal
import RegiopostModel
import Synchronization

/// A server on a data folder, from taking the lock to giving everything back.
public final class RunningServer: Sendable {
    /// What the command line says differently from the folder's configuration.
    public struct Overrides: Sendable {
        /// The address to listen on.
        public var listen: String?
        /// The port to listen on; 0 for any that is free.
        public var port: Int?

        /// Makes overrides.
        public init(listen: String? = nil, port: Int? = nil) {
            self.listen = listen
            self.port = port
        }
    }

    /// Where it listens.
    public let address: String
    /// The port it listens on.
    public let port: Int

    private let open: OpenFolder
    private let listener: Listener
    private let socket: AdministrationSocket
    private let group: MultiThreadedEventLoopGroup
    private let log: Logger
    private let calendar: Task<Void, Never>

    private init(
        _ open: OpenFolder, _ listener: Listener, _ socket: AdministrationSocket,
        _ group: MultiThreadedEventLoopGroup, _ address: String, _ log: Logger, _ calendar: Task<Void, Never>
    ) {
        self.open = open
        self.listener = listener
        self.socket = socket
        self.group = group
        self.address = address
        port = listener.port
        self.log = log
        self.calendar = calendar
    }

    /// Starts a server and returns when clients and operators can connect.
    ///
    /// - Parameter interval: how often it looks what has come due.
    public static func start(
        _ folder: DataFolder, _ overrides: Overrides = Overrides(), backEnd: JournalBackEnd, log: Logger,
        clock: @escaping @Sendable () -> Timestamp = SystemClock.now, lookingEvery interval: Duration = .seconds(60)
    ) async throws(OperatorError) -> RunningServer {
        try folder.checkIsWhole()
        let lock = try await lock(folder)
        let failure = FirstFailure()
        let open = try await OpenFolder.open(
            folder, lock: lock, backEnd: backEnd, clock: clock, report: { ServerLog.write($0, to: log) },
            failed: { error in
                failure.set(error)
                ServerLog.journalFailed(error, to: log)
            })
        do {
            try await open.service.blobs.clean(now: clock())
        } catch {
            // Nothing depends on it: what wasn't dropped now is at the next start.
            log.warning("uploads not cleaned", metadata: ["reason": "\(error)"])
        }
        for notice in open.storage.notices { ServerLog.write(notice, to: log) }
        do throws(OperatorError) {
            return try await listen(open, overrides, failure, log, clock, interval)
        } catch {
            try? await open.close()
            throw error
        }
    }

    private static func listen(
        _ open: OpenFolder, _ overrides: Overrides, _ failure: FirstFailure, _ log: Logger,
        _ clock: @escaping @Sendable () -> Timestamp, _ interval: Duration
    ) async throws(OperatorError) -> RunningServer {
        let address = overrides.listen ?? open.configuration.listen
        let port = overrides.port ?? open.configuration.port
        let listener: Listener
        do {
            listener = try await Listener(host: address, port: port, context: open.context, service: open.service)
        } catch {
            throw OperatorError(
                .unavailable, cannotListen,
                ["address": address, "port": String(port), "reason": String(describing: error)])
        }
        let administration = Administration(
            open: open,
            running: Administration.Running(
                port: listener.port, connections: { listener.connectionCount }, revoke: { listener.revoke($0) },
                since: clock(), failure: { failure.value }), clock: clock)
        // What came due while no server ran comes before whatever clients ask.
        await appendDue(administration, log)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let socket = try await AdministrationSocket(open.folder, group: group) { request in
                let reply = await administration.perform(request)
                ServerLog.write(request, reply, to: log)
                return reply
            }
            let calendar = Task {
                while !Task.isCancelled {
                    guard (try? await Task.sleep(for: interval)) != nil else { return }
                    // By the clock each time: it may have been put right since a certificate came.
                    listener.endExpired()
                    await appendDue(administration, log)
                }
            }
            return RunningServer(open, listener, socket, group, address, log, calendar)
        } catch {
            await listener.stop()
            try? await group.shutdownGracefully()
            throw error as? OperatorError
                ?? OperatorError(
                    .unavailable, noSocket, ["path": open.folder.socket, "reason": String(describing: error)])
        }
    }

    /// Takes nothing new, lets what is under way get its answer, writes what was queued, and gives everything back.
    public func stop() async {
        calendar.cancel()
        await calendar.value
        await socket.stop()
        await listener.stop()
        do throws(OperatorError) {
            try await open.close()
        } catch {
            log.error("journal not closed", metadata: ["reason": "\(error)"])
        }
        try? await group.shutdownGracefully()
    }

    /// Lets mandates and mergers take effect whose day has come. What can't be done now is tried again the next time.
    private static func appendDue(_ administration: Administration, _ log: Logger) async {
        // A server that recovers writes nothing new.
        guard administration.open.service.recovery == nil else { return }
        do throws(OperatorError) {
            for due in try await administration.writer.appendDue() { ServerLog.write(due, to: log) }
        } catch {
            log.error("due changes not written", metadata: ["reason": "\(error)"])
        }
    }

    /// Waits a moment for a command that holds the folder, but not for another server.
    private static func lock(_ folder: DataFolder) async throws(OperatorError) -> FolderLock {
        let end = ContinuousClock.now + .seconds(3)
        while true {
            if let lock = try FolderLock.take(folder) { return lock }
            if try await AdministrationClient.ask(.status, folder) != nil {
                throw OperatorError(.temporary, alreadyServed, ["path": folder.path])
            }
            guard ContinuousClock.now < end else {
                throw OperatorError(.temporary, held, ["path": folder.path])
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static let alreadyServed = Phrase(
        dutch: "Er draait al een server op {path}; deze is niet gestart. Zie: regiopostd status --data {path}",
        english: "A server runs on {path} already; this one was not started. See: regiopostd status --data {path}")
    private static let held = Phrase(
        dutch: "{path} is in gebruik door een ander proces; de server is niet gestart. Probeer het zo nog eens.",
        english: "{path} is in use by another process; the server was not started. Try again in a moment.")
    private static let cannotListen = Phrase(
        dutch:
            "De server kan niet luisteren op {address} poort {port} ({reason}). Kies een ander adres of een andere "
            + "poort, of stop wat daar draait.",
        english:
            "The server can't listen on {address} port {port} ({reason}). Choose another address or port, or stop "
            + "what runs there.")
    private static let noSocket = Phrase(
        dutch: "{path} kan niet worden aangemaakt ({reason}); de server is niet gestart.",
        english: "{path} can't be made ({reason}); the server was not started.")
}

/// Why the journal failed, once it has.
private final class FirstFailure: Sendable {
    private let state = Mutex<JournalError?>(nil)

    var value: JournalError? { state.withLock { $0 } }

    func set(_ error: JournalError) { state.withLock { $0 = $0 ?? error } }
}
