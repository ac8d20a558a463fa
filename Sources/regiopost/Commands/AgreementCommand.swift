import ArgumentParser
import RegiopostClient
import RegiopostModel

struct AgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: Help.agreement.here,
        subcommands: [
            List.self, Show.self, Record.self, Progress.self, Amend.self, Complete.self, Drop.self, Reopen.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoShow.here)
        @OptionGroup var options: GlobalOptions
        @Flag(name: .long, help: ArgumentHelp(Help.onlyOpen.here)) var open = false
        @Flag(name: .long, help: ArgumentHelp(Help.onlyOverdue.here)) var overdue = false
        @Flag(name: .long, help: ArgumentHelp(Help.onlyMine.here)) var mine = false

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let presentation = AgreementPresentation(desk, view)
                presentation.list(
                    view.agreements.filter { _, state in
                        (!open || state.status == .open) && (!overdue || presentation.isOverdue(state))
                            && (!mine || state.content.owner == view.address.organisation)
                    })
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.agreement(agreement, in: view)
                AgreementPresentation(desk, view).show(found.id, found.state)
            }
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "record", abstract: Help.recordAgreement.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.meetingHandle.here)) var meeting: String
        @Option(name: .long, help: ArgumentHelp(Help.agreementText.here)) var text: String
        @Option(name: .long, help: ArgumentHelp(Help.owner.here)) var owner: String?
        @Option(name: .long, help: ArgumentHelp(Help.agreementDue.here)) var due: String?
        @Option(name: .long, help: ArgumentHelp(Help.theme.here)) var theme: [String] = []
        @OptionGroup var level: ConfidentialityOption
        @Option(name: .long, help: ArgumentHelp(Help.key.here)) var key: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let (id, state) = try desk.meeting(meeting, in: view)
                guard let record = state.record else {
                    throw Failure(.data, code: "illegal-step", Texts.notHeld, ["handle": Handle.text(id)])
                }
                let content = AgreementContent(
                    meeting: id, kind: state.content.kind, parties: state.parties, text: text,
                    owner: try owner(desk, view), due: try due.map(LetterPublishCommand.date), themes: theme,
                    dossier: state.content.dossier, letter: state.content.letter,
                    confidentiality: level.confidentiality ?? Self.level(of: state.content))
                try await desk.write(
                    Workspace.Intent(.agreementRecord, .agreementRecord(content), key: key, needs: [record.id]),
                    in: view)
            }
        }

        /// What comes out of a meeting is no more open than the meeting, nor than usual, unless somebody says so.
        private static func level(of meeting: MeetingContent) -> Confidentiality? {
            meeting.confidentiality.flatMap { $0 > .standard ? $0 : nil }
        }

        private func owner(_ desk: Desk, _ view: View) throws -> OrganisationCode {
            try owner.map { try desk.organisation($0, in: view).code } ?? view.address.organisation
        }
    }

    struct Progress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "progress", abstract: Help.progress.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String
        @Option(name: .long, help: ArgumentHelp(Help.percent.here)) var percent: Int?

        func run() async throws {
            try await AgreementCommand.step(options, agreement) {
                guard (0...100).contains(percent ?? 0) else { throw Failure(.data, Texts.badPercent) }
                return .progress(note: note, percent: percent)
            }
        }
    }

    struct Amend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "amend", abstract: Help.amend.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String
        @Option(name: .long, help: ArgumentHelp(Help.agreementDue.here)) var due: String?
        @Flag(name: .long, help: ArgumentHelp(Help.noDue.here)) var noDue = false
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await AgreementCommand.step(options, agreement) {
                guard (due != nil) != noDue else { throw Failure(.data, Texts.dueOrNone) }
                return .amend(due: try due.map(LetterPublishCommand.date), reason: reason)
            }
        }
    }

    struct Complete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "complete", abstract: Help.complete.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws { try await AgreementCommand.step(options, agreement) { .complete(note: note) } }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "drop", abstract: Help.dropAgreement.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws { try await AgreementCommand.step(options, agreement) { .drop(reason: reason) } }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "reopen", abstract: Help.reopen.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.agreementHandle.here)) var agreement: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws { try await AgreementCommand.step(options, agreement) { .reopen(reason: reason) } }
    }

    /// Writes one step of an agreement's life.
    fileprivate static func step(
        _ options: GlobalOptions, _ handle: String, _ make: () throws -> AgreementStep
    ) async throws {
        try await Desk.write(options) { desk, view in
            let id = try desk.agreement(handle, in: view).id
            let step = try make()
            return Workspace.Intent(step.type, on: .agreement(id), .agreement(step))
        }
    }
}

extension Desk {
    func agreement(_ handle: String, in view: View) throws -> (id: ChangeID, state: AgreementState) {
        try one(of: view.agreements, handle, Texts.noAgreement)
    }
}
