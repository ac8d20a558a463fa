import ArgumentParser
import RegiopostModel

struct BriefingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "briefing", abstract: Help.briefing.here, subcommands: [Request.self])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "request", abstract: Help.request.here)
        @OptionGroup var options: GlobalOptions
        @OptionGroup var wishes: MeetingWishes

        func run() async throws { try await wishes.request(.briefing, options) }
    }
}
