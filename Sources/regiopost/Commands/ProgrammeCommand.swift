import ArgumentParser
import RegiopostClient
import RegiopostModel

struct ProgrammeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "programme", abstract: Help.programme.here,
        subcommands: [
            List.self, Show.self, Start.self, Include.self, Exclude.self, Rename.self, Close.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoShow.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                ProgrammePresentation(desk, try await desk.workspace.view()).list()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeHandle.here)) var programme: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.programme(programme, in: view)
                ProgrammePresentation(desk, view).show(found.id, found.state)
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "start", abstract: Help.startProgramme.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeName.here)) var name: String
        @Option(name: .long, help: ArgumentHelp(Help.programmeParty.here)) var with: [String] = []
        @Flag(name: .long, help: ArgumentHelp(Help.regionParties.here)) var regionParties = false
        @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                guard case .accounthouder(let region) = view.address.role else {
                    throw Failure(.data, code: "not-allowed", Texts.noOwnRegion)
                }
                var codes = try with.map { try desk.organisation($0, in: view).code }
                if regionParties {
                    codes += view.correspondence.directory.municipalities(of: region).map(\.code)
                }
                guard !codes.isEmpty else { throw Failure(.data, Texts.whoIsParty) }
                let content = ProgrammeContent(name: name, region: region, parties: Set(codes).sorted())
                try await desk.write(
                    Workspace.Intent(.programmeStart, .programmeStart(content), key: key), in: view)
            }
        }
    }

    struct Include: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "include", abstract: Help.include.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeHandle.here)) var programme: String
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreements: [String]

        func run() async throws {
            // Each is needed, so that what was refused holds this back.
            try await ProgrammeCommand.step(options, programme) { desk, view in
                let ids = try agreements.map { try desk.agreement($0, in: view).id }
                return (.include(ids), ids)
            }
        }
    }

    struct Exclude: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "exclude", abstract: Help.exclude.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeHandle.here)) var programme: String
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreements: [String]

        func run() async throws {
            try await ProgrammeCommand.step(options, programme) { desk, view in
                (.exclude(try agreements.map { try desk.agreement($0, in: view).id }), [])
            }
        }
    }

    struct Rename: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rename", abstract: Help.rename.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeHandle.here)) var programme: String
        @Argument(help: ArgumentHelp(Help.programmeName.here)) var name: String

        func run() async throws {
            try await ProgrammeCommand.step(options, programme) { _, _ in (.rename(name), []) }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "close", abstract: Help.close.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.programmeHandle.here)) var programme: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await ProgrammeCommand.step(options, programme) { _, _ in (.close(note: note), []) }
        }
    }

    /// Writes one step of a programme's life, with what it needs.
    fileprivate static func step(
        _ options: GlobalOptions, _ handle: String, _ make: (Desk, View) throws -> (ProgrammeStep, [ChangeID])
    ) async throws {
        try await Desk.write(options) { desk, view in
            let id = try desk.programme(handle, in: view).id
            let (step, needs) = try make(desk, view)
            return Workspace.Intent(step.type, on: .programme(id), .programme(step), needs: needs)
        }
    }
}

extension Desk {
    func programme(_ handle: String, in view: View) throws -> (id: ChangeID, state: ProgrammeState) {
        try one(of: view.programmes, handle, Texts.noProgramme) { [$0.name] }
    }
}
