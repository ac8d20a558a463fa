import ArgumentParser
import Foundation
import RegiopostModel
import RegiopostServer

/// The language of this run, which help texts need before the arguments are read.
enum Words {
    static let language = Language.preferred(
        arguments: CommandLine.arguments, environment: ProcessInfo.processInfo.environment)

    static func say(_ dutch: String, _ english: String) -> String {
        Phrase(dutch: dutch, english: english).text(language)
    }

    static func help(_ dutch: String, _ english: String) -> ArgumentHelp { ArgumentHelp(say(dutch, english)) }
}

extension Language: ExpressibleByArgument {}
