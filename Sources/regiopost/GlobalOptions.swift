import ArgumentParser
import Foundation
import RegiopostModel

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Help.profile.here))
    var profile: String = ProcessInfo.processInfo.environment["REGIOPOST_PROFILE"] ?? "default"

    @Option(name: .long, help: ArgumentHelp(Help.home.here))
    var home: String?

    @Option(name: .long, help: ArgumentHelp(Help.language.here))
    var language: Language?

    @Flag(name: .long, help: ArgumentHelp(Help.json.here))
    var json = false

    /// The profile's folder: below `--home`, `REGIOPOST_HOME`, or where the desktop standards put a program's data.
    var folder: String {
        let environment = ProcessInfo.processInfo.environment
        if let home = home ?? environment["REGIOPOST_HOME"], !home.isEmpty { return home + "/" + profile }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty { return data + "/regiopost/" + profile }
        return (environment["HOME"] ?? ".") + "/.local/share/regiopost/" + profile
    }

    func validate() throws {
        let isName = !profile.isEmpty && profile != "." && profile != ".." && !profile.contains("/")
        guard isName else { throw ValidationError(Help.badProfile.here) }
    }
}

extension Language: ExpressibleByArgument {}

extension Language {
    /// The language of this run.
    static let here = preferred(
        arguments: CommandLine.arguments, environment: ProcessInfo.processInfo.environment)
}

extension Phrase {
    /// The sentence in the language of this run.
    var here: String { text(Language.here) }
}
