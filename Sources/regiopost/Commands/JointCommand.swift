import ArgumentParser
import RegiopostClient
import RegiopostModel

struct JointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "joint", abstract: Help.joint.here,
        subcommands: [List.self, Show.self, Acknowledge.self, Withdraw.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: Help.list.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                JointPresentation(view: view, output: desk.output, files: desk.profile.files).list()
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.jointHandle.here)) var joint: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let found = try desk.joint(joint, in: view)
                JointPresentation(view: view, output: desk.output, files: desk.profile.files).show(
                    found.id, found.state)
            }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "acknowledge", abstract: Help.acknowledge.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.jointHandle.here)) var joint: String
        @Option(name: .long, help: ArgumentHelp(Help.note.here)) var note: String?

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let id = try desk.joint(joint, in: view).id
                return Workspace.Intent(.jointAcknowledge, on: .joint(id), .jointAcknowledge(note: note))
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "withdraw", abstract: Help.withdraw.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.jointHandle.here)) var joint: String
        @Option(name: .long, help: ArgumentHelp(Help.reason.here)) var reason: String

        func run() async throws {
            try await Desk.write(options) { desk, view in
                let id = try desk.joint(joint, in: view).id
                return Workspace.Intent(.jointWithdraw, on: .joint(id), .jointWithdraw(reason: reason))
            }
        }
    }
}

extension Desk {
    func joint(_ handle: String, in view: View) throws -> (id: ChangeID, state: JointState) {
        try one(of: view.joints, handle, Texts.noJoint) {
            [$0.current.content.answer.dossier?.text].compactMap { $0 }
        }
    }
}
