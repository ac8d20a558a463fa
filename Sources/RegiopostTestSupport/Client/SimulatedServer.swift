import RegiopostClient
import RegiopostCrypto
import RegiopostModel
import Synchronization

/// A server in memory that judges by the model's rules, and a line to it that breaks when a seeded dice says so:
/// before a change arrives, or after it was written and before the answer did.
public final class SimulatedServer: Sendable {
    private struct Upload: Hashable {
        let address: Address
        let digest: Digest
        let size: Int
    }

    private struct State {
        var world: Correspondence
        var written: [(line: [UInt8], mailboxes: Set<Mailbox>)] = []
        var dice: SplitMix64
        var breaks: Double
        var pageSize = 3
        /// What each address has uploaded, whole or not.
        var uploads: [Upload: [UInt8]] = [:]
        /// How many bytes of files went each way.
        var bytesUp = 0
        var bytesDown = 0
        var epoch = 1
    }

    private let state: Mutex<State>
    private let digest: @Sendable ([UInt8]) -> Digest?

    /// Makes a server that knows what a story has accepted.
    ///
    /// - Parameters:
    ///   - breaks: how likely the line breaks at each step, 0 to 1.
    ///   - digest: SHA-256, where files are sent.
    public init(
        _ story: Story, seed: UInt64, breaks: Double,
        digest: @escaping @Sendable ([UInt8]) -> Digest? = { _ in nil }
    ) {
        self.digest = digest
        state = Mutex(State(world: Correspondence(), dice: SplitMix64(seed: seed), breaks: breaks))
        state.withLock { state in
            for change in story.accepted { Self.write(change, change.line(), &state) }
        }
    }

    /// From here on the line holds.
    public func mend() { state.withLock { $0.breaks = 0 } }

    /// Begins a new epoch, as a restore from backup does.
    public func restore() { state.withLock { $0.epoch += 1 } }

    /// How many bytes of files came here, and how many went out, whatever the line made of them.
    public var fileBytes: (up: Int, down: Int) { state.withLock { ($0.bytesUp, $0.bytesDown) } }

    /// How often each change was written, by id.
    public var writes: [ChangeID: Int] {
        state.withLock { state in
            state.written.compactMap { try? Change(line: $0.line).id }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    /// A line to it that speaks for an address.
    public func connection(for address: Address) -> some ServerConnection { Line(server: self, speaker: address) }

    /// The bytes of a file, for somebody who uploaded it or sees a change that cites it; else `nil`.
    private func bytes(of digest: Digest, for address: Address, _ state: State) -> [UInt8]? {
        let whole = state.uploads.filter { $0.key.digest == digest && $0.key.size == $0.value.count }
        guard let bytes = whole.first?.value else { return nil }
        let isSeen = state.written.contains { record in
            record.mailboxes.contains(.address(address))
                && (try? Change(line: record.line))?.body.files.contains { $0.digest == digest } == true
        }
        return isSeen || whole.contains { $0.key.address == address } ? bytes : nil
    }

    @discardableResult private static func write(_ change: Change, _ line: [UInt8], _ state: inout State) -> Bool {
        let digest = Digest(bytes: SHA256.hash(line))
        guard
            let verdict = try? Rules.judge(
                change, from: change.author, in: state.world, digest: digest,
                receivedAt: Timestamp(milliseconds: 1))
        else { return false }
        state.world.take(change, digest: digest, receivedAt: Timestamp(milliseconds: 1))
        state.written.append((line, verdict.mailboxes))
        return true
    }

    private static func broken(_ state: inout State) -> Bool {
        Double(state.dice.next() >> 11) / Double(1 << 53) < state.breaks
    }

    private struct Line: ServerConnection {
        let server: SimulatedServer
        let speaker: Address
        var address: Address? { speaker }

        var arrivals: AsyncThrowingStream<Arrival, any Error> { AsyncThrowingStream { $0.finish() } }

        func push(_ lines: [[UInt8]]) async -> (answers: [PushAnswer?], failure: ClientError?) {
            server.state.withLock { state in
                var answers: [PushAnswer?] = []
                for line in lines {
                    if broken(&state) { return (answers, ClientError(.interrupted)) }
                    let answer = answer(line, &state)
                    if broken(&state) { return (answers, ClientError(.interrupted)) }
                    answers.append(answer)
                }
                return (answers, nil)
            }
        }

        private func answer(_ line: [UInt8], _ state: inout State) -> PushAnswer {
            do throws(Refusal) {
                let change = try Change(line: line)
                let known = state.written.first { (try? Change(line: $0.line))?.id == change.id }
                if let known {
                    guard known.line == line else { throw Refusal(.idTaken, ["id": change.id.text]) }
                } else {
                    _ = try Rules.judge(
                        change, from: speaker, in: state.world, digest: Digest(bytes: SHA256.hash(line)),
                        receivedAt: nil)
                    for file in change.body.files where server.bytes(of: file.digest, for: speaker, state) == nil {
                        throw Refusal(.blobMissing, ["name": file.name, "sha256": file.digest.text])
                    }
                    write(change, line, &state)
                }
                return .accepted(position: 1, receivedAt: Timestamp(milliseconds: 1))
            } catch {
                return .refused(error, error.code.retry)
            }
        }

        func pull(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
            let answer: PullAnswer? = server.state.withLock { state in
                if broken(&state) { return nil }
                return page(mailbox, after: cursor, state)
            }
            guard let answer else { throw ClientError(.interrupted) }
            return answer
        }

        func read(
            _ mailbox: ReplicaMailbox, after cursor: String, keep: (MailboxPage) async throws(ClientError) -> Bool
        ) async throws(ClientError) {
            var place = cursor
            while case .page(let entries, let next, let more) = try await pull(mailbox, after: place) {
                guard try await keep(MailboxPage(entries: entries, cursor: next, isLast: !more)), more else {
                    return
                }
                place = next
            }
        }

        func watch(_ mailbox: ReplicaMailbox, after cursor: String) async throws(ClientError) -> PullAnswer {
            try await pull(mailbox, after: cursor)
        }

        private func page(_ mailbox: ReplicaMailbox, after cursor: String, _ state: State) -> PullAnswer {
            let parts = cursor.split(separator: ":").compactMap { Int($0) }
            guard cursor == "0" || parts.first == state.epoch else { return .resync }
            let position = cursor == "0" ? 0 : parts[1]
            let wanted = mailbox == .own ? Mailbox.address(speaker) : .directory
            let all = state.written.filter { $0.mailboxes.contains(wanted) }.enumerated().map { offset, record in
                ReplicaEntry(position: offset + 1, receivedAt: Timestamp(milliseconds: 1), line: record.line)
            }
            let entries = Array(all.dropFirst(position).prefix(state.pageSize))
            let end = position + entries.count
            return .page(entries, cursor: "\(state.epoch):\(end)", more: end < all.count)
        }

        // MARK: Files

        var pieceLimit: Int? { 1_000 }
        var fileLimit: Int? { 100_000 }

        func offer(_ file: FileReference) async throws(ClientError) -> UploadAnswer {
            let answer: UploadAnswer? = server.state.withLock { state in
                if broken(&state) { return nil }
                return progress(file, state)
            }
            guard let answer else { throw ClientError(.interrupted) }
            return answer
        }

        private func progress(_ file: FileReference, _ state: State) -> UploadAnswer {
            guard file.size <= fileLimit ?? 0 else { return .refused(Refusal(.blobTooLarge), .never) }
            let held = server.bytes(of: file.digest, for: speaker, state) == nil ? 0 : file.size
            let part = state.uploads[Upload(address: speaker, digest: file.digest, size: file.size)]?.count ?? 0
            return .held(max(held, part), isComplete: max(held, part) == file.size)
        }

        /// A line that breaks in the middle has brought half of the bytes.
        func upload(
            _ bytes: [UInt8], of file: FileReference, at offset: Int
        ) async throws(ClientError) -> UploadAnswer {
            let answer: UploadAnswer? = server.state.withLock { state in
                let upload = Upload(address: speaker, digest: file.digest, size: file.size)
                let held = state.uploads[upload] ?? []
                guard held.count == offset else {
                    return .refused(Refusal(.blobOffset, ["offset": String(held.count)]), .never)
                }
                let isCut = broken(&state)
                let came = isCut ? bytes.prefix(bytes.count / 2) : bytes[...]
                state.bytesUp += came.count
                state.uploads[upload] = held + came
                if isCut || broken(&state) { return nil }
                if held.count + came.count == file.size, server.digest(held + came) != file.digest {
                    state.uploads[upload] = nil
                    return .refused(Refusal(.blobMismatch), .never)
                }
                return progress(file, state)
            }
            guard let answer else { throw ClientError(.interrupted) }
            return answer
        }

        func fetch(_ file: Digest, from offset: Int) async -> FetchedPiece {
            server.state.withLock { state in
                var piece = FetchedPiece()
                guard let bytes = server.bytes(of: file, for: speaker, state) else {
                    piece.refusal = Refusal(.blobUnknown)
                    return piece
                }
                let isCut = broken(&state)
                piece.bytes = Array(bytes.dropFirst(offset).prefix(isCut ? 500 : 1_000))
                state.bytesDown += piece.bytes.count
                if isCut { piece.failure = ClientError(.interrupted) } else { piece.size = bytes.count }
                return piece
            }
        }

        func stored(_ mailbox: ReplicaMailbox, upTo cursor: String) async throws(ClientError) {}

        func close() async {}
    }
}

/// The generator of Steele, Lea and Flood (2014): a seed repeats a run.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts at a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
