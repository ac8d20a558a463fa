import RegiopostClient
import RegiopostModel
import RegiopostWire

/// A connection that knows no files: their bytes go by threads and disks that no simulation owns. The witness hears what is
/// given back on it.
final class Fileless: ServerConnection, @unchecked Sendable {
    let inner: TLSServerConnection
    private let profile: String
    private let witness: Witness
    /// What the server said something about.
    private(set) var answered: Set<[UInt8]> = []

    init(_ connection: TLSServerConnection, profile: String, witness: Witness) {
        inner = connection
        self.profile = profile
        self.witness = witness
    }

    var pieceLimit: Int? { nil }
    var fileLimit: Int? { nil }
    var address: Address? { inner.address }
    var isRecovering: Bool { inner.isRecovering }
    var arrivals: AsyncThrowingStream<Arrival, any Error> { inner.arrivals }

    func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?) {
        await inner.push(lines)
    }
    func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
        try await inner.pull(mailbox, after: cursor)
    }
    func read(
        _ mailbox: ReplicaMailbox, after cursor: String, keep: (MailboxPage) async throws(ClientError) -> Bool
    ) async throws(ClientError) {
        try await inner.read(mailbox, after: cursor, keep: keep)
    }
    func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
        try await inner.watch(mailbox, after: cursor)
    }
    func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError) {
        try await inner.stored(mailbox, upTo: cursor)
    }
    func end(of mailbox: ReplicaMailbox) async throws(ClientError) -> MailboxEnd {
        try await inner.end(of: mailbox)
    }
    func giveBack(
        _ entries: [ReplicaEntry], of mailbox: ReplicaMailbox
    ) async -> (answers: [ReturnAnswer?], failure: ClientError?) {
        let result = await inner.giveBack(entries, of: mailbox)
        for (entry, answer) in zip(entries, result.answers) where answer != nil { answered.insert(entry.line) }
        witness.gaveBack(entries, result.answers, by: profile)
        return result
    }
    func offer(_ file: FileReference) async throws(ClientError) -> UploadAnswer {
        throw ClientError(.protocolBroken)
    }
    func upload(_ bytes: [UInt8], of file: FileReference, at offset: Int) async throws(ClientError) -> UploadAnswer
    {
        throw ClientError(.protocolBroken)
    }
    func fetch(_ file: Digest, from offset: Int) async -> FetchedPiece { FetchedPiece() }
    func close() async { await inner.close() }
}
