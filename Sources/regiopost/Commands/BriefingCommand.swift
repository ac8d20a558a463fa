import ArgumentParser
import RegiopostClient
import RegiopostModel

struct BriefingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "briefing", abstract: Help.briefing.here, subcommands: [Request.self])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "request", abstract: Help.request.here)
        @OptionGroup var options: GlobalOptions
        @OptionGroup var wishes: MeetingWishes
        @Option(name: .long, help: ArgumentHelp(Help.with.here)) var with: [String] = []
        @Flag(name: .long, help: ArgumentHelp(Help.wholeRegion.here)) var region = false

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let content = try wishes.content(.briefing, inviting: try invited(desk, view), desk, view)
                try await desk.write(
                    Workspace.Intent(.meetingRequest, .meetingRequest(content), key: wishes.key), in: view)
            }
        }

        private func invited(_ desk: Desk, _ view: View) throws -> [OrganisationCode] {
            let own = desk.profile.address.organisation
            var codes = try with.map { try desk.organisation($0, in: view).code }
            if region {
                guard let name = view.correspondence.directory.region(of: own)?.name else {
                    throw Failure(.data, Texts.noRegion, ["name": own.text])
                }
                codes += view.correspondence.directory.municipalities(of: name).map(\.code)
            }
            return Set(codes).subtracting([own]).sorted()
        }
    }
}
