import ArgumentParser
import Foundation
import RegiopostClient
import RegiopostJSON
import RegiopostModel

struct AttachmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attachment", abstract: FileTexts.attachment.here, subcommands: [List.self, Get.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: FileTexts.list.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let id = try letter.map { try desk.letter($0, in: view).id }
                FilePresentation(files: desk.profile.files, output: desk.output).list(view.files(of: id), in: view)
            }
        }
    }

    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "get", abstract: FileTexts.get.here)
        @OptionGroup var options: GlobalOptions
        @Argument(help: ArgumentHelp(Help.letterHandle.here)) var letter: String
        @Argument(help: ArgumentHelp(FileTexts.name.here)) var name: String
        @Option(name: .long, help: ArgumentHelp(FileTexts.from.here)) var from: String?
        @Option(name: [.short, .long], help: ArgumentHelp(FileTexts.output.here)) var output: String?

        func run() async throws {
            try await Desk.open(options) { desk in
                let view = try await desk.workspace.view()
                let file = try find(desk, view)
                let path = try place(for: file)
                let files = desk.profile.files
                if try await !files.has(file) { try await fetch(file, desk) }
                try await files.copy(file, to: path)
                desk.output.say(
                    FileTexts.saved, ["path": path, "size": FileSize.text(file.size, desk.output.language)])
                desk.output.emit(
                    .object([
                        "path": .string(path), "name": .string(file.name), "size": .number(file.size),
                        "sha256": .string(file.digest.text),
                    ]))
            }
        }

        private func find(_ desk: Desk, _ view: View) throws -> FileReference {
            let id = try desk.letter(letter, in: view).id
            let organisation = try from.map { try desk.organisation($0, in: view).code }
            let found = view.files(of: id).filter { cited in
                cited.file.name == name && (organisation == nil || cited.author.organisation == organisation)
            }
            guard let first = found.first else {
                throw Failure(.data, code: "no-attachment", FileTexts.noAttachment, ["name": name])
            }
            guard found.allSatisfy({ $0.file.digest == first.file.digest }) else {
                let names = found.map { view.correspondence.directory.name(of: $0.author.organisation) }
                throw Failure(
                    .data, code: "several-attachments", FileTexts.several,
                    ["name": name, "list": Array(Set(names)).sorted().joined(separator: ", ")])
            }
            return first.file
        }

        /// What others called a file decides about nothing here but a new file in this folder.
        private func place(for file: FileReference) throws -> String {
            if let output { return output }
            guard !file.name.hasPrefix(".") else {
                throw Failure(.data, code: "hidden-file", FileTexts.hidden, ["name": file.name])
            }
            guard !FileManager.default.fileExists(atPath: file.name) else {
                throw Failure(.data, code: "file-exists", FileTexts.exists, ["path": file.name])
            }
            return file.name
        }

        private func fetch(_ file: FileReference, _ desk: Desk) async throws {
            let connection = try await desk.profile.connect()
            let engine = SyncEngine(
                store: desk.workspace.store, connection: connection, files: desk.profile.files)
            let refusal = try await engine.fetch(file)
            await connection.close()
            if let refusal { throw refusal }
        }
    }
}
