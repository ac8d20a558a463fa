import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: Help.status.here)
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Desk.open(options) { desk in
            let (view, letters, work) = try await desk.workspace.worklist()
            let name = view.correspondence.directory.name(of: desk.profile.address.organisation)
            let waiting = (
                open: work.items.count, overdue: work.overdue(on: desk.deadlines.today).count, mine: work.mine.count
            )
            let queue = desk.queue(view)
            let counts = queue.counts
            desk.output.say(
                Phrase(
                    dutch:
                        "{address} ({name}), server {server}\n{letters} brieven, {meetings} aanvragen en afspraken\n"
                        + "Wachtrij: {queued} te versturen, {refused} geweigerd",
                    english:
                        "{address} ({name}), server {server}\n{letters} letters, {meetings} requests and meetings\n"
                        + "Queue: {queued} to send, {refused} refused"),
                [
                    "address": desk.profile.address.text, "name": name, "server": desk.profile.endpoint.text,
                    "letters": String(letters.count), "meetings": String(view.meetings.count),
                    "queued": String(counts.queued), "refused": String(counts.refused),
                ])
            desk.output.say(
                Texts.waiting,
                [
                    "open": String(waiting.open), "overdue": String(waiting.overdue), "mine": String(waiting.mine),
                ])
            queue.warnOverdue()
            let status: JSONValue =
                .object([
                    "address": .string(desk.profile.address.text), "server": .string(desk.profile.endpoint.text),
                    "letters": .number(letters.count), "meetings": .number(view.meetings.count),
                    "queued": .number(counts.queued), "refused": .number(counts.refused),
                    "open": .number(waiting.open), "overdue": .number(waiting.overdue),
                    "mine": .number(waiting.mine),
                ])
            desk.output.emit(.object((status.members ?? []) + queue.overdue))
        }
    }
}

struct DirectoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "directory", abstract: Help.directory.here)
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Desk.open(options) { desk in
            let directory = try await desk.workspace.view().correspondence.directory
            DirectoryPresentation(directory: directory, output: desk.output).list()
        }
    }
}
