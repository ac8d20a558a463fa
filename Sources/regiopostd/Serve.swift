import ArgumentParser
import Logging
import RegiopostServer

/// Runs the server until it is told to stop.
struct Serve: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: Words.say(
                "Start de server; SIGTERM of SIGINT stopt hem netjes.",
                "Run the server; SIGTERM or SIGINT stops it cleanly."))
    }

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long, help: Words.help("Luister op dit adres.", "Listen on this address."))
    var host: String?

    @Option(
        name: .long,
        help: Words.help("Luister op deze poort; 0 is een vrije.", "Listen on this port; 0 is any free one."))
    var port: Int?

    func validate() throws {
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError(
                Words.say("De poort moet tussen 0 en 65535 liggen.", "The port must be from 0 to 65535."))
        }
    }

    func run() async throws {
        ProcessSetup.ignoreBrokenPipes()
        ProcessSetup.raiseFileLimit()
        let signals = StopSignals()
        let log = Logger(label: "regiopostd") { StreamLogHandler.standardError(label: $0) }
        let server = try await common.run { () async throws(OperatorError) in
            try await RunningServer.start(
                common.folder, RunningServer.Overrides(listen: host, port: port), backEnd: .log, log: log)
        }
        try Terminal.show(
            Words.say(
                "regiopostd luistert op \(server.address) poort \(server.port)\n",
                "regiopostd listens on \(server.address) port \(server.port)\n"))
        await signals.first()
        log.notice("stop", metadata: ["object": "server", "result": "begun", "actor": "signal"])
        await server.stop()
        log.notice("stop", metadata: ["object": "server", "result": "done", "actor": "signal"])
        withExtendedLifetime(signals) {}
    }
}
