import Foundation
import RegiopostTestSupport
import Synchronization
import Testing

@Suite("The simulation") struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = environment["REGIOPOST_SEEDS"].flatMap(Int.init) ?? 2_000
    private static let first = environment["REGIOPOST_FIRST_SEED"].flatMap(UInt64.init) ?? 1

    @Test("every promise is kept, whatever goes wrong") func seeds() async throws {
        let campaign = Campaign(first: Self.first, count: Self.seeds)
        let failure = await campaign.run()
        print(campaign.summary)
        guard let failure else { return }
        let told = try Simulation(seed: failure.seed, keepsHistory: true).run()
        print(told.history.joined(separator: "\n"))
        Issue.record("Seed \(failure.seed): \(told.violation?.description ?? "no longer fails")")
    }

    @Test("a seed does the same every time") func sameAgain() throws {
        for seed in UInt64(1)...5 {
            let histories = try (0..<2).map { _ in try Simulation(seed: seed, keepsHistory: true).run().history }
            let difference = zip(histories[0], histories[1]).first { $0 != $1 }
            #expect(difference == nil && histories[0].count == histories[1].count)
            #expect(histories[0].count > 50)
        }
    }
}
