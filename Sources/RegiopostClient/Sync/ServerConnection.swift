import RegiopostModel
import RegiopostWire

/// An open, authenticated conversation with the server, as the sync engine needs it.
public protocol ServerConnection: Sendable {
    /// Sends changes' exact bytes, in order and without waiting in between, and waits for the server's word on each.
    ///
    /// - Returns: an answer a line, `nil` where none came, and then why. Such a change may or may not be there, and
    ///   sending it again finds out.
    func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?)

    /// Reads what is new in a mailbox after a cursor.
    func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer

    /// Reads a mailbox to its end. While a page is being kept the next ones come already, and no cursor says in between that
    /// it is: that is for `stored`.
    ///
    /// - Parameter keep: handed each page in order; answers whether to go on.
    func read(
        _ mailbox: ReplicaMailbox, after cursor: String, keep: (MailboxPage) async throws(ClientError) -> Bool
    ) async throws(ClientError)

    /// Asks for what comes after a cursor as it comes. Ends with the connection.
    func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer

    /// Tells the server that everything up to the cursor is on disk here.
    func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError)

    /// The address that the server knows this side by; `nil` where it says none.
    var address: Address? { get }

    /// Whether the server was restored from a backup: it takes nothing new, and takes back what it lost.
    var isRecovering: Bool { get }

    /// Asks where a mailbox ends at the server.
    func end(of mailbox: ReplicaMailbox) async throws(ClientError) -> MailboxEnd

    /// Gives lines back, with the receipts that they came with, without waiting in between.
    ///
    /// - Returns: an answer a line, `nil` where none came, and then why.
    func giveBack(
        _ entries: [ReplicaEntry], of mailbox: ReplicaMailbox
    ) async -> (answers: [ReturnAnswer?], failure: ClientError?)

    /// How many bytes of a file go at once, at most; `nil` where the server takes none.
    var pieceLimit: Int? { get }

    /// The largest file that the server takes; `nil` where it takes none.
    var fileLimit: Int? { get }

    /// Asks how much of a file is there.
    func offer(_ file: FileReference) async throws(ClientError) -> UploadAnswer

    /// Sends the next bytes of a file, at most `pieceLimit`, and waits until they are durable there.
    func upload(_ bytes: [UInt8], of file: FileReference, at offset: Int) async throws(ClientError) -> UploadAnswer

    /// Fetches bytes of a file from an offset on, as many as the server sends at once.
    func fetch(_ file: Digest, from offset: Int) async -> FetchedPiece

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

extension ServerConnection {
    /// Nobody knows.
    public var address: Address? { nil }

    /// Most servers never were restored.
    public var isRecovering: Bool { false }

    /// Nothing is asked of a server that never was restored.
    public func end(of mailbox: ReplicaMailbox) async throws(ClientError) -> MailboxEnd {
        throw ClientError(Refusal(.unknownVerb, ["verb": "HEAD"]))
    }

    /// Nothing is given back to a server that never was restored.
    public func giveBack(
        _ entries: [ReplicaEntry], of mailbox: ReplicaMailbox
    ) async -> (answers: [ReturnAnswer?], failure: ClientError?) {
        ([], ClientError(Refusal(.notRecovering)))
    }
}

/// What the server says to a line that is given back.
public enum ReturnAnswer: Equatable, Sendable {
    /// It is durable there; a repeat where it was there before.
    case kept(isRepeat: Bool)
    /// It was not taken.
    case refused(Refusal)
}

/// What the server says to a file that is sent to it.
public enum UploadAnswer: Equatable, Sendable {
    /// So many bytes of it are durable there; complete where they are all and it may be cited.
    case held(Int, isComplete: Bool)
    /// It doesn't take the file, or not now.
    case refused(Refusal, Retry)
}

/// What came of fetching a piece of a file.
public struct FetchedPiece: Equatable, Sendable {
    /// The bytes that came, also where the rest didn't.
    public var bytes: [UInt8] = []
    /// How many bytes the file has; `nil` where the server didn't come to say so.
    public var size: Int?
    /// Why the server doesn't give it.
    public var refusal: Refusal?
    /// Why the connection didn't bring the rest.
    public var failure: ClientError?

    /// Nothing yet.
    public init() {}
}

/// What the server says to a cursor.
public enum PullAnswer: Equatable, Sendable {
    /// What comes after it, and where that ends.
    case page([ReplicaEntry], cursor: String, more: Bool)
    /// The cursor is of another history: begin again.
    case resync
}

/// A page of a mailbox that is read to its end.
public struct MailboxPage: Equatable, Sendable {
    /// The lines, in order.
    public let entries: [ReplicaEntry]
    /// Where the page ends.
    public let cursor: String
    /// Whether the mailbox ends there.
    public let isLast: Bool

    /// Makes a page.
    public init(entries: [ReplicaEntry], cursor: String, isLast: Bool) {
        self.entries = entries
        self.cursor = cursor
        self.isLast = isLast
    }
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
