import ArgumentParser
import RegiopostClient
import RegiopostModel

/// The steps that find a date.
extension MeetingCommand {
    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "propose", abstract: Help.propose.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: String?
        @Flag(name: .long, help: ArgumentHelp(Help.common.here)) var common = false
        @Option(name: .long, help: ArgumentHelp(Help.length.here)) var length: Int?
        @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, found in
                .propose(slot: try chosen(desk, found.state, found.view), place: place, note: note)
            }
        }

        private func chosen(_ desk: Desk, _ meeting: MeetingState, _ view: View) throws -> Slot {
            guard (slot != nil) != common else { throw Failure(.data, Texts.slotOrCommon) }
            guard length == nil || common, (1...1_440).contains(length ?? 1) else {
                throw Failure(.data, Texts.lengthOfCommon)
            }
            if let slot { return try desk.slots([slot])[0] }
            return try CommonDate(meeting: meeting, today: LocalTime.today(desk.workspace.now), minutes: length)
                .slot(in: view, desk.output)
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
            try await MeetingCommand.step(options, meeting) { desk, found in
                guard let slot = try slot.map({ try desk.slots([$0])[0] }) ?? Self.onlySlot(of: found.state) else {
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
                case .confirmed, .held, .declined, .cancelled: []
                }
            return slots.count == 1 ? slots[0] : nil
        }
    }

    struct Reschedule: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "reschedule", abstract: Help.reschedule.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.slot.here)) var slot: [String]
        @Option(name: .long, help: ArgumentHelp(Help.place.here)) var place: String?
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await MeetingCommand.step(options, meeting) { desk, _ in
                .reschedule(slots: try desk.slots(slot), place: place, reason: reason)
            }
        }
    }
}

/// The date that suits everybody who takes part in a meeting, or why there is none.
struct CommonDate {
    let meeting: MeetingState
    let today: CalendarDate?
    let minutes: Int?

    /// The earliest slot to come that suits all, for as long as was asked.
    func slot(in view: View, _ output: Output) throws -> Slot {
        if let slot = toCome(meeting.commonSlots).first { return minutes.flatMap(slot.first(minutes:)) ?? slot }
        guard meeting.withoutSlots.count < meeting.takingPart.count else {
            throw Failure(.data, code: "no-common-slot", Texts.nobodyNamedSlots)
        }
        let best = toCome(meeting.bestSlots(minutes: minutes ?? 1)).prefix(10)
        guard !best.isEmpty else {
            throw Failure(.data, code: "no-common-slot", Texts.slotsTooShort, ["minutes": String(minutes ?? 1)])
        }
        let list = best.map { "  " + described($0, view, output) }.joined(separator: "\n")
        throw Failure(.data, code: "no-common-slot", Texts.noCommonSlot, ["list": list])
    }

    /// A slot and whom it doesn't suit.
    private func described(_ slot: Slot, _ view: View, _ output: Output) -> String {
        let names = meeting.notSuited(by: slot).map(view.correspondence.directory.name(of:))
        guard !names.isEmpty else { return slot.typed }
        return output.text(Texts.notSuited, ["slot": slot.typed, "names": names.joined(separator: ", ")])
    }

    private func toCome(_ slots: [Slot]) -> [Slot] {
        slots.filter { slot in slot.length >= minutes ?? 1 && today.map { slot.date >= $0 } ?? true }
    }
}
