import RegiopostClient
import RegiopostCrypto
import RegiopostModel

/// Somebody's machine: a profile on a disk, a clock that can be wrong, and a person who writes and syncs.
final class ClientMachine: @unchecked Sendable {
    let name: String
    let address: Address
    /// Its newest.
    private(set) var certificate: Certificate
    let disk = ClientDisk()
    var skew: Int64 = 0
    /// A revoked one can't sync any more.
    var isRevoked = false
    /// How many more things its user wants to do.
    var wishes: Int
    private(set) var isBusy = 0
    private let server: ServerMachine
    private let witness: Witness
    private let stepper: Stepper
    private(set) var process = SimulatedProcess()
    private let history: History
    private var connections: [SimulatedConnection] = []

    init(
        name: String, address: Address, certificate: Certificate, wishes: Int, server: ServerMachine,
        witness: Witness,
        history: History
    ) {
        self.name = name
        self.address = address
        self.certificate = certificate
        self.wishes = wishes
        self.server = server
        self.witness = witness
        self.history = history
        stepper = server.stepper
        witness.addresses[name] = address
    }

    private func store(in process: SimulatedProcess) -> SimulatedStore {
        SimulatedStore(disk, stepper: stepper, process: process, witness: witness, profile: name)
    }

    private func workspace(in process: SimulatedProcess) -> Workspace {
        Workspace(
            address: address, store: store(in: process),
            surroundings: Workspace.Surroundings(
                clock: { [stepper, unowned self] in
                    Timestamp(milliseconds: ServerMachine.beginning + stepper.now + self.skew)
                },
                random: { [stepper] in (stepper.word(), stepper.word()) }, digest: Witness.digest))
    }

    /// Its user has enrolled again: the profile, with all that it holds, goes on with another certificate.
    func enrolled(_ certificate: Certificate) { self.certificate = certificate }

    /// Ends the process wherever it is; another one begins later.
    func kill(_ why: String) {
        history.tell("\(name) killed \(why)")
        process.kill()
        for connection in connections { connection.reset("the client is gone") }
        connections = []
        process = SimulatedProcess()
        stepper.after(Int64(stepper.number(below: 3_000))) { [weak self] in self?.begin() }
    }

    // MARK: A working day

    /// Its user wants to do more, also where everything was done.
    func wish(for more: Int) {
        wishes += more
        if isBusy == 0 { begin() }
    }

    /// Begins to write and sync, until nothing more is wished for.
    func begin() {
        let process = process
        isBusy += 1
        stepper.begin {
            while self.wishes > 0, !process.isDead { await self.turn(process) }
            self.isBusy -= 1
        }
    }

    private func turn(_ process: SimulatedProcess) async {
        await stepper.sleep(Int64(stepper.number(below: 4_000)))
        guard !process.isDead, wishes > 0 else { return }
        wishes -= 1
        switch stepper.number(below: 10) {
        case 0..<6: await write(process)
        case 6: await decide(process)
        case 7 where stepper.happens(1, in: 2): await watch(process)
        default: break
        }
        guard !process.isDead, stepper.happens(2, in: 3) else { return }
        guard stepper.happens(1, in: 4) else {
            _ = await sync(process)
            return
        }
        async let other: Void = doBeside(process)
        _ = await sync(process)
        await other
    }

    /// What another command of the same user does while one syncs.
    private func doBeside(_ process: SimulatedProcess) async {
        switch stepper.number(below: 4) {
        case 0, 1: _ = await sync(process)
        case 2: await decide(process)
        default:
            await write(process)
            await decide(process)
        }
    }

    func write(_ process: SimulatedProcess? = nil) async {
        let process = process ?? self.process
        let desk = workspace(in: process)
        guard let view = try? await desk.view() else { return }
        var intents = Clerk(address: address, stepper: stepper).intents(in: view)
        for _ in 0..<4 where !intents.isEmpty {
            let intent = keyed(intents.remove(at: stepper.number(below: intents.count)))
            guard let written = try? await desk.write(intent, in: view) else { continue }
            history.tell(
                "\(name) wrote \(written.change.typeName) \(written.change.id) on \(written.change.subject.text)")
            return
        }
    }

    /// Now and then a script asks, with a key that another machine of the address may use too.
    private func keyed(_ intent: Workspace.Intent) -> Workspace.Intent {
        guard stepper.happens(1, in: 5) else { return intent }
        return Workspace.Intent(
            intent.type, on: intent.subject, intent.body, key: "k\(stepper.number(below: 4))", needs: intent.needs)
    }

    /// Decides about what was refused: written anew, or given up; now and then about what hasn't left yet.
    private func decide(_ process: SimulatedProcess) async {
        let desk = workspace(in: process)
        guard let view = try? await desk.view() else { return }
        if stepper.happens(1, in: 3), let item = stepper.pick(view.outbox) {
            if (try? await desk.store.giveUp(item.change.id)) == true {
                history.tell("\(name) gave up \(item.change.id)")
            }
            return
        }
        let refused = view.outbox.filter { if case .refused = $0.state { true } else { false } }
        guard let item = stepper.pick(refused) else { return }
        if stepper.happens(2, in: 3) {
            guard let anew = try? await desk.redo(item.change.id, in: view), !anew.isEmpty else { return }
            history.tell("\(name) wrote \(item.change.id) anew as \(anew[0].id)")
        } else if (try? await desk.store.giveUp(item.change.id)) == true {
            history.tell("\(name) gave up \(item.change.id)")
        }
    }

    // MARK: Syncing

    private func open(_ process: SimulatedProcess) async throws -> (
        SyncEngine, SimulatedConnection, Fileless
    ) {
        guard let line = server.connect(with: certificate) else { throw ClientError(.unreachable) }
        connections.removeAll(where: \.isOver)
        connections.append(line)
        line.tell = { [name, history] text in history.tell("\(name): \(text)") }
        do {
            let connection = Fileless(
                try await TLSServerConnection.open(
                    over: line.client.channel, to: "server", trace: history.isKept ? trace : nil),
                profile: name, witness: witness)
            let engine = SyncEngine(
                store: store(in: process), connection: connection,
                files: FileFolder(folder: "/nonexistent"))
            return (engine, line, connection)
        } catch {
            server.forget(line)
            throw error
        }
    }

    private var trace: TLSServerConnection.Trace {
        { [name, history] speaker, text in
            history.tell("\(name) \(speaker == .client ? "→" : "←") \(text.prefix(160))")
        }
    }

    /// Syncs once; whether it came to its end.
    func sync(_ process: SimulatedProcess? = nil) async -> Bool {
        let process = process ?? self.process
        let (wasRevoked, hadEnded) = (isRevoked, witness.hasEnded(address))
        let (shown, hadExpired, skew) = (certificate, server.hasExpired(certificate), server.skew)
        do {
            let (engine, line, connection) = try await open(process)
            defer { server.forget(line) }
            let held = ReplicaMailbox.allCases.flatMap(disk.entries)
            _ = try await engine.sync()
            if connection.isRecovering {
                history.count("syncs while recovering")
                witness.gaveAllBack(held, connection.answered, by: name)
            }
            if wasRevoked { witness.broken(.revoked, "\(name) synced with a revoked certificate") }
            if hadEnded { witness.broken(.revoked, "\(name) read on after its mandate") }
            // The clock may have been put back meanwhile, and somebody may have enrolled.
            if hadExpired, server.skew == skew, certificate.serial == shown.serial {
                witness.broken(.revoked, "\(name) synced with an expired certificate")
            }
            await connection.close()
            return true
        } catch {
            history.tell("\(name) couldn't sync: \(Self.text(of: error))")
            return false
        }
    }

    private static func text(of error: any Error) -> String {
        guard let error = error as? ClientError else { return String(describing: error) }
        return error.code.rawValue
            + error.details.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    }

    /// Watches for a while, and writes meanwhile.
    private func watch(_ process: SimulatedProcess) async {
        stepper.begin {
            await self.write(process)
            if self.stepper.happens(1, in: 3) { await self.decide(process) }
        }
        await watch(process, until: stepper.now + Int64(stepper.number(below: 20_000)))
    }

    /// Watches until a moment, or until the connection breaks.
    func watch(_ process: SimulatedProcess? = nil, until end: Int64) async {
        let process = process ?? self.process
        guard let (engine, line, connection) = try? await open(process) else { return }
        defer { server.forget(line) }
        let stepper = stepper
        stepper.after(end - stepper.now) { line.reset("the user ends the watch") }
        try? await engine.watch(
            pause: {
                await stepper.sleep(2_000)
                if stepper.now > end { throw ClientError(.interrupted) }
            }, onReport: { _ in })
        _ = connection
    }

    /// Sends a line as it is and hears what the server says: a late duplicate, or what no client of ours would send.
    func push(_ lines: [[UInt8]]) async -> [PushAnswer?] {
        guard let (_, line, connection) = try? await open(process) else { return [] }
        defer { server.forget(line) }
        let answers = await connection.push(lines).answers
        await connection.close()
        return answers
    }

    /// Gives a line back that it may not give, and hears what the server says; `nil` where nothing is taken back.
    func giveBack(_ entry: ReplicaEntry, of mailbox: ReplicaMailbox) async -> ReturnAnswer? {
        guard let (_, line, connection) = try? await open(process) else { return nil }
        defer { server.forget(line) }
        guard connection.isRecovering else { return nil }
        let answers = await connection.inner.giveBack([entry], of: mailbox).answers
        await connection.close()
        return answers.first ?? nil
    }
}
