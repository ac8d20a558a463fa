import ArgumentParser
import RegiopostClient
import RegiopostModel

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: Help.queue.here,
        subcommands: [List.self, Drop.self, Retry.self, Redo.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: Help.list.here, discussion: Help.alsoQueue.here)
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Desk.open(options) { desk in
                QueuePresentation(view: try await desk.workspace.view(), output: desk.output).list()
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "drop", abstract: Help.drop.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let item = try QueueCommand.item(change, desk, view)
                guard try await desk.workspace.store.giveUp(item.change.id) else {
                    throw Failure(.data, Texts.mayHaveArrived, ["handle": Handle.text(item.change.id)])
                }
                desk.output.say(Texts.dropped, ["handle": Handle.text(item.change.id)])
                desk.output.emit(.object(["id": .string(item.change.id.text), "dropped": .bool(true)]))
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "retry", abstract: Help.retry.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String

        func run() async throws {
            try await Desk.open(options) { desk in
                let item = try QueueCommand.refused(change, desk, try await desk.workspace.view())
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
                let item = try QueueCommand.refused(change, desk, view)
                let written = try await desk.workspace.redo(item.change.id, in: view)
                desk.output.say(Texts.redone)
                desk.output.emit(.object(["ids": .strings(written.map(\.id.text))]))
            }
        }
    }

    fileprivate static func item(_ handle: String, _ desk: Desk, _ view: View) throws -> OutboxItem {
        let id = try desk.one(
            Handle.find(handle, among: view.outbox.map { ($0.change.id, []) }), handle, Texts.notInQueue)
        guard let item = view.outbox.first(where: { $0.change.id == id }) else {
            throw Failure(.data, Texts.notInQueue, ["handle": handle])
        }
        return item
    }

    fileprivate static func refused(_ handle: String, _ desk: Desk, _ view: View) throws -> OutboxItem {
        let item = try item(handle, desk, view)
        guard case .refused = item.state else { throw Failure(.data, Texts.notRefused, ["handle": handle]) }
        return item
    }
}
