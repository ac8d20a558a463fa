import RegiopostFiles
import RegiopostJournal
import RegiopostModel
import RegiopostServer

/// What a server has on its disk: all that survives a crash. Only the simulation's one thread touches it.
final class ServerDisk {
    /// What an append does to the disk.
    enum Fault: CaseIterable {
        /// Nothing was written, and an error came.
        case refused
        /// There was no room, and nothing was written.
        case full
        /// Some of the records came whole onto the disk, and an error came.
        case torn
        /// All came onto the disk, and an error came nevertheless.
        case unsure
    }

    fileprivate(set) var records: [Proposal] = []
    private(set) var settings: [String: [UInt8]] = [:]
    private(set) var epoch: UInt64
    /// What receipts are made with.
    private(set) var receiptKey: [UInt8]
    /// How far the backup goes, while the server recovers.
    var recovery: RecoveryState?
    /// Whether its operator has begun to end that.
    var isEnding = false
    /// What clients have given back.
    fileprivate(set) var returned: [UInt8] = []
    /// What the next append meets.
    var nextFault: Fault?
    /// How many of the next reads find the database busy.
    var busyReads = 0
    /// Told each record when it has become durable.
    var onCommit: ((Proposal) -> Void)?

    init(epoch: UInt64) {
        self.epoch = epoch
        receiptKey = Self.secret(epoch)
    }

    /// 32 bytes that follow from a number.
    static func secret(_ seed: UInt64) -> [UInt8] {
        var secret = SeededGenerator(seed: seed)
        return (0..<32).map { _ in UInt8(truncatingIfNeeded: secret.next()) }
    }

    /// What the write that comes now meets.
    func takeFault() -> Fault? {
        defer { nextFault = nil }
        return nextFault
    }

    func commit(_ record: Proposal) {
        records.append(record)
        onCommit?(record)
    }

    func set(_ name: String, _ value: [UInt8]?) { settings[name] = value }

    /// The journal as an older backup has it, under a new epoch.
    ///
    /// - Parameter keepsKey: whether the key of the receipts that clients hold is there still.
    func restore(to count: Int, epoch: UInt64, keepsKey: Bool) {
        records = Array(records.prefix(count))
        // A backup's settings are of its time: what was looked through since then is looked through again.
        settings = settings.filter { !$0.key.hasPrefix("delivered/") }
        self.epoch = epoch
        if !keepsKey { receiptKey = Self.secret(epoch) }
        (recovery, isEnding, returned) = (nil, false, [])
    }
}

/// What clients have given back, on the server's disk as one process sees it.
final class SimulatedReturnedFile: ReturnedFile, @unchecked Sendable {
    private let disk: ServerDisk
    private let stepper: Stepper
    private let process: SimulatedProcess

    init(_ disk: ServerDisk, stepper: Stepper, process: SimulatedProcess) {
        self.disk = disk
        self.stepper = stepper
        self.process = process
    }

    private var failure: FileError { FileError(5, .write, "returned.log") }

    private func checkAlive() throws(FileError) {
        if process.isDead || disk.recovery == nil { throw failure }
    }

    func size() throws(FileError) -> Int {
        try checkAlive()
        return disk.returned.count
    }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try checkAlive()
        return Array(disk.returned.dropFirst(offset).prefix(count))
    }

    func append(_ bytes: [UInt8], at end: Int) throws(FileError) {
        try checkAlive()
        let fault = disk.takeFault()
        let count =
            switch fault {
            case .refused, .full: 0
            case .torn: stepper.number(below: bytes.count + 1)
            case .unsure, nil: bytes.count
            }
        disk.returned = Array(disk.returned.prefix(end) + bytes.prefix(count))
        if fault != nil { throw failure }
    }

    func cut(to size: Int) throws(FileError) {
        try checkAlive()
        disk.returned = Array(disk.returned.prefix(size))
    }
}

/// A server's journal: the one in memory over a disk that may fail, and gone with the process that opened it.
actor SimulatedJournal: Journal, SettingStore {
    nonisolated let epoch: String
    private let memory: InMemoryJournal
    private nonisolated(unsafe) let disk: ServerDisk
    private let stepper: Stepper
    private let process: SimulatedProcess
    private var failure: JournalError?
    private var isWriting = false

    /// Opens what is on the disk.
    init(_ disk: ServerDisk, stepper: Stepper, process: SimulatedProcess) {
        self.disk = disk
        self.stepper = stepper
        self.process = process
        let hex = String(disk.epoch, radix: 16)
        epoch = String(repeating: "0", count: 16 - hex.utf8.count) + hex
        memory = InMemoryJournal(epoch: epoch)
    }

    /// Reads the disk, as every other method needs it.
    func load() async throws(JournalError) {
        for name in disk.settings.keys.sorted() { try await memory.set(name, to: disk.settings[name]) }
        for outcome in try await memory.append(disk.records) {
            guard case .appended = outcome else { throw JournalError(.corrupt, "The disk's records don't fit.") }
        }
    }

    func append(_ proposals: [Proposal]) async throws(JournalError) -> [AppendOutcome] {
        await wait()
        try checkAlive()
        if let failure { throw .stopped(after: failure) }
        isWriting = true
        defer { isWriting = false }
        let fault = disk.takeFault()
        let written =
            switch fault {
            case .refused, .full: 0
            case .torn: stepper.number(below: proposals.count + 1)
            case .unsure, nil: proposals.count
            }
        let outcomes = try await memory.append(Array(proposals.prefix(written)))
        try checkAlive()
        for (proposal, outcome) in zip(proposals, outcomes) {
            if case .appended = outcome { disk.commit(proposal) }
        }
        isWriting = false
        if fault != nil {
            let error = JournalError(fault == .full ? .full : .ioFailed, "The simulated disk failed.")
            failure = error
            throw error
        }
        await stepper.pause()
        try checkAlive()
        return outcomes
    }

    func receipt(of id: ChangeID) async throws(JournalError) -> StoredReceipt? {
        try await reading().receipt(of: id)
    }

    func page(of mailbox: Mailbox, after position: Int, limit: PageLimit) async throws(JournalError) -> MailboxPage
    {
        try await reading().page(of: mailbox, after: position, limit: limit)
    }

    func head(of mailbox: Mailbox) async throws(JournalError) -> MailboxHead {
        try await reading().head(of: mailbox)
    }

    func digest(in mailbox: Mailbox, at position: Int) async throws(JournalError) -> Digest? {
        try await reading().digest(in: mailbox, at: position)
    }

    func changes(of subject: SubjectID) async throws(JournalError) -> [StoredChange] {
        try await reading().changes(of: subject)
    }

    func mailboxes(of subject: SubjectID) async throws(JournalError) -> Set<Mailbox> {
        try await reading().mailboxes(of: subject)
    }

    func subjects(citing file: Digest) async throws(JournalError) -> [SubjectID] {
        try await reading().subjects(citing: file)
    }

    func setting(_ name: String) async throws(JournalError) -> [UInt8]? { try await reading().setting(name) }

    func set(_ name: String, to value: [UInt8]?) async throws(JournalError) {
        await stepper.pause()
        try checkAlive()
        // Nothing comes between: what a process writes after its death isn't on the disk.
        disk.set(name, value)
        try await memory.set(name, to: value)
    }

    func close() async throws(JournalError) { await memory.close() }

    private func reading() async throws(JournalError) -> InMemoryJournal {
        await wait()
        try checkAlive()
        if disk.busyReads > 0 {
            disk.busyReads -= 1
            throw JournalError(.ioFailed, "The simulated database is busy.")
        }
        return memory
    }

    private func wait() async {
        await stepper.pause()
        if process.pausedUntil > stepper.now { await stepper.sleep(process.pausedUntil - stepper.now) }
        // Nobody reads what isn't durable yet.
        while isWriting { await stepper.pause() }
    }

    private func checkAlive() throws(JournalError) { if process.isDead { throw .closed } }
}

/// A process that can be killed at any step: from then on nothing that it does has any effect.
final class SimulatedProcess: @unchecked Sendable {
    private(set) var isDead = false
    /// Until then it gets no further than what it does next on its disk.
    private(set) var pausedUntil: Int64 = 0

    func pause(until moment: Int64) { pausedUntil = max(pausedUntil, moment) }

    func kill() {
        isDead = true
    }
}
