import Foundation
import Logging
import RegiopostCrypto
import RegiopostJSON
import RegiopostModel
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("Administration", .timeLimit(.minutes(5))) struct AdministrationTests {
    /// The same requests, with and without a server on the folder.
    enum Way: CaseIterable {
        case alone, beside
    }

    /// Runs a test on a new folder, beside a server or alone.
    private func onFolder(_ way: Way, _ body: (TestFolder) async throws -> Void) async throws {
        let test = try await TestFolder().make()
        let server =
            switch way {
            case .alone: RunningServer?.none
            case .beside: try await test.serve()
            }
        try await body(test)
        await server?.stop()
    }

    @Test("an invitation is good for the address, and only its digest is kept", arguments: Way.allCases)
    func invite(way: Way) async throws {
        try await onFolder(way) { test in
            let reply = try await test.administer(.invite("pv28/accounthouder-haagse-regio"))
            #expect(reply.error == nil && reply.items.count == 1)
            let text = try #require(reply.items.first?["invitation"]?.string)
            let invitation = try #require(InvitationText(text))
            #expect(invitation.address.text == "pv28/accounthouder-haagse-regio" && invitation.host == "localhost")
            #expect((invitation.port == 7443) == (way == .alone))
            let status = try #require(try await test.administer(.status).items.first)
            #expect(status["openInvitations"]?.integer == 1)
            #expect(status["running"]?.bool == (way == .beside))
            var files = 0
            let walk = try #require(FileManager.default.enumerator(atPath: test.folder.journal))
            for case let name as String in walk {
                guard let bytes = FileManager.default.contents(atPath: test.folder.journal + "/" + name) else {
                    continue
                }
                #expect(bytes.range(of: Data(invitation.secret)) == nil, "\(name)")
                files += 1
            }
            #expect(files >= 3, "segments, register and index")
        }
    }

    @Test("what isn't in the directory isn't invited, and the sentence says what is near", arguments: Way.allCases)
    func notInvited(way: Way) async throws {
        try await onFolder(way) { test in
            for (text, expected) in [
                ("gm0530/griffie", "invite Voorne aan Zee (gm1992)"),
                ("gm0532/griffie", "gm0512 (Gorinchem)"), ("delft/griffie", "gm0503 (Delft)"),
                ("rotterdm/college", "gm0599 (Rotterdam)"), ("gm9999/griffie", "is not in the directory"),
                ("gm0503/koning", "burgemeester, college"), ("gm0503/secretariaat", "It has: burgemeester"),
                ("pv28/accounthouder-haagse", "haagse-regio"), ("gm0503", "is no address"),
                ("pv28/regiopostd", "the server's own address"), ("pv27/secretariaat", "pv28"),
            ] {
                let error = try #require(try await test.administer(.invite(text)).error, "\(text)")
                #expect(error.text(.english).contains(expected), "\(text): \(error)")
            }
            #expect(try await test.administer(.status).items.first?["openInvitations"]?.integer == 0)
        }
    }

    @Test("revoking needs something to revoke, and ends open invitations", arguments: Way.allCases)
    func revoke(way: Way) async throws {
        try await onFolder(way) { test in
            #expect(try await test.administer(.revoke("gm0503/griffie")).error?.code == .noInput)
            #expect(try await test.administer(.revoke("00ff")).error?.code == .noInput)
            _ = try await test.administer(.invite("gm0503/griffie"))
            let reply = try await test.administer(.revoke("gm0503/griffie"))
            #expect(reply == AdministrationReply())
            #expect(try await test.administer(.status).items.first?["openInvitations"]?.integer == 0)
        }
    }

    @Test("loading updates what differs and nothing else; a mistake costs nothing", arguments: Way.allCases)
    func load(way: Way) async throws {
        try await onFolder(way) { test in
            #expect(try await test.administer(.loadDirectory) == AdministrationReply())
            try test.edit(test.folder.organisations, "gm0503,Delft,Delft,", "gm0503,Delft,Delft (stad),")
            try test.edit(test.folder.regions, "haagse-regio,Haagse regio,,", "haagse-regio,Haagse regio,\"J, P\",")
            let reply = try await test.administer(.loadDirectory)
            #expect(reply.items.map { $0["subject"]?.string } == ["region/haagse-regio", "organisation/gm0503"])
            #expect(reply.items.allSatisfy { $0["result"]?.string == "changed" } && reply.error == nil)
            // Once more, on top of what was just written.
            try test.edit(test.folder.organisations, "Delft (stad)", "Delft")
            #expect(try await test.administer(.loadDirectory).items.count == 1)
            #expect(
                try await test.administer(.status).items.first?["directoryChanges"]?.integer == TestFolder.changes
                    + 3)
            let shown = try await test.administer(.showDirectory).items
            #expect(shown.count == TestFolder.entries)
            #expect(shown.contains { $0["contactName"]?.string == "J, P" })

            try test.edit(test.folder.organisations, "gm0518,'s-Gravenhage,Den Haag,", "gm0518,'s-Gravenhage,Haag,")
            try test.edit(test.folder.organisations, "gm0599,Rotterdam,Rotterdam,", "gm0599,,Rotterdam,")
            let failed = try await test.administer(.loadDirectory)
            #expect(failed.error?.code == .data && failed.items.isEmpty)
            #expect(failed.error?.text(.dutch).contains("organisations.csv, regel") == true)
            #expect(
                try await test.administer(.status).items.first?["directoryChanges"]?.integer == TestFolder.changes
                    + 3)
        }
    }

    @Test("a header that makes changes nobody could read is found before anything is written") func longColumn()
        async throws
    {
        let test = try await TestFolder().make()
        let name = "region." + String(repeating: "x", count: 41)
        try test.edit(test.folder.organisations, "region.bestuurlijk", name)
        let reply = try await test.administer(.loadDirectory)
        #expect(reply.error?.code == .data)
        #expect(try await test.administer(.status).items.first?["directoryChanges"]?.integer == TestFolder.changes)
    }

    @Test("verifying reads everything", arguments: Way.allCases) func verify(way: Way) async throws {
        try await onFolder(way) { test in
            let reply = try await test.administer(.verify)
            #expect(reply.error == nil)
            #expect(reply.items.first?["entries"]?.integer == TestFolder.changes)
            #expect(reply.items.first?["faults"]?.integer == 0)
        }
    }

    @Test("verifying finds a line that was altered, and a server does not start on it") func altered() async throws
    {
        let test = try await TestFolder().make()
        let server = try await test.serve()
        // Behind the journal's back, in the author's text.
        let path = test.folder.journal + "/segments/000000000001.log"
        var bytes = try FolderFile.read(path)
        let wanted = Array("\"shortName\":\"Delft\"".utf8)
        let start = try #require(Data(bytes).range(of: Data(wanted))?.lowerBound)
        bytes[start + 14] = UInt8(ascii: "d")
        // Into the same file, which the server has open.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: bytes)
        try file.close()
        let reply = try await test.administer(.verify)
        #expect(reply.error?.code == .io)
        #expect(reply.items.first?["fault"]?.string == "journal")
        let reason = reply.items.first?["reason"]?.string ?? ""
        #expect(reason.contains("its text does not have its digest") && reason.contains("000000000001.log, byte"))
        #expect(reply.items.dropFirst().first?["fault"]?.string == "digest")
        #expect(reply.items.dropFirst().first?["mailbox"]?.string == "directory")
        #expect(reply.items.last?["faults"]?.integer == 2)
        await server.stop()
        await #expect {
            _ = try await test.serve()
        } throws: { error in
            guard let error = error as? OperatorError else { return false }
            return error.code == .io && error.text(.english).contains("000000000001.log, byte")
        }
    }

    @Test("a journal from before the first release is refused and left alone") func old() async throws {
        let test = try await TestFolder().make()
        let old = test.folder.journal + ".sqlite"
        try FileManager.default.moveItem(atPath: test.folder.journal, toPath: test.folder.path + "/elsewhere")
        try "old".write(toFile: old, atomically: true, encoding: .utf8)
        await #expect {
            _ = try await test.administer(.status)
        } throws: { error in
            guard let error = error as? OperatorError else { return false }
            return error.code == .configuration && error.text(.dutch).contains(old)
        }
        #expect(try String(contentsOfFile: old, encoding: .utf8) == "old")
    }

    @Test("a certificate near its end is warned about in good time") func warnings() async throws {
        let test = try await TestFolder().make()
        let made = SystemClock.now()
        for (days, expected) in [(0, []), (764, []), (766, ["server-certificate-expires"])] as [(Int64, [String])] {
            let later = made.adding(milliseconds: days * 86_400_000)
            let reply = try await Operator(test.folder, backEnd: TestFolder.log, clock: { later }).perform(
                .status)
            let found = reply.items.first?["warnings"]?.array?.compactMap(\.string)
            #expect(found == expected, "after \(days) days")
        }
    }

    @Test("a renewed certificate has the same key, and other names where asked", arguments: Way.allCases)
    func renew(way: Way) async throws {
        try await onFolder(way) { test in
            let old = try Certificate(pem: try FolderFile.read(test.folder.server))
            #expect(try await test.administer(.renewServer(["a b"])).error?.code == .usage)
            #expect(try Certificate(pem: try FolderFile.read(test.folder.server)) == old)
            for (names, expected) in [
                ([], ["localhost", "127.0.0.1"]), (["a.nl", "::1"], ["a.nl", "0:0:0:0:0:0:0:1"]),
            ]
                as [([String], [String])]
            {
                let reply = try await test.administer(.renewServer(names))
                #expect(reply.items.first?["names"]?.array?.compactMap(\.string) == expected)
                let new = try Certificate(pem: try FolderFile.read(test.folder.server))
                #expect(new.publicKeyDigest == old.publicKeyDigest && new.serial != old.serial && new.isForServers)
                #expect(new.dnsNames + new.ipAddresses == expected)
            }
        }
    }

    @Test("requests and replies survive the socket's lines") func lines() throws {
        let requests: [AdministrationRequest] = [
            .invite("x"), .revoke("y\n"), .status, .certificates, .verify, .loadDirectory, .showDirectory,
            .renewServer([]), .renewServer(["a", "b"]),
        ]
        for request in requests { #expect(AdministrationRequest(json: request.json) == request) }
        let strange: [JSONValue] = [
            .null, .object(["do": .string("invite")]), .object(["do": .string("rm")]),
            .object(["do": .string("status"), "what": .string("x")]),
        ]
        for json in strange { #expect(AdministrationRequest(json: json) == nil) }
        let item = JSONValue.object(["item": .object(["end": .string("done")]), "text": .string("a\nb")])
        let error = OperatorError(.temporary, dutch: "één\ntwee", english: "one\ntwo")
        for reply in [
            AdministrationReply(), AdministrationReply(items: [item, item]),
            AdministrationReply(items: [item], error: error),
        ] {
            #expect(AdministrationReply(lines: reply.lines) == reply)
            for cut in 0..<reply.lines.count {
                #expect(AdministrationReply(lines: Array(reply.lines[..<cut])) == nil)
            }
        }
    }
}
