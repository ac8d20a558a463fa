import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostWire
import Synchronization

/// What all connections share: the journal and who puts changes into it, the enrolment desk, who watches what.
public final class Service: Sendable {
    /// The server's own address: `pv28/regiopostd`.
    public let address: Address
    /// Puts changes into the journal.
    public let sequencer: Sequencer
    /// Takes and gives blobs.
    public let blobs: BlobDesk
    /// Gives certificates.
    public let desk: EnrolmentDesk
    let watchers: Watchers
    private let shared: SharedPages
    let departures: Departures
    let limits: Limits
    let epoch: UInt64
    let clock: @Sendable () -> Timestamp
    let journal: any Journal
    let directory: DirectoryReader
    let receipts: ReceiptSeal
    let report: @Sendable (ServiceEvent) -> Void
    /// Takes back what was lost, while the server recovers from a restore.
    private let desksOfRecovery: Mutex<RecoveryDesk?>
    private let enrolment: any EnrolmentStore
    private let deliveries: DeliveryRecorder
    /// Where everything runs that event loops wait for; `nil` for the threads that all tasks share.
    private let executor: (any TaskExecutor)?

    /// Puts a service together.
    ///
    /// - Parameters:
    ///   - storage: journal, enrolments and settings, which one back end implements together.
    ///   - receipts: makes the receipts that go with what is delivered.
    ///   - recovery: takes back what was lost, where the server was restored from a backup.
    ///   - report: told what happens. Called from any thread; must return at once.
    ///   - failed: told once, when the journal failed and nothing is accepted any more.
    ///   - executor: where everything runs that event loops wait for; `nil` for the threads that all tasks share. A
    ///     simulation hands in its own, and runs a server in one thread, in an order that it decides.
    ///   - sequencing: where changes are judged and written, which waits for the disk; `nil` for `executor`.
    ///   - random: 32 bytes that nobody can guess, for the secret of a new server.
    /// - Throws: `corrupt` where the journal's epoch isn't 16 hexadecimal digits.
    package init(
        address: Address, journal: any Journal & SettingStore, enrolment: any EnrolmentStore,
        authority: CertificateAuthority, blobs folder: BlobFolder, receipts: ReceiptSeal,
        recovery: RecoveryDesk? = nil,
        limits: Limits = .standard,
        clock: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (ServiceEvent) -> Void = { _ in },
        failed: @escaping @Sendable (JournalError) -> Void, executor: (any TaskExecutor)? = nil,
        sequencing: (any TaskExecutor)? = nil,
        random: @escaping @Sendable () -> [UInt8] = { SystemRandom.bytes(32) }
    ) throws(JournalError) {
        guard let epoch = UInt64(journal.epoch, radix: 16) else {
            throw JournalError(.corrupt, "The journal's epoch is no hexadecimal number.")
        }
        let watchers = Watchers()
        let shared = SharedPages()
        let departures = Departures()
        let directory = DirectoryReader(journal: journal)
        let blobs = BlobDesk(folder: folder, rights: BlobRights(journal: journal, directory: directory))
        let sequencer = Sequencer(
            journal: journal, clock: clock, digest: Self.digest,
            announce: { mailboxes in
                if mailboxes.contains(.directory) { directory.grew() }
                shared.grew(mailboxes)
                watchers.announce(mailboxes)
            }, answered: { departures.leave() }, failed: failed, executor: sequencing ?? executor,
            standing: { try await blobs.standing(of: $0, for: $1) })
        self.executor = executor
        self.blobs = blobs
        self.address = address
        self.journal = journal
        self.directory = directory
        self.receipts = receipts
        desksOfRecovery = Mutex(recovery)
        sequencer.setRecovering(recovery != nil)
        self.report = report
        self.enrolment = enrolment
        self.sequencer = sequencer
        self.watchers = watchers
        self.shared = shared
        self.departures = departures
        self.limits = limits
        self.epoch = epoch
        self.clock = clock
        desk = EnrolmentDesk(authority: authority, store: enrolment, clock: clock)
        deliveries = DeliveryRecorder(
            journal: journal, settings: journal, sequencer: sequencer, server: address, directory: directory,
            clock: clock, digest: Self.digest, random: random)
    }

    /// Begins work that an event loop waits for.
    func begin(_ work: @escaping @Sendable () async -> Void) { Task(executorPreference: executor, operation: work) }

    /// SHA-256 as the model's digest.
    @Sendable public static func digest(_ bytes: [UInt8]) -> Digest {
        Digest(words: bytes.withUnsafeBytes { SHA256.words(of: $0) })
    }

    /// Takes back what was lost; `nil` unless the server recovers.
    package var recovery: RecoveryDesk? { desksOfRecovery.withLock { $0 } }

    /// From now on what is new is taken again.
    func endRecovery() {
        desksOfRecovery.withLock { $0 = nil }
        sequencer.setRecovering(false)
    }

    /// Takes back a change from who has a receipt for it.
    func takeBack(_ change: ReturnedChange, from address: Address) async -> RecoveryDesk.Answer {
        guard let recovery else { return .failure(Refusal(.notRecovering)) }
        return await recovery.take(change, from: address)
    }

    /// Where a mailbox of this address ends.
    func end(of name: MailboxName, for address: Address) async -> Result<MailboxEnd, Refusal> {
        do {
            if let refusal = try await refusal(of: address, reading: name) { return .failure(refusal) }
            let head = try await journal.head(of: Self.mailbox(name, of: address))
            guard let end = MailboxEnd(position: head.position, digest: head.digest) else {
                return .failure(Refusal(.unavailable))
            }
            return .success(end)
        } catch {
            return .failure(Refusal(.unavailable))
        }
    }

    /// What the register has of a certificate that may be used. Else why it may not: `revoked`, `certificate-expired`, or
    /// `unavailable` where that can't be found out. The handshake refuses what has expired; this is for what expires after it.
    func admission(of certificate: Certificate) async -> Result<IssuedCertificate, Refusal> {
        do {
            guard let issued = try await enrolment.certificate(serial: certificate.serial),
                issued.revokedAt == nil, issued.address.text == certificate.address
            else { return .failure(Refusal(.revoked)) }
            return issued.expires <= clock() ? .failure(Refusal(.certificateExpired)) : .success(issued)
        } catch {
            return .failure(Refusal(.unavailable))
        }
    }

    /// Reads what comes after a cursor in a mailbox of this address.
    func page(for address: Address, _ request: PageRequest) async -> PageAnswer {
        let mailbox = Self.mailbox(request.mailbox, of: address)
        do {
            if let refusal = try await refusal(of: address, reading: request.mailbox) { return .refused(refusal) }
            guard try await isTrue(request.after, in: mailbox) else { return .unknownCursor }
            if request.isPresented, request.mailbox == .own { await delivered(address, request.after.position) }
            let page = try await journal.page(
                of: mailbox, after: request.after.position,
                limit: PageLimit(records: request.changes, bytes: request.bytes))
            return answer(page, of: mailbox, to: request, for: address)
        } catch {
            return .unavailable
        }
    }

    /// The answer to a request for a page, where it is short and in memory; `nil` where it takes `page`. Waits for nobody. Whoever
    /// reads a mailbox from the same place gets the same, written once.
    ///
    /// A cursor that the client didn't give comes from a page of this server's, and needs no other proof. One that it gave
    /// has to be the mailbox's last, and nothing may be due for it.
    func pageAtHand(for address: Address, _ request: PageRequest) -> PageAnswer? {
        guard request.changes >= Self.shortPage, request.bytes >= Limits.outputPiece else { return nil }
        if request.mailbox == .own {
            guard let directory = directory.atHand, directory.refusal(of: address) == nil else { return nil }
        }
        let mailbox = Self.mailbox(request.mailbox, of: address)
        let position = request.after.position
        if request.isPresented, position > 0 {
            guard let head = journal.headAtHand(of: mailbox),
                head.position == position, head.digest == request.after.digest,
                request.mailbox != .own || deliveries.isLookedThrough(address, upTo: position)
            else { return nil }
        }
        return shared.page(of: mailbox, after: position) {
            let limit = PageLimit(records: Self.shortPage, bytes: Limits.outputPiece)
            guard let page = journal.pageAtHand(of: mailbox, after: position, limit: limit),
                position + page.entries.count == page.head
            else { return nil }
            return answer(page, of: mailbox, to: request, for: address)
        }
    }

    /// What is longer is put together elsewhere than on an event loop, where it would hold up others.
    private static let shortPage = 16

    private func answer(
        _ page: MailboxPage, of mailbox: Mailbox, to request: PageRequest, for address: Address
    ) -> PageAnswer {
        if request.mailbox == .own {
            deliveries.served.add(page.entries, after: request.after.position, to: address)
        }
        let seal = page.entries.isEmpty ? nil : receipts.page(of: mailbox)
        let changes = page.entries.map { entry in
            StoredChange(
                position: entry.position, received: entry.receivedAt, digest: entry.digest,
                bytes: entry.line[...], receipt: seal?.token(of: entry))
        }
        let end = page.entries.last?.position ?? request.after.position
        return .page(PageLines(changes, in: request.mailbox), more: end < page.head)
    }

    /// Notes that a client holds everything up to the cursor. Why that can't be noted, `nil` where it is: `resync` where
    /// the cursor isn't true, or `unavailable`.
    func stored(_ mailbox: MailboxName, upTo cursor: Cursor, by address: Address) async -> RefusalCode? {
        do {
            if let refusal = try await refusal(of: address, reading: mailbox) { return refusal.code }
            guard try await isTrue(cursor, in: Self.mailbox(mailbox, of: address)) else { return .resync }
        } catch {
            return .unavailable
        }
        if mailbox == .own { await delivered(address, cursor.position) }
        return nil
    }

    /// Why an address may not read a mailbox now; `nil` where it may. Asked at every page: its mandate may have ended, or its
    /// organisation. The directory, which says so, it may always read.
    func refusal(of address: Address, reading mailbox: MailboxName) async throws(JournalError) -> Refusal? {
        guard mailbox == .own else { return nil }
        return try await directory.current().refusal(of: address)
    }

    static func mailbox(_ name: MailboxName, of address: Address) -> Mailbox {
        switch name {
        case .own: .address(address)
        case .directory: .directory
        }
    }

    private func isTrue(_ cursor: Cursor, in mailbox: Mailbox) async throws(JournalError) -> Bool {
        guard cursor.position > 0 else { return true }
        return try await journal.digest(in: mailbox, at: cursor.position) == cursor.digest
    }

    /// A receipt that can't be written now is written when the next cursor is presented.
    private func delivered(_ address: Address, _ position: Int) async {
        guard position > 0 else { return }
        try? await deliveries.record(address, upTo: position)
    }
}
