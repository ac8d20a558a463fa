import Foundation
import RegiopostModel

/// The user's own editor, on a file in the profile's folder that only its owner reads.
struct Editor {
    /// Where the text is while it is edited.
    let path: String
    private let before: String

    /// Writes the text to a new file.
    init(_ text: String, in folder: String, suffix: String) throws {
        path = folder + "/edit-" + UUID().uuidString + "." + suffix
        before = text
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(.io, Texts.noFile, ["path": path]) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(text.utf8))
    }

    /// Opens the editor, waits until it is closed, and answers the text as it is then.
    func run() throws -> String {
        setenv("REGIOPOST_EDITED", path, 1)
        // Through the shell, because people put options in $EDITOR.
        let status = system("${VISUAL:-${EDITOR:-vi}} \"$REGIOPOST_EDITED\"")
        guard status == 0 else {
            throw Failure(.noInput, code: "editor-failed", QueueTexts.editorFailed, ["status": String(status >> 8)])
        }
        return try TextSource.read(file: path)
    }

    /// Whether there is something in the file that was not there before.
    func hasChanges() throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        return (try? TextSource.read(file: path)) != before
    }

    /// Takes the file away.
    func discard() { unlink(path) }
}
