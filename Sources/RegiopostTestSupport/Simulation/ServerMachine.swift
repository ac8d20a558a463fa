import NIOCore
import NIOEmbedded
import RegiopostCrypto
import RegiopostFiles
import RegiopostJSON
import RegiopostJournal
import RegiopostModel
import RegiopostServer
import RegiopostTLS
import RegiopostWire

/// The server's machine: a disk, a clock that can be wrong, and a process that can be killed and started again.
final class ServerMachine: @unchecked Sendable {
    let disk: ServerDisk
    let stepper: Stepper
    let limits: Limits
    let address: Address
    /// Milliseconds by which its clock is off.
    var skew: Int64 = 0
    /// How the network is at this moment.
    var weather = SimulatedConnection.Weather()
    weak var witness: Witness?
    private(set) var service: Service?
    private(set) var connections: [SimulatedConnection] = []
    private let enrolment = InMemoryEnrolmentStore()
    /// When certificates end that don't last for ever, by their serial numbers.
    private var ends: [String: Timestamp] = [:]
    private(set) var process = SimulatedProcess()
    private(set) var journal: SimulatedJournal?
    private var sessions: SessionPipeline?
    /// A backup is being put in the place of the database: nobody starts over it yet.
    private(set) var isRestoring = false
    private let history: History

    /// The moment at which every world begins: 12 May 2026, 15:33 UTC.
    static let beginning: Int64 = 1_778_600_000_000

    init(
        address: Address, stepper: Stepper, limits: Limits, epoch: UInt64, history: History
    ) {
        self.address = address
        self.stepper = stepper
        self.limits = limits
        self.history = history
        disk = ServerDisk(epoch: epoch)
    }

    var isUp: Bool { sessions != nil }

    private var clock: Timestamp { Timestamp(milliseconds: Self.beginning + stepper.now + skew) }

    /// Starts the process over what is on the disk.
    func start() async throws {
        guard !isUp, !isRestoring else { return }
        // One that is still opening the journal opens a disk that may have changed since.
        process.kill()
        let process = SimulatedProcess()
        self.process = process
        let journal = SimulatedJournal(disk, stepper: stepper, process: process)
        try await journal.load()
        guard !process.isDead else { return }
        let seal = ReceiptSeal(key: disk.receiptKey, began: try await EpochBeginning.of(journal))
        let recovery = try disk.recovery.map { state in
            try RecoveryDesk(
                state, returned: SimulatedReturnedFile(disk, stepper: stepper, process: process), seal: seal,
                journal: journal, isEnding: disk.isEnding, perform: { [stepper] work in stepper.soon(work) })
        }
        guard !process.isDead, !isRestoring else { return }
        let secret = ServerDisk.secret(disk.epoch)
        let service = try Service(
            address: address, journal: journal, enrolment: enrolment, authority: Certificates.shared.authority,
            blobs: BlobFolder(blobs: "/nonexistent", uploads: "/nonexistent", uploadLimit: 0),
            receipts: seal, recovery: recovery, limits: limits,
            clock: { [unowned self] in self.clock },
            failed: { [weak self] error in self?.failed(error, process) }, executor: stepper, random: { secret })
        self.service = service
        self.journal = journal
        sessions = SessionPipeline(service: service)
        history.tell("server up with \(disk.records.count) changes, epoch \(journal.epoch)")
    }

    /// A server whose disk failed is started again after a while, by whoever looks after it.
    private func failed(_ error: JournalError, _ process: SimulatedProcess) {
        history.tell("server's journal failed: \(error.code.rawValue)")
        stepper.after(2_000) { [weak self] in
            guard let self, !process.isDead else { return }
            self.kill("to start it again")
            self.startSoon(after: 500)
        }
    }

    /// Starts the process again later.
    func startSoon(after milliseconds: Int64) {
        stepper.after(milliseconds) { [weak self] in
            guard let self, !self.isUp else { return }
            self.stepper.begin {
                do { try await self.start() } catch { self.startSoon(after: 1_000) }
            }
        }
    }

    func kill(_ why: String) {
        process.kill()
        guard isUp else { return }
        history.tell("server killed \(why)")
        (service, sessions, journal) = (nil, nil, nil)
        for connection in connections { connection.reset("the server is gone") }
        connections = []
    }

    // MARK: Restoring

    /// Puts a backup in the place of the database, which ends with a new epoch; then the server is started over it.
    ///
    /// - Parameter recovers: whether clients can give back what is lost, as the key of their receipts was kept.
    func restore(to count: Int, epoch: UInt64, recovers: Bool) {
        kill("for a restore")
        isRestoring = true
        disk.restore(to: count, epoch: epoch, keepsKey: recovers)
        stepper.begin {
            let journal = SimulatedJournal(self.disk, stepper: self.stepper, process: SimulatedProcess())
            let now = self.clock
            var moved: (before: Timestamp, begun: Timestamp)?
            // A database that is busy is asked again.
            while moved == nil { moved = try? await EpochBeginning.move(journal, to: now) }
            guard let (before, begun) = moved else { return }
            if recovers {
                self.disk.recovery = RecoveryState(
                    epoch: journal.epoch, begun: begun, before: before, records: count)
            }
            self.isRestoring = false
            self.startSoon(after: Int64(self.stepper.number(below: 5_000)))
        }
    }

    /// Ends the recovery, as its operator does; whether it is over.
    func endRecovery() async -> Bool {
        guard let service, let desk = service.recovery else { return isUp && disk.recovery == nil }
        let process = process
        do {
            let recovery = Recovery(
                service: service, desk: desk,
                close: { try self.change(process) { $0.isEnding = true } },
                finish: { report in try self.change(process) { self.finishRecovery($0, report) } })
            try await recovery.end()
            history.count("recoveries ended")
            return true
        } catch {
            history.tell("the recovery couldn't be ended: \(error)")
            return false
        }
    }

    /// Changes what the disk has of a recovery, as one renaming does; with bad luck it is done and fails nevertheless.
    private func change(_ process: SimulatedProcess, _ body: (ServerDisk) -> Void) throws {
        let failure = FileError(5, .write, "recovery")
        guard !process.isDead, disk.recovery != nil else { throw failure }
        let fault = disk.takeFault()
        if fault == .refused || fault == .full { throw failure }
        body(disk)
        if fault != nil { throw failure }
    }

    private func finishRecovery(_ disk: ServerDisk, _ report: [JSONValue]) {
        for item in report { history.tell("report: \(String(decoding: item.encoded(), as: UTF8.self))") }
        witness?.recoveryEnds(report, disk.returned)
        disk.recovery = nil
    }

    // MARK: Certificates

    /// Has the register know a certificate.
    ///
    /// - Parameter milliseconds: how long from now on it is good; `nil` for ever.
    func admit(_ certificate: Certificate, for address: Address, lasting milliseconds: Int64? = nil) async {
        let expires =
            milliseconds.map { clock.adding(milliseconds: $0) } ?? Timestamp(milliseconds: Self.beginning * 2)
        if milliseconds != nil { ends[certificate.serial] = expires }
        _ = await enrolment.record(
            IssuedCertificate(
                serial: certificate.serial, address: address, issuedAt: Timestamp(milliseconds: 0), expires: expires
            ))
    }

    /// Whether a certificate is no longer good, by this machine's clock.
    func hasExpired(_ certificate: Certificate) -> Bool { ends[certificate.serial].map { $0 <= clock } ?? false }

    /// Ends the connections whose certificate has expired, as the server does every minute. From then on nothing may be
    /// sent on them but a goodbye.
    func endExpired() {
        sessions?.endExpired()
        for connection in connections where hasExpired(connection.certificate) { closeToChanges(connection) }
    }

    private func closeToChanges(_ connection: SimulatedConnection) {
        (connection.server.channel.eventLoop as? EmbeddedEventLoop)?.run()
        connection.server.isClosedToChanges = true
    }

    /// Revokes as the operator's command does: written first, then the connections that stand are ended. From then on
    /// nothing may be sent on them but a goodbye.
    func revoke(_ client: ClientMachine) async {
        let serial = client.certificate.serial
        _ = await enrolment.revoke(serial: serial, at: Timestamp(milliseconds: Self.beginning))
        sessions?.revoke([serial])
        client.isRevoked = true
        for connection in connections where connection.certificate.serial == serial { closeToChanges(connection) }
    }

    // MARK: Connections

    /// Connects to the server, if it is up and has room.
    func connect(with certificate: Certificate) -> SimulatedConnection? {
        guard let sessions else { return nil }
        let client = SimulatedSocket(on: stepper.makeLoop(), greeting: nil)
        let server = SimulatedSocket(
            on: stepper.makeLoop(), greeting: TLSHandshakeCompleted(.session, peerCertificate: certificate))
        do {
            let anywhere = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
            for socket in [client, server] { socket.channel.connect(to: anywhere, promise: nil) }
            try client.channel.pipeline.syncOperations.addHandler(client)
            try sessions.add(to: server.channel) { server }
        } catch {
            return nil
        }
        let connection = SimulatedConnection(client, server, certificate, stepper: stepper) { [weak self] in
            self?.weather ?? SimulatedConnection.Weather()
        }
        server.onForbidden = { [weak self] in
            self?.witness?.broken(.revoked, "who was shut out got something more")
        }
        connections.removeAll(where: \.isOver)
        connections.append(connection)
        stepper.soon { server.establish() }
        return connection
    }

    /// Gives back what a connection used, once nobody waits for it.
    func forget(_ connection: SimulatedConnection) {
        connection.reset("both ends are done")
        connections.removeAll { $0 === connection }
        stepper.after(1_000) { [stepper] in
            for socket in [connection.client, connection.server] {
                guard let loop = socket.channel.eventLoop as? EmbeddedEventLoop else { continue }
                loop.run()
                stepper.drop(loop)
            }
        }
    }
}
