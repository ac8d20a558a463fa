import ArgumentParser
import RegiopostClient
import RegiopostModel

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: Help.queue.here,
        subcommands: [
            List.self, Show.self, Check.self, QueueResolveCommand.self, QueueEditCommand.self, Redo.self,
            Retry.self,
            Drop.self,
        ], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoQueue.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in desk.queue(try await desk.workspace.view(of: .queue)).list() }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: Help.show.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view(of: .queue)
                desk.queue(view).show(try desk.queued(change, in: view))
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "check", abstract: QueueTexts.check.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                let files = desk.profile.files
                let forecasts = try await desk.workspace.forecast { file async throws(ClientError) in
                    try await files.fault(of: file)
                }
                desk.queue(try await desk.workspace.view(of: .queue)).show(forecasts)
                if !forecasts.allSatisfy(\.isFine) { throw ExitCode(Failure.Status.data.rawValue) }
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "drop", abstract: Help.drop.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String
        @Flag(name: .long, help: ArgumentHelp(QueueTexts.withDependents.here)) var withDependents = false

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view(of: .queue)
                try await desk.drop(try desk.queued(change, in: view), withDependents: withDependents, in: view)
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "retry", abstract: Help.retry.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let item = try desk.refused(change, in: try await desk.workspace.view(of: .queue))
                try await desk.workspace.store.settle(item.change.id, as: .queued)
                desk.output.say(Texts.retried)
                desk.output.emit(.object(["id": .string(item.change.id.text), "queued": .bool(true)]))
            }
        }
    }

    struct Redo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "redo", abstract: Help.redo.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                try await desk.redo(try desk.refused(change, in: view), in: view)
            }
        }
    }
}

extension Desk {
    /// The outbox, to be shown.
    func queue(_ view: View) -> QueuePresentation {
        QueuePresentation(view: view, output: output, now: workspace.now)
    }

    /// The item of the outbox that a handle means.
    func queued(_ handle: String, in view: View) throws -> OutboxItem {
        let id = try one(
            Handle.find(handle, among: view.outbox.map { ($0.change.id, []) }), handle, Texts.notInQueue)
        guard let item = view.outbox.first(where: { $0.change.id == id }) else {
            throw Failure(.data, Texts.notInQueue, ["handle": handle])
        }
        return item
    }

    /// The refused item that a handle means.
    func refused(_ handle: String, in view: View) throws -> OutboxItem {
        let item = try queued(handle, in: view)
        guard case .refused = item.state else { throw Failure(.data, Texts.notRefused, ["handle": handle]) }
        return item
    }

    /// The item that a handle means, where it may still be changed: the server surely doesn't have it.
    func changeable(_ handle: String, in view: View) throws -> OutboxItem {
        let item = try queued(handle, in: view)
        guard item.isSurelyNotThere else { throw Failure(.data, Texts.mayHaveArrived, ["handle": handle]) }
        return item
    }

    /// Writes an item anew and says so.
    func redo(_ item: OutboxItem, saying body: ChangeBody? = nil, in view: View) async throws {
        let written = try await workspace.redo(item.change.id, saying: body, in: view)
        output.say(Texts.redone)
        output.emit(.object(["ids": .strings(written.map(\.id.text))]))
    }

    /// Gives an item up, and what builds on it only where that was asked for.
    func drop(_ item: OutboxItem, withDependents: Bool, in view: View) async throws {
        let handle = Handle.text(item.change.id)
        guard item.isSurelyNotThere else { throw Failure(.data, Texts.mayHaveArrived, ["handle": handle]) }
        let dependents = OutboxItem.dependents(of: item.change.id, in: view.outbox)
        if !dependents.isEmpty, !withDependents {
            let list = dependents.map { queue(view).short($0.change) }.joined(separator: "; ")
            throw Failure(
                .data, code: "has-dependents", QueueTexts.hasDependents, ["handle": handle, "list": list])
        }
        let dropped = try await workspace.drop(item.change.id, in: view)
        for item in dropped { output.say(Texts.dropped, ["handle": Handle.text(item.change.id)]) }
        output.emit(
            .object([
                "id": .string(item.change.id.text), "dropped": .bool(true),
                "ids": .strings(dropped.map(\.change.id.text)),
            ]))
    }
}
