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
            Request.self, Propose.self, Counter.self, Accept.self, Confirm.self, Decline.self, Cancel.self,
            Join.self,
        ])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "request", abstract: Help.request.here)
        @OptionGroup var options: GlobalOptions
        @OptionGroup var wishes: MeetingWishes

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let content = try wishes.content(.conversation, inviting: [], desk, view)
                try await desk.write(
                    Workspace.Intent(.meetingRequest, .meetingRequest(content), key: wishes.key), in: view)
            }
        }
    }

    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "propose", abstract: Help.propose.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: String
        @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, _ in
                .propose(slot: try desk.slots([slot])[0], place: place, note: note)
            }
        }
    }

    struct Counter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "counter", abstract: Help.counter.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: [String]
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, _ in
                .counter(slots: try desk.slots(slot), note: note)
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "accept", abstract: Help.accept.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { _, _ in .accept(note: note) }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "confirm", abstract: Help.confirm.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: String?
        @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, state in
                guard let slot = try slot.map({ try desk.slots([$0])[0] }) ?? Self.onlySlot(of: state) else {
                    throw Failure(.data, Texts.whichSlot)
                }
                return .confirm(slot: slot, place: place, note: note)
            }
        }

        /// The one slot that stands, where there is exactly one.
        private static func onlySlot(of meeting: MeetingState) -> Slot? {
            let slots: [Slot] =
                switch meeting.status {
                case .proposed(let slot, _), .accepted(let slot, _): [slot]
                case .countered(let slots): slots
                case .requested: meeting.commonSlots
                case .confirmed, .declined, .cancelled: []
                }
            return slots.count == 1 ? slots[0] : nil
        }
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
            try await MeetingCommand.step(options, meeting) { desk, _ in .join(slots: try desk.slots(slot)) }
        }
    }

    /// Writes one step of a meeting's life.
    fileprivate static func step(
        _ options: GlobalOptions, _ handle: String, _ make: (Desk, MeetingState) throws -> MeetingStep
    ) async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let found = try desk.meeting(handle, in: view)
            let step = try make(desk, found.state)
            try await desk.write(Workspace.Intent(step.type, on: .meeting(found.id), .meeting(step)), in: view)
        }
    }
}
