import Foundation
import RegiopostFiles
import RegiopostModel

/// Letters that were read and not yet published: files in the profile, exactly as they came.
struct Drafts {
    private let folder: String

    init(folder: String) { self.folder = folder + "/drafts" }

    /// Whether there is a draft of that name.
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Keeps a letter under a name; a draft of the same name is replaced.
    func save(_ text: String, as name: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try DurableFile.write(Array(text.utf8), to: path(name), mode: 0o600)
        } catch let error as FileError {
            throw Failure(.io, code: "store-failed", Texts.noFile, ["path": error.path])
        }
    }

    /// The names of all drafts, alphabetical.
    func names() throws -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }

    /// The text of a draft, or of a file.
    func read(_ name: String) throws -> String {
        if name == "-" || FileManager.default.fileExists(atPath: name) { return try TextSource.read(file: name) }
        guard !name.contains("/"), FileManager.default.fileExists(atPath: path(name)) else {
            throw Failure(.noInput, Texts.noDraft, ["name": name])
        }
        return try TextSource.read(file: path(name))
    }

    /// A draft's name for a letter without a number: its file's, as far as it can stand in a name.
    static func name(ofFile file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        let stem = last.split(separator: ".").first.map(String.init) ?? last
        let name = stem.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        return name.isEmpty ? "concept" : name
    }

    private func path(_ name: String) -> String { folder + "/" + name + ".txt" }
}
