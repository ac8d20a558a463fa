import Foundation
import Testing

/// Speaking the protocol by hand, and looking on while the client speaks it.
@Suite(.serialized) struct HandTests {
    @Test func `Lines typed into 'regiopost protocol' are answered, and the end of input is waited for`()
        async throws
    {
        try await Town.with { town in
            try await town.enrol("griffie", "gm0518/griffie")
            let asked = try await town.type("1 PING\n2 DANCE\n3 PULL mailbox=own cursor=0\n", into: "griffie")
            #expect(asked.status == 0 && asked.errors.isEmpty, "\(asked.errors)")
            let lines = asked.output.split(separator: "\n")
            #expect(lines.count == 4, "\(lines)")
            #expect(lines.first?.hasPrefix("* REGIOPOST 1 server=pv28 address=gm0518/griffie ") == true)
            #expect(lines.contains("1 OK PING"))
            #expect(lines.contains { $0.hasPrefix("2 NO unknown-verb ") })
            #expect(lines.contains { $0.hasPrefix("3 OK PULL mailbox=own ") })
            let quit = try await town.type("q QUIT\nr PING\n", into: "griffie")
            #expect(quit.status == 0 && quit.output.hasSuffix("\nq OK QUIT\n"), "\(quit.output)")
            await town.killServer()
            #expect(try await town.type("1 PING\n", into: "griffie").status == 69)
        }
    }

    @Test func `A trace shows both sides on standard error, and no secret`() async throws {
        try await Town.with { town in
            let invitation = try await town.invite("gm0518/griffie")
            let secret = try #require(invitation.split(separator: ":").dropLast().last)
            let enrolled = try await town.client("griffie", ["enroll", invitation, "--trace"])
            #expect(enrolled.status == 0 && enrolled.errors.contains("C: 1 ENROL address=gm0518/griffie secret=… "))
            #expect(!enrolled.errors.contains(secret))
            let synced = try await town.client("griffie", ["sync", "--trace"])
            #expect(synced.errors.contains("C: 1 PULL mailbox=directory cursor=0 "))
            #expect(synced.errors.contains("\nS: * CHANGE mailbox=directory position=1 "))
            #expect(synced.output.hasPrefix("{") && !synced.output.contains("CHANGE"))
            #expect(try await town.client("griffie", ["sync"]).errors.isEmpty)
        }
    }
}
