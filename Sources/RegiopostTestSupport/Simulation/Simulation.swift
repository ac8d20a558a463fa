import RegiopostClient
import RegiopostCrypto
import RegiopostModel
import RegiopostServer
import RegiopostWire

/// One world: a server, several clients of several addresses, a network between them, and whatever goes wrong. All of it
/// follows from a seed and the code: the same seed does the same, step by step, in one thread.
public final class Simulation: @unchecked Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// The seed.
        public let seed: UInt64
        /// The first promise that was broken.
        public let violation: Violation?
        /// How many steps were done.
        public let steps: Int
        /// How many changes stand in the journal at the end.
        public let changes: Int
        /// What happened, where it was asked for.
        public let history: [String]
        /// How often each kind of thing happened.
        public let counts: [String: Int]
    }

    let seed: UInt64
    let stepper: Stepper
    let server: ServerMachine
    let witness: Witness
    private(set) var clients: [ClientMachine] = []
    /// How many certificates there are.
    var certificatesGiven: Int
    var climate: Climate
    let history: History
    /// Whether things still go wrong.
    private(set) var isEventful = true

    /// Makes the world of a seed.
    ///
    /// - Parameter keepsHistory: whether to write down what happens.
    public init(seed: UInt64, keepsHistory: Bool = false) throws {
        self.seed = seed
        let stepper = Stepper(seed: seed)
        self.stepper = stepper
        guard let address = Address("pv28/regiopostd") else { preconditionFailure("an address") }
        let history = History(stepper: stepper, isKept: keepsHistory)
        self.history = history
        climate = Climate(stepper, seed: seed)
        var limits = Limits.standard
        limits.page = 1 + stepper.number(below: 6)
        let epoch = stepper.word()
        server = ServerMachine(address: address, stepper: stepper, limits: limits, epoch: epoch, history: history)
        let witness = Witness(server: address)
        self.witness = witness
        witness.epoch = epoch
        server.witness = witness
        server.disk.onCommit = { record in
            history.tell("durable: \(record.id) on \(record.subject.text)")
            witness.commit(record)
        }
        var names = [("secretariaat", "pv28/secretariaat"), ("delft", "gm0503/college")]
        let others = [
            ("delft-twee", "gm0503/college"), ("accounthouder", "pv28/accounthouder-haagse-regio"),
            ("formateur", "gm0503/formateur"), ("griffie", "gm0503/griffie"), ("denhaag", "gm0518/college"),
        ]
        for other in others where stepper.happens(2, in: 5) { names.append(other) }
        certificatesGiven = names.count
        for (number, (name, text)) in names.enumerated() {
            guard let address = Address(text) else { continue }
            clients.append(
                ClientMachine(
                    name: name, address: address,
                    certificate: try Certificates.shared.certificate(number, for: address),
                    wishes: 2 + stepper.number(below: 5), server: server, witness: witness, history: history))
        }
    }

    /// Runs it all: setting up, the days on which things go wrong, and the time after in which everything heals.
    public func run() -> Outcome {
        finish("setting up", steps: 50_000) { await self.setUp() }
        server.weather = climate.weather
        stepper.beforeStep = { [unowned self] in self.climate.strike(self) }
        for client in clients { client.begin() }
        let isOver = {
            self.witness.violation != nil || self.clients.allSatisfy { $0.wishes == 0 && $0.isBusy == 0 }
        }
        if !stepper.run(until: isOver, steps: 200_000, milliseconds: 3_600_000) {
            witness.broken(.progress, "the clients never came to the end of their wishes")
        }
        stepper.beforeStep = nil
        if witness.violation == nil { heal() }
        for client in clients { client.process.kill() }
        server.kill("because the world ends")
        _ = stepper.run(until: { false }, steps: 2_000, milliseconds: 60_000)
        return Outcome(
            seed: seed, violation: witness.violation, steps: stepper.steps, changes: witness.committed.count,
            history: history.lines, counts: history.counts)
    }

    private func finish(_ name: String, steps: Int, _ work: @escaping @Sendable () async -> Void) {
        final class Flag: @unchecked Sendable { var isDone = false }
        let flag = Flag()
        stepper.begin {
            await work()
            flag.isDone = true
        }
        let isOver = { flag.isDone || self.witness.violation != nil }
        if !stepper.run(until: isOver, steps: steps, milliseconds: 3_600_000) {
            witness.broken(.progress, "\(name) never came to an end")
        }
    }

    var directorySize: Int { Self.directory.count }

    private static let directory: [Change] = (try? Story().accepted) ?? []

    private func setUp() async {
        if lastsBriefly { lookForExpired() }
        for client in clients { await admit(client) }
        try? await server.start()
        for change in Self.directory { _ = await ordain(change) }
    }

    /// Has the server itself write a change.
    @discardableResult func ordain(_ change: Change) async -> Bool {
        witness.ordain(change.id)
        guard let service = server.service else { return false }
        if case .accepted = await service.sequencer.submit(change.line(), from: server.address) { return true }
        return false
    }

    /// Whether somebody's mandate is over: nothing is read any more.
    func hasEnded(_ client: ClientMachine) -> Bool {
        witness.committed.contains { item in
            if case .mandateEnd(let end)? = item.change?.body { end.address == client.address } else { false }
        }
    }

    // MARK: Healing

    /// Faults end, and everybody syncs until nothing is new.
    private func heal() {
        history.tell("from here on nothing goes wrong")
        isEventful = false
        server.weather = SimulatedConnection.Weather()
        climate.calm(self)
        finish("healing", steps: 400_000) {
            while self.server.isRestoring { await self.stepper.sleep(100) }
            // Whatever state it is in: it opens what it has, as everything must.
            self.server.kill("to be sure of its disk")
            try? await self.server.start()
            await self.renewAll()
            await self.endRecovery()
            await self.comeToRest()
            if self.stepper.happens(1, in: 3) {
                await self.watchTogether()
                await self.comeToRest()
            }
            await self.repeatAll()
        }
        if witness.violation == nil { Settlement(self).check() }
    }

    /// Everybody syncs, round after round, until nothing is new.
    private func comeToRest() async {
        for round in 0..<30 {
            let before = witness.committed.count
            var isQuiet = true
            for client in clients where !client.isRevoked {
                let hadEnded = hasEnded(client)
                let isDone = await client.sync()
                if !isDone, !hadEnded { isQuiet = false }
                if isDone, hadEnded { witness.broken(.revoked, "\(client.name) read on after its mandate") }
            }
            // What the server writes because of it comes a moment later.
            await stepper.sleep(5_000)
            if isQuiet, round > 0, witness.committed.count == before { return }
        }
        witness.broken(.progress, "thirty rounds of syncing didn't come to rest")
    }

    /// All watch, several write, and a moment later everybody has it.
    private func watchTogether() async {
        let watchers = clients.filter { !$0.isRevoked && !hasEnded($0) }
        for client in watchers {
            stepper.begin { await client.watch(until: self.stepper.now + 30_000) }
        }
        await stepper.sleep(3_000)
        for _ in 0..<(1 + stepper.number(below: 4)) {
            for client in watchers where stepper.happens(2, in: 3) {
                stepper.begin { await client.write() }
            }
            await stepper.sleep(Int64(stepper.number(below: 3_000)))
        }
        await stepper.sleep(10_000)
        history.count("watches compared")
        Settlement(self).checkWatchers(watchers)
        await stepper.sleep(20_000)
    }

    /// Some give back what they have, then the operator ends the recovery.
    private func endRecovery() async {
        guard server.disk.recovery != nil else { return }
        for client in clients where !client.isRevoked && stepper.happens(3, in: 4) { _ = await client.sync() }
        if await !server.endRecovery() { witness.broken(.progress, "the recovery can't be ended") }
    }

    /// Days later, some of what was acknowledged is sent once more.
    private func repeatAll() async {
        server.skew += 3 * 86_400_000
        for _ in 0..<3 {
            guard let item = stepper.pick(witness.committed), let change = item.change,
                let client = clients.first(where: { $0.address == change.author && !$0.isRevoked })
            else { continue }
            await sendAgain(item.record, by: client)
        }
    }
}
