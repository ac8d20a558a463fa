/// What happened in a world: how often each kind of thing, and as text where anybody will read it.
final class History: @unchecked Sendable {
    let isKept: Bool
    private(set) var lines: [String] = []
    private(set) var counts: [String: Int] = [:]
    private let stepper: Stepper

    init(stepper: Stepper, isKept: Bool) {
        self.stepper = stepper
        self.isKept = isKept
    }

    func tell(_ text: @autoclosure () -> String) {
        if isKept { lines.append("\(stepper.now) ms, step \(stepper.steps): \(text())") }
    }

    func count(_ name: String) { counts[name, default: 0] += 1 }
}
