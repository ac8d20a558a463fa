import RegiopostJournal
import RegiopostModel

/// Brings the directory to what the files say, by changes of the server's own.
struct DirectoryLoader {
    let writer: DirectoryWriter

    /// Writes what differs, then what that makes due, and answers what was done.
    func load(_ files: DirectoryFiles) async throws(OperatorError) -> [DirectoryUpdate] {
        let updates = DirectoryUpdate.difference(from: try await writer.directory(), to: files)
        try await writer.write(updates.compactMap { update in update.body.map { (update.subject, $0) } })
        try await writer.appendDue()
        return updates
    }
}

extension DirectoryWriter {
    /// The directory as it is committed.
    func directory() async throws(OperatorError) -> Directory {
        do throws(JournalError) {
            return try await SubjectCache.directory(of: journal)
        } catch {
            throw OperatorError(error)
        }
    }
}
