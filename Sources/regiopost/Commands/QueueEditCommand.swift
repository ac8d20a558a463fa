import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// What a change is to say instead.
struct NewBodyOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(QueueTexts.newText.here)) var text: String?
    @Option(name: .long, help: ArgumentHelp(QueueTexts.newBody.here)) var body: String?

    func validate() throws {
        if text != nil, body != nil { throw ValidationError(QueueTexts.textOrBody.here) }
    }

    var isEmpty: Bool { text == nil && body == nil }
}

struct QueueEditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "edit", abstract: QueueTexts.edit.here)
    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String
    @OptionGroup var new: NewBodyOptions

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            try await desk.edit(try desk.changeable(change, in: view), new, in: view)
        }
    }
}

struct QueueResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resolve", abstract: QueueTexts.resolve.here)
    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.queueHandle.here)) var change: String
    @Flag(name: .long, help: ArgumentHelp(QueueTexts.mine.here)) var mine = false
    @Flag(name: .long, help: ArgumentHelp(QueueTexts.theirs.here)) var theirs = false
    @Flag(name: .long, help: ArgumentHelp(QueueTexts.edit.here)) var edit = false
    @Flag(name: .long, help: ArgumentHelp(QueueTexts.withDependents.here)) var withDependents = false
    @OptionGroup var new: NewBodyOptions

    func validate() throws {
        if [mine, theirs, edit].count(where: { $0 }) > 1 { throw ValidationError(QueueTexts.oneChoice.here) }
        if !new.isEmpty, !edit { throw ValidationError(QueueTexts.onlyWithEdit.here) }
        if withDependents, !theirs { throw ValidationError(QueueTexts.onlyWithTheirs.here) }
    }

    func run() async throws {
        try await Desk.open(options) { desk in
            let view = try await desk.workspace.view()
            let item = try desk.refused(change, in: view)
            if mine {
                try await desk.redo(item, in: view)
            } else if theirs {
                try await desk.drop(item, withDependents: withDependents, in: view)
            } else if edit {
                try await desk.edit(item, new, in: view)
            } else {
                desk.queue(view).compare(item)
            }
        }
    }
}

extension Desk {
    /// Writes an item anew with what its user makes of it: by the options, or else in the editor.
    func edit(_ item: OutboxItem, _ new: NewBodyOptions, in view: View) async throws {
        let editable = EditableBody(item.change)
        if let text = new.text {
            try await redo(item, saying: try editable.saying(text: text), in: view)
        } else if let file = new.body {
            try await redo(item, saying: try editable.read(TextSource.read(file: file)), in: view)
        } else {
            let editor = try Editor(editable.text, in: profile.folder, suffix: editable.suffix)
            do {
                let edited = try editor.run()
                guard edited != editable.text else { throw Failure(.data, code: "unchanged", QueueTexts.unchanged) }
                try await redo(item, saying: try editable.edited(edited), in: view)
            } catch {
                if try editor.hasChanges() {
                    output.warn(output.text(QueueTexts.kept, ["path": editor.path]))
                } else {
                    editor.discard()
                }
                throw error
            }
            editor.discard()
        }
    }
}
