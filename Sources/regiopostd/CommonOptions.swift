import ArgumentParser
import Foundation
import RegiopostModel
import RegiopostServer

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .long,
        help: Words.help(
            "De gegevensmap; anders REGIOPOSTD_DATA, anders /var/lib/regiopost.",
            "The data folder; else REGIOPOSTD_DATA, else /var/lib/regiopost."), completion: .directory)
    var data: String?

    @Option(name: .long, help: Words.help("Taal: nl of en.", "Language: nl or en."))
    var language: Language?

    var folder: DataFolder {
        let path = data ?? ProcessInfo.processInfo.environment["REGIOPOSTD_DATA"]
        guard let path, !path.isEmpty else { return .standard }
        return DataFolder(path: path)
    }

    /// Runs what may fail; a failure is told on standard error and becomes the exit status.
    func run<Value>(_ body: () async throws(OperatorError) -> Value) async throws -> Value {
        do throws(OperatorError) {
            return try await body()
        } catch {
            Terminal.complain(error.text(Words.language) + "\n")
            throw ExitCode(error.code.exitStatus)
        }
    }

    /// Asks the folder, or the server on it, and shows the reply.
    func ask(_ request: AdministrationRequest, asJSON: Bool) async throws {
        let reply = try await run { () async throws(OperatorError) in
            try await Operator(folder, backEnd: .log).perform(request)
        }
        let presentation = Presentation(request, reply, Words.language, asJSON: asJSON)
        try Terminal.show(presentation.output)
        Terminal.complain(presentation.remarks)
        if let error = reply.error { throw ExitCode(error.code.exitStatus) }
    }
}

/// For commands that programs read.
struct JSONOption: ParsableArguments {
    @Flag(
        name: .long,
        help: Words.help(
            "JSON voor programma's: één object per regel.", "JSON for programs: one object a line."))
    var json = false
}
