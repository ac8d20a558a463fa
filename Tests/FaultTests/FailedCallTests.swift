import Foundation
import Testing

/// A system call of the server that fails, from some time on.
struct FailingCall: Sendable, CustomStringConvertible {
    let call: String
    /// What the operating system answers: `EIO`, `ENOSPC`.
    let error: String
    /// Only calls on this file count.
    let path: String
    /// The first one that fails, counted in each thread; all after it do.
    let n: Int

    /// What the server is started under.
    var tracer: [String] {
        // -D: the process that is started is the server itself, and so it can be killed by its id.
        [
            "/usr/bin/strace", "-D", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "trace=\(call)", "-e",
            "inject=\(call):error=\(error):when=\(n)+",
        ]
    }

    /// What fails how, without the place.
    var sort: String { "\(call) \(error) \(file)" }

    private var file: Substring { path.split(separator: "/").last ?? "" }

    var description: String { "\(call) \(n) on \(file) fails with \(error)" }
}

/// What the operating system refuses the server: it acknowledges nothing more, is still read, and loses nothing.
@Suite(.serialized, .enabled("strace can't follow processes here") { await Program.canTrace() })
struct FailedCallTests {
    private let campaign = Campaign.current

    /// A sort of failure.
    struct Sort: Sendable, CustomTestStringConvertible {
        let call: String
        let error: String
        /// In the journal's folder.
        let file: String

        var testDescription: String { "\(call) on \(file): \(error)" }
    }

    private static let log = "segments/000000000001.log"

    /// The log's calls, then those of the index behind it, and of what lies beside it.
    @Test(arguments: [
        Sort(call: "fdatasync", error: "EIO", file: log), Sort(call: "pwrite64", error: "ENOSPC", file: log),
        Sort(call: "pwrite64", error: "EIO", file: log),
        Sort(call: "pwrite64", error: "ENOSPC", file: "index.sqlite-wal"),
        Sort(call: "pwrite64", error: "EIO", file: "register.sqlite-wal"),
    ])
    func `After a write that failed nothing is acknowledged until a restart, and nothing is lost`(
        sort: Sort
    ) async throws {
        try await Town.with { town in
            var faults = try await ServerFaults(in: town)
            for n in 1...campaign.failures {
                let failure = FailingCall(
                    call: sort.call, error: sort.error, path: town.data + "/journal/" + sort.file, n: n)
                guard try await faults.fail(failure) else { break }
            }
            try await faults.finish()
            FileHandle.standardError.write(Data("failed calls: \(faults.tally)\n".utf8))
            #expect(faults.tally.failed > 0)
        }
    }
}
