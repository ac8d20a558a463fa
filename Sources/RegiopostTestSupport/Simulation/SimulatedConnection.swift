import RegiopostCrypto

/// The bytes between two ends: late, in pieces of any size, cut off anywhere, or stuck; never out of order, as with TCP.
final class SimulatedConnection {
    /// How a network behaves. Times are in milliseconds.
    struct Weather {
        /// The longest that bytes are under way.
        var delay = 20
        /// Pieces are at most that long, where not everything goes at once; 0 where everything does.
        var piece = 0
        /// How likely a piece takes the connection with it, in a thousand.
        var breaks = 0
        /// How likely what is under way ends in the middle, as if it had ended well, in a thousand.
        var cuts = 0
    }

    private struct Direction {
        let from: SimulatedSocket
        let to: SimulatedSocket
        /// What has arrived and isn't taken.
        var arrived: [UInt8] = []
        /// What is under way, in order, and how many bytes each piece had before it was cut.
        var pieces: [(bytes: [UInt8], count: Int)] = []
        var underWay = 0
        var lastArrival: Int64 = 0
        var isScheduled = false
        var endsAfter = false
        var hasEnded = false
        /// Nothing passes for now.
        var isStuck = false
    }

    private let stepper: Stepper
    private let weather: () -> Weather
    private var directions: [Direction]
    private(set) var isOver = false
    let client: SimulatedSocket
    let server: SimulatedSocket
    /// The certificate that the client showed.
    let certificate: Certificate
    /// Told what became of it, for the history.
    var tell: ((String) -> Void)?

    /// How many bytes the network takes from a sender whose peer doesn't read.
    private static let window = 65_536

    init(
        _ client: SimulatedSocket, _ server: SimulatedSocket, _ certificate: Certificate, stepper: Stepper,
        weather: @escaping () -> Weather
    ) {
        self.client = client
        self.server = server
        self.certificate = certificate
        self.stepper = stepper
        self.weather = weather
        directions = [Direction(from: client, to: server), Direction(from: server, to: client)]
        client.onOutput = { [weak self] in self?.schedule(0) }
        server.onOutput = { [weak self] in self?.schedule(1) }
        client.onParting = { [weak self] in self?.left(0, $0) }
        server.onParting = { [weak self] in self?.left(1, $0) }
    }

    /// Lets nothing pass in one direction, or everything again. `toServer` is what the client sends.
    func setStuck(_ isStuck: Bool, toServer: Bool) {
        let index = toServer ? 0 : 1
        directions[index].isStuck = isStuck
        if !isStuck { schedule(index) }
    }

    /// Ends both ends at once; what is under way is lost.
    func reset(_ why: String) {
        guard !isOver else { return }
        isOver = true
        tell?("connection broken: \(why)")
        client.breakOff()
        server.breakOff()
    }

    private func schedule(_ index: Int) {
        guard !isOver, !directions[index].isScheduled else { return }
        directions[index].isScheduled = true
        stepper.soon { [weak self] in self?.carry(index) }
    }

    /// Takes some of what an end sends.
    private func carry(_ index: Int) {
        directions[index].isScheduled = false
        guard !isOver, !directions[index].isStuck, !directions[index].endsAfter else { return }
        let weather = weather()
        let room = Self.window - directions[index].underWay - directions[index].arrived.count
        let size = weather.piece == 0 || stepper.happens(1, in: 3) ? room : 1 + stepper.number(below: weather.piece)
        let bytes = directions[index].from.take(min(size, room))
        if stepper.number(below: 1_000) < weather.breaks { return reset("by the network") }
        let isCut = !bytes.isEmpty && stepper.number(below: 1_000) < weather.cuts
        let isLast = isCut || directions[index].from.isOutputEnded
        guard !bytes.isEmpty || isLast && !directions[index].endsAfter else { return }
        if isLast { directions[index].endsAfter = true }
        let delay = Int64(stepper.number(below: weather.delay + 1))
        let arrival = max(stepper.now + delay, directions[index].lastArrival)
        directions[index].lastArrival = arrival
        directions[index].underWay += bytes.count
        let kept = isCut ? Array(bytes.prefix(stepper.number(below: bytes.count))) : bytes
        directions[index].pieces.append((kept, bytes.count))
        stepper.after(arrival - stepper.now) { [weak self] in self?.arrive(index) }
        if isCut { tell?("cut off in mid-stream") }
        if directions[index].from.waiting > 0, !isLast { schedule(index) }
    }

    /// The first piece under way arrives, whichever one's moment it is: order is kept.
    private func arrive(_ index: Int) {
        guard !isOver else { return }
        let (bytes, count) = directions[index].pieces.removeFirst()
        directions[index].underWay -= count
        directions[index].arrived += bytes
        stepper.soon { [weak self] in self?.handOver(index) }
    }

    private func handOver(_ index: Int) {
        guard !isOver else { return }
        let direction = directions[index]
        guard direction.to.isReading else {
            stepper.after(50) { [weak self] in self?.handOver(index) }
            return
        }
        directions[index].arrived = []
        if !direction.arrived.isEmpty { direction.to.receive(direction.arrived) }
        schedule(index)
        guard directions[index].endsAfter, directions[index].underWay == 0, !directions[index].hasEnded else {
            return
        }
        directions[index].hasEnded = true
        direction.to.receiveEnd()
    }

    /// One end is gone: the other hears it after what is under way, or at once where it was no orderly end.
    private func left(_ index: Int, _ parting: SimulatedSocket.Parting) {
        guard !isOver else { return }
        directions[index].endsAfter = true
        stepper.after(Int64(weather().delay)) { [weak self] in
            guard let self, !self.isOver else { return }
            if parting == .orderly, !self.directions[index].hasEnded, self.directions[index].underWay == 0 {
                self.directions[index].hasEnded = true
                self.directions[index].to.receiveEnd()
            }
            // Whoever isn't read by anybody any more learns it soon after.
            self.stepper.after(1_000) { [weak self] in
                guard let self, !self.isOver else { return }
                self.isOver = true
                self.client.breakOff()
                self.server.breakOff()
            }
        }
    }
}
