import RegiopostClient
import RegiopostModel

extension Desk {
    /// Copies files into the profile, durably, so that what happens to them afterwards doesn't matter.
    func attach(_ paths: [String]) async throws -> [FileReference] {
        let files = profile.files
        var attached: [FileReference] = []
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard !attached.contains(where: { $0.name == name }) else {
                throw Failure(.data, code: "same-name", FileTexts.sameName, ["name": name])
            }
            do {
                attached.append(try await files.attach(path, as: name))
            } catch let error as ClientError where error.code == .storeFailed && error.details["path"] == path {
                throw Failure(.noInput, Texts.noFile, ["path": path])
            }
        }
        return attached
    }
}

/// How large a file is, as people say it.
enum FileSize {
    /// `12 kB` or `3,4 MB`, rounded; bytes where there are few.
    static func text(_ bytes: Int, _ language: Language) -> String {
        guard bytes >= 1_000 else { return "\(bytes) bytes" }
        guard bytes >= 999_500 else { return "\((bytes + 500) / 1_000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10)\(language == .dutch ? "," : ".")\(tenths % 10) MB"
    }
}
