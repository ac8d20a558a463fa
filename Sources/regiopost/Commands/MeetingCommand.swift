import ArgumentParser
import RegiopostClient
import RegiopostModel

struct MeetingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meetings", abstract: Help.meetings.here, subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoShow.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                MeetingPresentation(view: try await desk.workspace.view(), output: desk.output).list()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.meeting(meeting, in: view)
                MeetingPresentation(view: view, output: desk.output).show(found.id, found.state)
            }
        }
    }
}

struct MeetingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meeting", abstract: Help.meeting.here,
        subcommands: [
            Request.self, MeetingsCommand.Show.self, Join.self, Leave.self, Propose.self, Counter.self, Accept.self,
            Confirm.self, Reschedule.self, Decline.self, Cancel.self, Hold.self,
        ])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "request", abstract: Help.request.here)
        @OptionGroup var options: GlobalOptions
        @Option(name: .long, help: ArgumentHelp(Help.meetingKind.here)) var kind = MeetingContent.Kind.conversation
        @Option(name: .long, help: ArgumentHelp(Help.team.here)) var team: String?
        @OptionGroup var wishes: MeetingWishes

        func run() async throws { try await wishes.request(kind, team: team, options) }
    }

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "decline", abstract: Help.decline.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { _, _ in .decline(reason: reason) }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "cancel", abstract: Help.cancel.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { _, _ in .cancel(reason: reason) }
        }
    }

    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "join", abstract: Help.join.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: [String] = []

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, found in
                .join(slots: try desk.slots(slot), replaces: found.ownJoins)
            }
        }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "leave", abstract: Help.leave.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { _, found in
                guard !found.ownJoins.isEmpty else {
                    let own = found.view.address.organisation
                    throw Failure(
                        .data, Texts.notJoined, ["name": found.view.correspondence.directory.name(of: own)])
                }
                return .leave(replaces: found.ownJoins)
            }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "hold", abstract: Help.hold.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.minutes.here)) var minutes: String?
        @Option(name: .long, help: ArgumentHelp(Help.file.here)) var file: String?
        @Option(name: .long, help: ArgumentHelp(Help.present.here)) var present: [String] = []

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, found in
                let text = try minutes ?? file.map { try TextSource.read(file: $0) } ?? ""
                guard text.contains(where: { !$0.isWhitespace }) else { throw Failure(.data, Texts.noMinutes) }
                let codes = try present.map { try desk.organisation($0, in: found.view).code }
                return .hold(MeetingStep.Minutes(text: text, present: Set(codes).sorted()))
            }
        }
    }

    /// The meeting that a step is about, as its author sees it.
    struct Found {
        let state: MeetingState
        let view: View

        /// The joins of the author's organisation that stand, which a newer one takes the place of.
        var ownJoins: [ChangeID] { state.participations[view.address.organisation]?.standing.keys.sorted() ?? [] }
    }

    /// Writes one step of a meeting's life.
    static func step(
        _ options: GlobalOptions, _ handle: String, _ make: (Desk, Found) throws -> MeetingStep
    ) async throws {
        try await Desk.write(options) { desk, view in
            let found = try desk.meeting(handle, in: view)
            let step = try make(desk, Found(state: found.state, view: view))
            return Workspace.Intent(step.type, on: .meeting(found.id), .meeting(step))
        }
    }
}
