import RegiopostModel

/// An open, authenticated conversation with the server, as the sync engine needs it.
public protocol ServerConnection: Sendable {
    /// Sends changes' exact bytes, in order and without waiting in between, and waits for the server's word on each.
    ///
    /// - Returns: an answer a line, `nil` where none came, and then why. Such a change may or may not be there, and
    ///   sending it again finds out.
    func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?)

    /// Reads what is new in a mailbox after a cursor.
    func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer

    /// Asks for what comes after a cursor as it comes. Ends with the connection.
    func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer

    /// Tells the server that everything up to the cursor is on disk here.
    func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError)

    /// What watched mailboxes bring, one batch after the other.
    var arrivals: AsyncThrowingStream<Arrival, any Error> { get }

    /// Says goodbye.
    func close() async
}

/// What the server says to a change.
public enum PushAnswer: Equatable, Sendable {
    /// It is durable there.
    case accepted(position: Int, receivedAt: Timestamp)
    /// It was not taken.
    case refused(Refusal, Retry)
}

/// What the server says to a cursor.
public enum PullAnswer: Equatable, Sendable {
    /// What comes after it, and where that ends.
    case page([ReplicaEntry], cursor: String, more: Bool)
    /// The cursor is of another history: begin again.
    case resync
}

/// A batch of a watched mailbox.
public struct Arrival: Equatable, Sendable {
    /// Which mailbox.
    public let mailbox: ReplicaMailbox
    /// The lines, in order.
    public let entries: [ReplicaEntry]
    /// Where the mailbox ends now.
    public let cursor: String

    /// Makes a batch.
    public init(mailbox: ReplicaMailbox, entries: [ReplicaEntry], cursor: String) {
        self.mailbox = mailbox
        self.entries = entries
        self.cursor = cursor
    }
}
