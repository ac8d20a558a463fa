import Glibc
import NIOCore
import NIOPosix
import RegiopostModel
import RegiopostTLS
import RegiopostWire

/// A conversation with the server over TLS.
public final class TLSServerConnection: ServerConnection {
    /// Where a server listens.
    public struct Endpoint: Equatable, Sendable {
        /// A DNS name or an IP address, which the server's certificate must carry.
        public let host: String
        /// The port.
        public let port: Int

        /// Makes an endpoint.
        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// The endpoint for people.
        public var text: String { host + ":" + String(port) }
    }

    /// Who speaks.
    public enum Speaker: Sendable {
        case client, server
    }

    /// Handed each line of the dialogue without its end, as text that is fit to show: no secrets, no controls.
    public typealias Trace = @Sendable (Speaker, String) -> Void

    /// How long the server may be silent while something is due, in seconds.
    public static let patience: Int64 = 30
    /// How many changes are asked for at once.
    static let pageSize = 1_000

    /// What watched mailboxes bring.
    public let arrivals: AsyncThrowingStream<Arrival, any Error>
    let welcome: ClientHandler.Welcome
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>

    /// One channel on its way to becoming a connection.
    private struct Attempt: Sendable {
        let channel: any Channel
        let handler: NIOLoopBound<ClientHandler>
        let welcome: EventLoopFuture<ClientHandler.Welcome>
        let arrivals: AsyncThrowingStream<Arrival, any Error>
    }

    private init(_ attempt: Attempt, _ welcome: ClientHandler.Welcome) {
        channel = attempt.channel
        handler = attempt.handler
        arrivals = attempt.arrivals
        self.welcome = welcome
    }

    /// Connects, checks the server's certificate and waits for its greeting.
    ///
    /// - Parameter trace: handed each line that is sent or comes, on the connection's event loop.
    /// - Throws: `unreachable`, `wrong-server`, `not-accepted`, `interrupted` or `protocol-broken`.
    public static func open(
        to endpoint: Endpoint, context: TLSContext, name: ClientSession.Name = .regiopost, trace: Trace? = nil
    ) async throws(ClientError) -> TLSServerConnection {
        let attempt: Attempt
        do {
            attempt = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
                .connectTimeout(.seconds(15))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                // What the operating system has taken counts as gone; so it may not take much that has not.
                .channelOption(.socketOption(.so_sndbuf), value: 64 * 1_024)
                .connect(host: endpoint.host, port: endpoint.port) { channel in
                    // A name with several addresses has a channel for each that is tried.
                    channel.eventLoop.makeCompletedFuture {
                        let engine = try TLSEngine(client: context, serverName: endpoint.host)
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler(engine: engine, handshakeDeadline: .seconds(patience)))
                        return try speak(name, over: channel, to: endpoint.text, trace)
                    }
                }
        } catch {
            if let error = error as? ClientError { throw error }
            throw unreachable(endpoint, error)
        }
        return try await welcomed(attempt, by: endpoint.text)
    }

    /// Waits for the server's greeting on a channel that stands, whatever secures it. A simulation's needs no socket.
    ///
    /// - Throws: as the other `open`.
    package static func open(
        over channel: any Channel, to server: String, trace: Trace? = nil
    ) async throws(ClientError) -> TLSServerConnection {
        let attempt: Attempt
        do {
            attempt = try await channel.eventLoop.submit { try speak(.regiopost, over: channel, to: server, trace) }
                .get()
        } catch {
            throw ClientError(.interrupted, ["server": server, "reason": String(describing: error)])
        }
        return try await welcomed(attempt, by: server)
    }

    /// Adds the handler that speaks the protocol. On the channel's event loop.
    private static func speak(
        _ name: ClientSession.Name, over channel: any Channel, to server: String, _ trace: Trace?
    ) throws -> Attempt {
        let welcomed = channel.eventLoop.makePromise(of: ClientHandler.Welcome.self)
        let (arrivals, continuation) = AsyncThrowingStream<Arrival, any Error>.makeStream()
        let handler = ClientHandler(
            name, server: server, patience: .seconds(patience), welcomed: welcomed, arrivals: continuation,
            trace: trace)
        try channel.pipeline.syncOperations.addHandler(handler)
        return Attempt(
            channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
            welcome: welcomed.futureResult, arrivals: arrivals)
    }

    private static func welcomed(
        _ attempt: Attempt, by server: String
    ) async throws(ClientError) -> TLSServerConnection {
        do {
            return TLSServerConnection(attempt, try await attempt.welcome.get())
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.interrupted, ["server": server, "reason": String(describing: error)])
        }
    }

    static func unreachable(_ endpoint: Endpoint, _ error: any Error) -> ClientError {
        ClientError(.unreachable, ["server": endpoint.text, "reason": reason(error)])
    }

    /// What the operating system said, without the frame that NIO puts around it.
    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        if case .connectTimeout = error as? ChannelError { return String(cString: strerror(ETIMEDOUT)) }
        guard let error = error as? NIOConnectionError else { return String(describing: error) }
        if let failure = error.connectionErrors.first { return reason(failure.error) }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the name is not known" }
        return String(describing: error)
    }

    // MARK: Requests

    func request(_ verb: ClientRequest.Verb) async throws(ClientError) -> (Reply, [ReplicaEntry]) {
        let results = await requests([verb])
        return try results[0].get()
    }

    /// Sends requests one behind the other without waiting in between; answers in the order asked.
    private func requests(_ verbs: [ClientRequest.Verb]) async -> [ClientHandler.Answer] {
        await withCheckedContinuation { continuation in
            channel.eventLoop.execute { [handler] in
                let gathered = GatheredAnswers(count: verbs.count) { continuation.resume(returning: $0) }
                for (index, verb) in verbs.enumerated() {
                    handler.value.request(verb) { gathered.put($0, at: index) }
                }
                handler.value.flush()
            }
        }
    }

    /// Sends changes in order and waits for the server's word on each.
    public func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?) {
        await answers(to: lines.map { .push($0[...]) }, "push") { reply in
            switch reply {
            case .push(let receipt): .accepted(position: receipt.position, receivedAt: receipt.received)
            // A code that this version doesn't know is acted on by when to try again.
            case .no(let rejection):
                .refused(rejection.refusal ?? Refusal(.badRequest, ["code": rejection.code]), rejection.retry)
            default: nil
            }
        }
    }

    /// The answers to requests that were sent together, `nil` where none came, and the first reason for that.
    ///
    /// - Parameter read: what a reply says; `nil` for one that answers something else.
    private func answers<Answer>(
        to verbs: [ClientRequest.Verb], _ name: String, _ read: (Reply) -> Answer?
    ) async -> (answers: [Answer?], failure: ClientError?) {
        var failure: ClientError?
        let answers = await requests(verbs).map { result -> Answer? in
            switch result {
            case .success((let reply, _)):
                if let answer = read(reply) { return answer }
                failure = failure ?? ClientError(.protocolBroken, ["reason": name])
            case .failure(let error): failure = failure ?? error
            }
            return nil
        }
        return (answers, failure)
    }

    /// Reads what is new in a mailbox after a cursor.
    public func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
        let token = try Self.token(cursor)
        switch try await request(.pull(Self.name(mailbox), after: token, limit: Self.pageSize)) {
        case (.pull(_, let cursor, let more), let entries): return .page(entries, cursor: cursor.text, more: more)
        case (.no(let rejection), _): return try Self.resync(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "pull"])
        }
    }

    /// Reads a mailbox to its end, a few pages ahead of what is kept.
    public func read(
        _ mailbox: ReplicaMailbox, after cursor: String, keep: (MailboxPage) async throws(ClientError) -> Bool
    ) async throws(ClientError) {
        let token = try Self.token(cursor)
        let name = Self.name(mailbox)
        let (source, pages) = PageSource.make(
            PageSource.Reader(handler: handler, loop: channel.eventLoop, mailbox: name))
        channel.eventLoop.execute { [handler] in handler.value.read(name, after: token, for: source) }
        do {
            for try await page in pages {
                guard try await keep(page), !page.isLast else { return }
            }
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.interrupted, ["reason": String(describing: error)])
        }
        // It ends before its last page only where its task is cancelled.
        throw ClientError(.interrupted, ["reason": "cancelled"])
    }

    /// Asks for what comes after a cursor as it comes.
    public func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
        let token = try Self.token(cursor)
        switch try await request(.watch(Self.name(mailbox), after: token)) {
        case (.watch(_, let cursor), let entries): return .page(entries, cursor: cursor.text, more: false)
        case (.no(let rejection), _): return try Self.resync(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "watch"])
        }
    }

    /// Tells the server that everything up to the cursor is on disk here.
    public func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError) {
        let token = try Self.token(cursor)
        guard case (.no(let rejection), _) = try await request(.stored(Self.name(mailbox), token)) else { return }
        _ = try Self.resync(rejection)
    }

    // MARK: Recovery

    /// The address that the server knows this side by.
    public var address: Address? {
        guard case .session(let greeting) = welcome else { return nil }
        return greeting.address
    }

    /// Whether the server was restored from a backup and takes back what it lost.
    public var isRecovering: Bool {
        guard case .session(let greeting) = welcome else { return false }
        return greeting.isRecovering
    }

    /// Asks where a mailbox ends at the server.
    public func end(of mailbox: ReplicaMailbox) async throws(ClientError) -> MailboxEnd {
        switch try await request(.head(Self.name(mailbox))).0 {
        case .head(_, let end): return end
        case .no(let rejection):
            throw ClientError(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "head"])
        }
    }

    /// Gives lines back, with the receipts that they came with.
    public func giveBack(
        _ entries: [ReplicaEntry], of mailbox: ReplicaMailbox
    ) async -> (answers: [ReturnAnswer?], failure: ClientError?) {
        let verbs = entries.compactMap { entry -> ClientRequest.Verb? in
            guard let receipt = entry.receipt.flatMap(ReceiptToken.init) else { return nil }
            return .giveBack(
                ReturnedChange(
                    mailbox: Self.name(mailbox), received: entry.receivedAt, receipt: receipt,
                    bytes: entry.line[...]))
        }
        return await answers(to: verbs, "return") { reply in
            switch reply {
            case .giveBack(_, let isRepeat): .kept(isRepeat: isRepeat)
            case .no(let rejection):
                .refused(rejection.refusal ?? Refusal(.badRequest, ["code": rejection.code]))
            default: nil
            }
        }
    }

    // MARK: Files

    private var blobs: BlobLimits? {
        guard case .session(let greeting) = welcome else { return nil }
        return greeting.blobs
    }

    /// How many bytes of a file go at once, at most.
    public var pieceLimit: Int? { blobs?.chunk }

    /// The largest file that the server takes.
    public var fileLimit: Int? { blobs?.blob }

    /// Asks how much of a file is there.
    public func offer(_ file: FileReference) async throws(ClientError) -> UploadAnswer {
        switch try await request(.offer(Blob(digest: file.digest, size: file.size))).0 {
        case .offer(let progress): return .held(progress.offset, isComplete: progress.isComplete)
        case .no(let rejection): return Self.refused(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "offer"])
        }
    }

    /// Sends the next bytes of a file and waits until they are durable there.
    public func upload(
        _ bytes: [UInt8], of file: FileReference, at offset: Int
    ) async throws(ClientError) -> UploadAnswer {
        let blob = Blob(digest: file.digest, size: file.size)
        let verb = ClientRequest.Verb.blob(BlobChunk(blob: blob, offset: offset, count: bytes.count))
        let answer: ClientHandler.Answer = await withCheckedContinuation { continuation in
            channel.eventLoop.execute { [handler] in
                handler.value.request(verb, bytes: bytes[...]) { continuation.resume(returning: $0) }
                handler.value.flush()
            }
        }
        switch try answer.get().0 {
        case .blob(let progress): return .held(progress.offset, isComplete: progress.isComplete)
        case .no(let rejection): return Self.refused(rejection)
        default: throw ClientError(.protocolBroken, ["reason": "blob"])
        }
    }

    /// Fetches bytes of a file from an offset on.
    public func fetch(_ file: Digest, from offset: Int) async -> FetchedPiece {
        await withCheckedContinuation { continuation in
            channel.eventLoop.execute { [handler] in
                let collected = Collected()
                let verb = ClientRequest.Verb.fetch(file, offset: offset, count: nil)
                handler.value.request(verb, sink: { collected.bytes += $0 }) { answer in
                    var piece = FetchedPiece()
                    piece.bytes = collected.bytes
                    switch answer {
                    case .success((.fetch(_, _, let size), _)): piece.size = size
                    case .success((.no(let rejection), _)):
                        piece.refusal = rejection.refusal ?? Refusal(.badRequest, ["code": rejection.code])
                    case .success: piece.failure = ClientError(.protocolBroken, ["reason": "fetch"])
                    case .failure(let error): piece.failure = error
                    }
                    continuation.resume(returning: piece)
                }
                handler.value.flush()
            }
        }
    }

    private static func refused(_ rejection: Rejection) -> UploadAnswer {
        .refused(rejection.refusal ?? Refusal(.badRequest, ["code": rejection.code]), rejection.retry)
    }

    /// Says goodbye, and closes whatever the server makes of it.
    public func close() async {
        _ = try? await request(.quit)
        try? await channel.close()
    }

    private static func resync(_ rejection: Rejection) throws(ClientError) -> PullAnswer {
        if rejection.refusal?.code == .resync { return .resync }
        throw ClientError(rejection)
    }

    private static func token(_ cursor: String) throws(ClientError) -> CursorToken {
        guard let token = CursorToken(cursor) else { throw ClientError(.storeCorrupt, ["reason": "cursor"]) }
        return token
    }

    private static func name(_ mailbox: ReplicaMailbox) -> MailboxName { mailbox == .own ? .own : .directory }
}

/// Bytes as they come. Used on one event loop.
private final class Collected {
    var bytes: [UInt8] = []
}

/// Waits for the answers to requests that were sent together. Used on one event loop.
private final class GatheredAnswers {
    private var answers: [ClientHandler.Answer?]
    private var missing: Int
    private let done: ([ClientHandler.Answer]) -> Void

    init(count: Int, done: @escaping ([ClientHandler.Answer]) -> Void) {
        answers = Array(repeating: nil, count: count)
        missing = count
        self.done = done
        if count == 0 { done([]) }
    }

    func put(_ answer: ClientHandler.Answer, at index: Int) {
        answers[index] = answer
        missing -= 1
        if missing == 0 { done(answers.compactMap { $0 }) }
    }
}
