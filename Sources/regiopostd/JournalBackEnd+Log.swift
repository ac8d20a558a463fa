import RegiopostCrypto
import RegiopostJournal
import RegiopostJournalLog
import RegiopostModel
import RegiopostServer

extension JournalBackEnd {
    /// The journal whose lines lie in an append-only log.
    static let log = JournalBackEnd(
        create: { (path, epoch) async throws(JournalError) in
            storage(try await LogJournal.create(at: path, epoch: epoch, hash: hash))
        },
        open: { (path, newEpoch) async throws(JournalError) in
            storage(try await LogJournal.open(at: path, newEpoch: newEpoch, hash: hash))
        },
        discard: { (path) throws(JournalError) in try LogJournal.discard(at: path) })

    private static let hash: LogHash = { Digest(words: SHA256.words(of: $0)) }

    private static func storage(_ journal: LogJournal) -> Storage {
        Storage(journal: journal, enrolment: journal.enrolment, inspection: journal, notices: journal.notices)
    }
}
