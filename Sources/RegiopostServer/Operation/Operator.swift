import RegiopostModel
import Synchronization

/// The way from a command to a data folder: through the server that runs on it, or by taking its lock.
public struct Operator: Sendable {
    private let folder: DataFolder
    private let backEnd: JournalBackEnd
    private let clock: @Sendable () -> Timestamp
    private let patience: Duration

    /// Makes an operator of a folder.
    ///
    /// - Parameter patience: how long to wait for another command that holds the folder.
    public init(
        _ folder: DataFolder, backEnd: JournalBackEnd, clock: @escaping @Sendable () -> Timestamp = SystemClock.now,
        patience: Duration = .seconds(15)
    ) {
        self.folder = folder
        self.backEnd = backEnd
        self.clock = clock
        self.patience = patience
    }

    /// Does what is asked and answers it. Throws where the folder can't be reached; what went wrong beyond that stands in
    /// the reply.
    public func perform(_ request: AdministrationRequest) async throws(OperatorError) -> AdministrationReply {
        try folder.checkIsWhole()
        let end = ContinuousClock.now + patience
        while true {
            if let reply = try await AdministrationClient.ask(request, folder) { return reply }
            if let lock = try FolderLock.take(folder) { return try await perform(request, holding: lock) }
            // A server that is starting, or another command.
            guard ContinuousClock.now < end else {
                throw OperatorError(.temporary, Self.busy, ["path": folder.path])
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func perform(
        _ request: AdministrationRequest, holding lock: FolderLock
    ) async throws(OperatorError) -> AdministrationReply {
        let open = try await OpenFolder.open(
            folder, lock: lock, backEnd: backEnd, clock: clock, report: { _ in }, failed: { _ in })
        let reply = await Administration(open: open, running: nil, clock: clock).perform(request)
        try await open.close()
        return reply
    }

    private static let busy = Phrase(
        dutch: "De gegevensmap {path} is bezet door een ander proces. Er is niets gedaan; probeer het zo nog eens.",
        english: "The data folder {path} is held by another process. Nothing was done; try again in a moment.")
}
