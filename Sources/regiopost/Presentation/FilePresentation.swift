import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Attachments, for people and for programs.
struct FilePresentation {
    let files: FileFolder
    let output: Output

    /// Lines below something that has them; none where it has none.
    func lines(_ cited: [FileReference]) -> [String] {
        guard !cited.isEmpty else { return [] }
        return [output.text(FileTexts.label) + ":"] + cited.map { "  - " + line($0) }
    }

    func list(_ cited: [CitedFile], in view: View) {
        if cited.isEmpty { output.say(FileTexts.none) }
        output.show(
            cited.map { found in
                [Handle.text(found.change), who(found.author, view), line(found.file)].joined(separator: "  ")
            })
        output.emit(
            .array(
                cited.map { found in
                    .object(
                        [
                            JSONMember("change", .string(found.change.text)),
                            JSONMember("subject", .string(found.subject.text)),
                            JSONMember("author", .string(found.author.text)),
                        ] + (json(found.file).members ?? []))
                }))
    }

    /// How many there are and how many of them are here, in few characters.
    func mark(_ cited: [FileReference]) -> String {
        let here = cited.count { files.isHere($0) }
        return "[" + output.text(FileTexts.label).lowercased() + ": \(here)/\(cited.count)]"
    }

    /// As a list, `nil` for none.
    func json(_ cited: [FileReference]) -> JSONValue? { cited.isEmpty ? nil : .array(cited.map(json)) }

    private func json(_ file: FileReference) -> JSONValue {
        .object([
            "name": .string(file.name), "media": .string(file.media), "size": .number(file.size),
            "sha256": .string(file.digest.text), "here": .bool(files.isHere(file)),
        ])
    }

    private func line(_ file: FileReference) -> String {
        let place = output.text(files.isHere(file) ? FileTexts.here : FileTexts.atServer)
        return file.name + " (" + FileSize.text(file.size, output.language) + ", " + place + ")"
    }

    private func who(_ address: Address, _ view: View) -> String {
        view.correspondence.directory.name(of: address.organisation) + " (" + address.role.text + ")"
    }
}
