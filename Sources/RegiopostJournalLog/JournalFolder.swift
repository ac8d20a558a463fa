import Glibc
import RegiopostJournal

/// The journal's folder. Only names, and how it comes to be.
///
///     segments/000000000001.log …   the log: all that matters
///     register.sqlite               invitations, certificates, settings, the epoch
///     index.sqlite                  follows from the log, and may be removed while no server runs
///     torn/                         what was cut off the log's end after a power cut
struct JournalFolder: Sendable {
    let path: String

    var segments: String { path + "/" + SegmentName.folder }
    var register: String { path + "/register.sqlite" }
    var index: String { path + "/index.sqlite" }
    var torn: String { path + "/torn" }
    private var draft: String { path + ".new" }

    /// Makes the folder beside its path, empty of changes, and moves it there when it is whole.
    func create(epoch: String, sizing: LogSizing, hash: LogHash) throws {
        guard access(path, F_OK) != 0 else {
            throw JournalError(.alreadyExists, "There is something at \(path) already.")
        }
        try Self.discard(draft)
        let draft = JournalFolder(path: draft)
        for folder in [draft.path, draft.segments] where mkdir(folder, 0o700) != 0 {
            throw JournalError(system: errno, "make", folder)
        }
        try RegisterFile(path: draft.register).create(epoch: epoch)
        let header = SegmentHeader(
            log: epoch, segment: 1, first: 1, chain: ChainRule.beginning(log: epoch, hash))
        try SegmentFolder(path: draft.segments).make(header, bytes: sizing.segmentBytes(after: 0))
        try SegmentFolder.sync(draft.path)
        guard rename(draft.path, path) == 0 else { throw JournalError(system: errno, "make", path) }
        try SegmentFolder.sync(parent)
    }

    /// Throws where no journal is.
    func checkIsThere() throws(JournalError) {
        guard access(segments, F_OK) == 0 else {
            throw JournalError(.missing, "There is no journal at \(path).")
        }
    }

    private var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Takes away a journal that was never used, and what making one may have left. Whatever else is there stays.
    static func discard(_ path: String) throws(JournalError) {
        for path in [path, path + ".new"] {
            let folder = JournalFolder(path: path)
            for name in entries(of: folder.segments)
            where name.hasSuffix(SegmentName.suffix) || name.hasSuffix(".new") {
                unlink(folder.segments + "/" + name)
            }
            rmdir(folder.segments)
            for name in entries(of: path) where name.hasPrefix("register.sqlite") || name.hasPrefix("index.sqlite")
            {
                unlink(path + "/" + name)
            }
            guard rmdir(path) == 0 || errno == ENOENT else { throw JournalError(system: errno, "remove", path) }
        }
    }

    private static func entries(of folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names
    }
}
