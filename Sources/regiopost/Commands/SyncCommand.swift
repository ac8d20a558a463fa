import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sync", abstract: Help.sync.here)

    @OptionGroup var options: GlobalOptions
    @Flag(name: .long, help: ArgumentHelp(Help.watch.here)) var watch = false
    @Option(name: .long, help: ArgumentHelp(FileTexts.limit.here)) var attachments: Int?
    @OptionGroup var tracing: TraceOption

    func run() async throws {
        try await Desk.open(options) { desk in
            let connection = try await desk.profile.connect(trace: tracing.trace)
            let engine = SyncEngine(
                store: desk.workspace.store, connection: connection, files: desk.profile.files,
                fetchLimit: attachments.map { min(max($0, 0), 1 << 20) << 20 } ?? SyncEngine.standardFetchLimit)
            if watch {
                desk.output.say(Texts.watching)
                try await engine.watch(pause: { try await Task.sleep(for: .seconds(1)) }) { report in
                    await SyncPresentation(desk: desk, isWatching: true).show(report)
                }
            } else {
                let report = try await engine.sync()
                await connection.close()
                let items = await SyncPresentation(desk: desk).show(report)
                try Self.exit(report, items)
            }
        }
    }

    /// Scripts learn from the status whether everything arrived.
    private static func exit(_ report: SyncReport, _ items: [OutboxItem]) throws {
        if !report.refused.isEmpty { throw ExitCode(Failure.Status.data.rawValue) }
        if report.postponed > 0 { throw ExitCode(Failure.Status.temporary.rawValue) }
    }
}
