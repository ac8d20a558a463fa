import Dispatch
import RegiopostFiles
import RegiopostJournal
import RegiopostModel
import RegiopostWire
import Synchronization

/// Takes back what a restored server lost, from whoever can show by its receipt that the server delivered it to him.
///
/// Nothing else can be put here: each change is one that the server once took, and is kept once, whoever gives it how
/// often. It comes into the journal when the operator ends the recovery.
package final class RecoveryDesk: Sendable {
    /// What a client hears.
    typealias Answer = Result<(digest: Digest, isRepeat: Bool), Refusal>

    private struct Waiting: Sendable {
        let entry: ReturnedLog.Entry
        let text: [UInt8]
        let answer: @Sendable (Answer) -> Void
    }

    private struct Inbox {
        var waiting: [Waiting] = []
        var isClosed = false
    }

    /// How far the backup goes.
    let state: RecoveryState
    private let seal: ReceiptSeal
    private let journal: any Journal
    private let inbox = Mutex(Inbox())
    private let perform: @Sendable (@escaping @Sendable () -> Void) -> Void
    // Safe: touched by what `perform` runs alone.
    private nonisolated(unsafe) var log: ReturnedLog
    private nonisolated(unsafe) var failure: FileError?

    /// Opens what was given back before. Blocks.
    ///
    /// - Parameters:
    ///   - isEnding: whether the operator has begun to end the recovery before this start: nothing more is taken.
    ///   - perform: runs what waits for the disk, one piece of work after the other; `nil` for a queue of its own.
    package init(
        _ state: RecoveryState, returned file: any ReturnedFile, seal: ReceiptSeal, journal: any Journal,
        isEnding: Bool = false, perform: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
    ) throws(FileError) {
        self.state = state
        self.seal = seal
        self.journal = journal
        let queue = DispatchQueue(label: "regiopost.recovery")
        self.perform = perform ?? { work in queue.async(execute: work) }
        log = try ReturnedLog(file)
        inbox.withLock { $0.isClosed = isEnding }
    }

    /// Keeps a change, if its receipt is true. The answer comes when it is durable.
    func take(_ change: ReturnedChange, from address: Address) async -> Answer {
        let text = Array(change.bytes)
        let digest = Service.digest(text)
        let mailbox = Service.mailbox(change.mailbox, of: address)
        guard let place = seal.place(of: digest, received: change.received, in: mailbox, by: change.receipt) else {
            return .failure(Refusal(.receiptInvalid))
        }
        do {
            let id = try Change(line: text).id
            if let known = try await journal.receipt(of: id) {
                guard known.receipt.digest == digest else { return .failure(Refusal(.idTaken)) }
                return .success((digest, isRepeat: true))
            }
        } catch {
            return .failure(error as? Refusal ?? Refusal(.unavailable))
        }
        let entry = ReturnedLog.Entry(
            place: place, receivedAt: change.received, giver: address, digest: digest)
        return await withCheckedContinuation { continuation in
            keep(Waiting(entry: entry, text: text) { continuation.resume(returning: $0) })
        }
    }

    private func keep(_ change: Waiting) {
        let isClosed = inbox.withLock { inbox in
            if !inbox.isClosed { inbox.waiting.append(change) }
            return inbox.isClosed
        }
        if isClosed { return change.answer(.failure(Refusal(.unavailable))) }
        // What comes in while one writes is written together.
        perform { self.write() }
    }

    private func write() {
        let batch = inbox.withLock { inbox in
            defer { inbox.waiting = [] }
            return inbox.waiting
        }
        guard !batch.isEmpty else { return }
        var seen: Set<Digest> = []
        let new = batch.filter { !log.has($0.entry.digest) && seen.insert($0.entry.digest).inserted }
        do throws(FileError) {
            if let failure { throw failure }
            if !new.isEmpty { try log.append(new.map { ($0.entry, $0.text) }) }
        } catch {
            // Nobody knows what reached the disk; the next start reads it again.
            failure = error
            for change in batch { change.answer(.failure(Refusal(.unavailable))) }
            return
        }
        for change in batch {
            let isNew = seen.remove(change.entry.digest) != nil
            change.answer(.success((change.entry.digest, isRepeat: !isNew)))
        }
    }

    /// Takes nothing more, or takes again.
    func setClosed(_ isClosed: Bool) { inbox.withLock { $0.isClosed = isClosed } }

    /// Throws where something couldn't be written: nobody knows then what lies there, until the next start reads it again.
    func checkIsKnown() async throws(OperatorError) {
        let failure = await withCheckedContinuation { continuation in
            perform { continuation.resume(returning: self.failure) }
        }
        guard let failure else { return }
        throw OperatorError(.temporary, Self.unknown, ["path": failure.path, "reason": failure.reason])
    }

    private static let unknown = Phrase(
        dutch:
            "Wat cliënten teruggeven kon niet worden geschreven ({path}: {reason}); sindsdien neemt de server niets "
            + "terug. Het herstel is niet afgesloten. Verhelp de oorzaak, herstart de server en laat iedereen nog eens "
            + "verbinden.",
        english:
            "What clients give back couldn't be written ({path}: {reason}); since then the server has taken nothing "
            + "back. The recovery was not ended. Mend the cause, restart the server and let everybody connect once more."
    )

    /// Everything that was given back, in the order in which the server had received it. What came in before is written
    /// first: its client may hear OK for it.
    func entries() async -> [ReturnedLog.Entry] {
        await withCheckedContinuation { continuation in
            perform {
                self.write()
                continuation.resume(returning: self.log.entries)
            }
        }
    }

    /// The exact bytes of some of that. Costs by these.
    func texts(of entries: [ReturnedLog.Entry]) async throws(OperatorError) -> [[UInt8]] {
        let result: Result<[[UInt8]], FileError> = await withCheckedContinuation { continuation in
            perform {
                do throws(FileError) {
                    continuation.resume(returning: .success(try self.log.texts(of: entries)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        do { return try result.get() } catch {
            throw .system(error.number, OperatorError.cannotRead, error.path)
        }
    }
}
