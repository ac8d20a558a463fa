import RegiopostJSON
import RegiopostModel
import RegiopostWire

/// A server around a `ServerSession`, in memory: does what the session says, on two mailboxes that are arrays.
/// Bytes go in and out as they would on a connection.
struct MemoryServer {
    var session: ServerSession
    var mailboxes: [MailboxName: [StoredChange]] = [.own: [], .directory: []]
    /// What the server doesn't take, and why.
    var refusals: [[UInt8]: Refusal] = [:]
    /// Makes the digest of a change's bytes.
    var digest: ([UInt8]) -> Digest
    /// The blobs that the client may have.
    var blobs: [Digest: [UInt8]] = [:]
    /// What was uploaded of others.
    private(set) var uploads: [Digest: [UInt8]] = [:]
    private var chunks: [RequestTag: (chunk: BlobChunk, bytes: [UInt8])] = [:]
    /// While true, what the session asks for waits in `held`.
    var holds = false
    private(set) var held: [ServerSession.Action] = []

    private(set) var output: [UInt8] = []
    private(set) var isClosed = false
    private(set) var isAborted = false
    private(set) var isPaused = false
    private(set) var deadlines = 0
    private(set) var stored: [MailboxName: Cursor] = [:]
    private(set) var presented: [MailboxName: Cursor] = [:]
    private(set) var submitted: [RequestTag] = []
    private var subscriptions: Set<MailboxName> = []
    private var positions: [ChangeID: Int] = [:]
    private var framer: LineFramer
    private let greeting: Greeting

    init(greeting: Greeting, limits: Limits, digest: @escaping ([UInt8]) -> Digest = standInDigest) {
        session = ServerSession(greeting: greeting, limits: limits)
        framer = LineFramer(limit: limits.longestLine)
        self.greeting = greeting
        self.digest = digest
        run(session.start())
    }

    /// Bytes came from the client.
    mutating func receive(_ bytes: [UInt8]) {
        framer.append(bytes)
        do throws(FramingError) {
            while true {
                if let bytes = framer.takeCounted() {
                    run(session.bytesReceived(bytes))
                } else if let line = try framer.next() {
                    run(session.lineReceived(line))
                    framer.expect(session.countedBytes)
                } else {
                    return
                }
            }
        } catch {
            run(session.framingFailed(error))
        }
    }

    mutating func receive(line: String) { receive(Array((line + "\n").utf8)) }

    /// A change came into a mailbox from elsewhere.
    mutating func arrive(_ line: [UInt8], in mailbox: MailboxName = .own) {
        store(line, in: mailbox)
        notify(mailbox)
    }

    /// Puts a change into a mailbox without telling anybody.
    mutating func store(_ line: [UInt8], in mailbox: MailboxName = .own) {
        let position = (mailboxes[mailbox]?.count ?? 0) + 1
        mailboxes[mailbox]?.append(
            StoredChange(position: position, received: greeting.time, digest: digest(line), bytes: line[...]))
    }

    mutating func notify(_ mailbox: MailboxName) {
        if subscriptions.contains(mailbox) { run(session.mailboxGrew(mailbox)) }
    }

    /// Does what was held back, in order.
    mutating func release() {
        holds = false
        let actions = held
        held = []
        for action in actions { perform(action) }
    }

    /// What was sent since the last call.
    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    mutating func takeLines() -> [String] {
        String(decoding: takeOutput(), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// Does what the session says. After `close` or `abort` it may say nothing more.
    mutating func run(_ actions: [ServerSession.Action]) {
        for action in actions {
            precondition(!isAborted && !isClosed, "after the end: \(action)")
            switch action {
            case .send(let bytes): output += bytes
            case .submit, .readPage, .recordStored, .readHead, .takeBack, .offerBlob, .beginBlob, .writeBlob,
                .endBlob,
                .readBlob:
                if holds || !held.isEmpty { held.append(action) } else { perform(action) }
            case .subscribe(let mailbox): subscriptions.insert(mailbox)
            case .unsubscribe(let mailbox): subscriptions.remove(mailbox)
            case .pauseReading: isPaused = true
            case .resumeReading: isPaused = false
            case .startClosingDeadline: deadlines += 1
            case .close: isClosed = true
            case .abort: isAborted = true
            }
        }
    }

    private mutating func perform(_ action: ServerSession.Action) {
        switch action {
        case .submit(let tag, let change):
            submitted.append(tag)
            let answer = take(Array(change))
            run(session.pushAnswered(tag, answer))
            if case .success(let receipt) = answer, !receipt.isRepeat { notify(.own) }
        case .readPage(let request):
            if request.isPresented { presented[request.mailbox] = request.after }
            run(session.pageRead(request, read(request)))
        case .recordStored(let tag, let mailbox, let cursor):
            let isKnown = knows(cursor, mailbox)
            if isKnown { stored[mailbox] = cursor }
            run(session.storedRecorded(tag, mailbox, refusal: isKnown ? nil : .resync))
        case .offerBlob(let tag, let blob): run(session.offerAnswered(tag, .success(progress(blob))))
        case .beginBlob(let tag, let chunk): chunks[tag] = (chunk, [])
        case .writeBlob(let tag, let bytes): chunks[tag]?.bytes += bytes
        case .endBlob(let tag):
            guard let (chunk, bytes) = chunks.removeValue(forKey: tag) else { return }
            run(session.blobAnswered(tag, upload(bytes, chunk)))
        case .readBlob(let read): run(session.blobRead(read, answer(read)))
        default: break
        }
    }

    private func progress(_ blob: Blob) -> BlobProgress {
        let isComplete = blobs[blob.digest] != nil
        return BlobProgress(
            digest: blob.digest, offset: isComplete ? blob.size : uploads[blob.digest]?.count ?? 0,
            isComplete: isComplete)
    }

    private mutating func upload(_ bytes: [UInt8], _ chunk: BlobChunk) -> Result<BlobProgress, Refusal> {
        precondition(bytes.count == chunk.count, "a piece is whole")
        let name = chunk.blob.digest
        let there = uploads[name] ?? []
        guard there.count == chunk.offset else {
            return .failure(Refusal(.blobOffset, ["offset": String(there.count)]))
        }
        uploads[name] = there + bytes
        if there.count + bytes.count == chunk.blob.size {
            guard let whole = uploads.removeValue(forKey: name), digest(whole) == name else {
                return .failure(Refusal(.blobMismatch))
            }
            blobs[name] = whole
        }
        return .success(progress(chunk.blob))
    }

    private func answer(_ read: BlobRead) -> BlobAnswer {
        guard let blob = blobs[read.digest] else { return .unknown }
        return .bytes(Array(blob.dropFirst(read.offset).prefix(read.count)), size: blob.count)
    }

    private mutating func take(_ line: [UInt8]) -> Result<Receipt, Refusal> {
        if let refusal = refusals[line] { return .failure(refusal) }
        guard let value = try? JSONReader.read(line), let id = value["id"]?.string.flatMap(ChangeID.init) else {
            return .failure(Refusal(.badJSON))
        }
        let known = positions[id]
        if let known, mailboxes[.own]?[known - 1].bytes != line[...] { return .failure(Refusal(.idTaken)) }
        if known == nil { store(line) }
        let position = known ?? mailboxes[.own]?.count ?? 0
        positions[id] = position
        return .success(
            Receipt(
                id: id, position: position, received: greeting.time, digest: digest(line), isRepeat: known != nil))
    }

    private func knows(_ cursor: Cursor, _ mailbox: MailboxName) -> Bool {
        let all = mailboxes[mailbox] ?? []
        return cursor.position == 0
            || cursor.position <= all.count && all[cursor.position - 1].digest == cursor.digest
    }

    private func read(_ request: PageRequest) -> PageAnswer {
        guard knows(request.after, request.mailbox) else { return .unknownCursor }
        let all = (mailboxes[request.mailbox] ?? []).dropFirst(request.after.position)
        var page: [StoredChange] = []
        var size = 0
        for change in all.prefix(request.changes) where size < request.bytes {
            page.append(change)
            size += change.bytes.count
        }
        return .page(PageLines(page, in: request.mailbox), more: all.count > page.count)
    }
}

/// Not SHA-256: 32 bytes that differ for different input, for tests in which nobody checks digests.
func standInDigest(_ bytes: [UInt8]) -> Digest {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var random = SeededRandom(seed: hash)
    let made = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let digest = Digest(bytes: made) else { preconditionFailure("32 bytes are a digest") }
    return digest
}
