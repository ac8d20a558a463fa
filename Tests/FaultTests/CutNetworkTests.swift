import Foundation
import Testing

/// A connection that is cut anywhere: the next sync goes on, and everything arrives once.
@Suite(.serialized) struct CutNetworkTests {
    private static let requests = 3

    @Test func `A sync that is cut after any number of bytes goes on where it was`() async throws {
        try await Town.with { town in
            try await town.enrol("accounthouder", "pv28/accounthouder-haagse-regio")
            try await town.enrol("formateur", "gm0518/formateur")
            var expected: [String] = []
            // The server moves behind the proxy, which takes its port: profiles know only that one.
            try await town.moveServer { target in
                try await CuttingProxy.with(port: town.port, target: target) { proxy in
                    func queue() async throws {
                        for _ in 0..<Self.requests {
                            let run = try await town.succeed(
                                "formateur", "meeting", "request", "--theme", "thema \(expected.count)", "--slot",
                                "2026-05-12 10:00-12:00")
                            expected.append(try run.value(Queued.self).id)
                        }
                    }
                    try await queue()
                    proxy.allow(nil)
                    try await town.succeed("formateur", "sync")
                    let whole = proxy.passed
                    #expect(whole > 2_000, "all of it goes through the proxy")
                    let step = max(whole / Campaign.current.cuts, 1)
                    for bytes in stride(from: 0, to: whole, by: step) {
                        try await queue()
                        proxy.allow(bytes)
                        let run = try await town.client("formateur", ["sync"])
                        let isCut = [69, 75, 77].contains(run.status)
                        // Only the goodbye may be cut without being missed.
                        #expect(isCut || run.status == 0 && bytes > whole * 9 / 10, "\(bytes): \(run.status)")
                        #expect(run.status != 77, "a cut is no wrong server: \(bytes): \(run.output)")
                        let seen = Set(try await town.meetings("formateur").map(\.id))
                        #expect(seen == Set(expected), "in the queue or in the replica, after \(bytes) bytes")
                        proxy.allow(nil)
                        try await town.succeed("formateur", "sync")
                        #expect(try await town.queue("formateur").isEmpty)
                    }
                    try await expectOnce(expected, "formateur", town)
                    try await receive(proxy, town)
                    try await expectOnce(expected, "accounthouder", town)
                }
            }
            try await town.operate(["verify"])
        }
    }

    /// Cuts a sync that fetches everything at ever more bytes, and lets the last one end.
    private func receive(_ proxy: CuttingProxy, _ town: Town) async throws {
        var bytes = 500
        while true {
            proxy.allow(bytes)
            let run = try await town.client("accounthouder", ["sync"])
            if run.status == 0 { return }
            #expect(run.status == 75 || run.status == 69, "\(bytes): \(run.output)")
            try #require(bytes < 10_000_000)
            bytes += bytes / 2
        }
    }

    private func expectOnce(_ ids: [String], _ profile: String, _ town: Town) async throws {
        #expect(try await town.meetings(profile).map(\.id).sorted() == ids.sorted(), "once for \(profile)")
    }
}
