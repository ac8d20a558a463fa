import RegiopostJournal
import RegiopostJournalSQLite
import RegiopostServer

extension JournalBackEnd {
    /// The journal in one SQLite file.
    static let sqlite = JournalBackEnd(
        create: { (path, epoch) async throws(JournalError) in
            let journal = try await SQLiteJournal.create(at: path, epoch: epoch)
            return Storage(journal: journal, enrolment: journal.enrolment)
        },
        open: { (path) async throws(JournalError) in
            let journal = try await SQLiteJournal.open(at: path)
            return Storage(journal: journal, enrolment: journal.enrolment)
        })
}
