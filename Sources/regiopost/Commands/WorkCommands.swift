import ArgumentParser
import RegiopostClient
import RegiopostModel

struct OpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "open", abstract: Help.open.here)
    @OptionGroup var options: GlobalOptions
    @Option(name: .long, help: ArgumentHelp(Help.organisation.here)) var municipality: String?

    func run() async throws {
        try await Work.show(options, municipality, none: Texts.nothingOpen) { list, _ in list.items }
    }
}

struct OverdueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "overdue", abstract: Help.overdue.here)
    @OptionGroup var options: GlobalOptions
    @Option(name: .long, help: ArgumentHelp(Help.organisation.here)) var municipality: String?

    func run() async throws {
        try await Work.show(options, municipality, none: Texts.nothingOverdue) { list, today in
            list.overdue(on: today)
        }
    }
}

struct MineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mine", abstract: Help.mine.here)
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Work.show(options, nil, none: Texts.nothingMine) { list, _ in list.mine }
    }
}

/// What the three lists have in common.
private enum Work {
    static func show(
        _ options: GlobalOptions, _ municipality: String?, none: Phrase,
        _ pick: (Worklist, CalendarDate) -> [WorkItem]
    ) async throws {
        try await Desk.open(options) { desk in
            let (view, _, work) = try await desk.workspace.worklist()
            let code = try municipality.map { try desk.organisation($0, in: view).code }
            let items = pick(work, desk.deadlines.today).filter { code == nil || $0.organisation == code }
            WorkPresentation(view: view, deadlines: desk.deadlines, output: desk.output).list(items, none: none)
        }
    }
}
