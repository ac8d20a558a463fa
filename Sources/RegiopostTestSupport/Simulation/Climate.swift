import RegiopostClient
import RegiopostModel

/// What goes wrong in a world, and how often: each seed picks some kinds of fault and leaves out others, so that some
/// worlds are quiet enough for what needs quiet.
struct Climate {
    /// What can go wrong at any step.
    enum Fault: String, CaseIterable {
        case serverKilled = "server killed"
        case clientKilled = "client killed"
        case serverPaused = "server paused"
        case clientPaused = "client paused"
        case connectionReset = "connection reset"
        case oneWayStuck = "one direction stuck"
        case serverDisk = "server's disk fails"
        case clientDisk = "client's disk fails"
        case serverClock = "server's clock jumps"
        case clientClock = "client's clock jumps"
        case restored = "restored from backup"
        case revoked = "certificate revoked"
        case duplicate = "old change sent again"
        case forged = "forged change sent"
        case unknownType = "change of an unknown type"
        case directory = "directory changes"
        case mandate = "mandate ends"
        case serverBusy = "server's database busy"

        /// What happens at most once in a world.
        var isSingular: Bool { [.restored, .revoked, .unknownType, .mandate].contains(self) }
    }

    var weather = SimulatedConnection.Weather()
    /// How often each kind comes in 100,000 steps.
    private var rates: [(fault: Fault, rate: Int)] = []
    private static let day: Int64 = 86_400_000

    init(_ stepper: Stepper, seed: UInt64) {
        weather.delay = stepper.happens(1, in: 3) ? 2_000 : 20
        weather.piece = stepper.pick([0, 1, 40, 4_000]) ?? 0
        if stepper.happens(1, in: 2) { weather.breaks = stepper.number(below: 40) }
        if stepper.happens(1, in: 3) { weather.cuts = stepper.number(below: 40) }
        for fault in Fault.allCases where fault != .serverBusy && stepper.happens(1, in: 3) {
            rates.append((fault, 10 + stepper.number(below: 60)))
        }
        // By the seed itself: the other worlds stay as they were before there was this fault.
        if seed % 11 == 5 { rates.append((.serverBusy, 60)) }
    }

    /// Before each step: perhaps something goes wrong now.
    mutating func strike(_ world: Simulation) {
        var roll = world.stepper.number(below: 100_000)
        for (index, (fault, rate)) in rates.enumerated() {
            if roll < rate {
                guard happen(fault, in: world) else { return }
                world.history.count(fault.rawValue)
                world.history.tell(fault.rawValue)
                if fault.isSingular { rates.remove(at: index) }
                return
            }
            roll -= rate
        }
    }

    /// Everything that went wrong is mended.
    mutating func calm(_ world: Simulation) {
        rates = []
        world.server.disk.nextFault = nil
        world.server.disk.busyReads = 0
        for client in world.clients { client.disk.nextFault = nil }
        for connection in world.server.connections {
            connection.setStuck(false, toServer: true)
            connection.setStuck(false, toServer: false)
        }
    }

    private func happen(_ fault: Fault, in world: Simulation) -> Bool {
        let stepper = world.stepper
        guard let client = stepper.pick(world.clients) else { return false }
        switch fault {
        case .serverKilled:
            guard world.server.isUp else { return false }
            world.server.kill("at any step")
            world.server.startSoon(after: Int64(stepper.number(below: 5_000)))
        case .clientKilled: client.kill("at any step")
        case .serverPaused: world.server.process.pause(until: stepper.now + Int64(stepper.number(below: 40_000)))
        case .clientPaused: client.process.pause(until: stepper.now + Int64(stepper.number(below: 40_000)))
        case .connectionReset:
            guard let connection = stepper.pick(world.server.connections) else { return false }
            connection.reset("at any step")
        case .oneWayStuck:
            guard let connection = stepper.pick(world.server.connections) else { return false }
            let toServer = stepper.happens(1, in: 2)
            connection.setStuck(true, toServer: toServer)
            stepper.after(Int64(stepper.number(below: 60_000))) { connection.setStuck(false, toServer: toServer) }
        case .serverDisk: world.server.disk.nextFault = stepper.pick(ServerDisk.Fault.allCases)
        case .serverBusy: world.server.disk.busyReads = 1 + stepper.number(below: 8)
        case .clientDisk: client.disk.nextFault = stepper.pick([.diskFull, .storeFailed])
        case .serverClock: world.server.skew = jump(stepper)
        case .clientClock: client.skew = jump(stepper)
        case .restored: return world.restore()
        case .revoked: return world.revoke(client)
        case .duplicate: return world.sendAgain()
        case .forged:
            let forger = Forger(world)
            return world.server.disk.recovery == nil ? forger.send() : forger.giveBack()
        case .unknownType: return world.meetUnknownType()
        case .directory: world.changeDirectory()
        case .mandate: return world.endMandate()
        }
        return true
    }

    private func jump(_ stepper: Stepper) -> Int64 {
        Int64(stepper.number(below: 6)) * Self.day - 3 * Self.day + Int64(stepper.number(below: 1_000_000))
    }
}
