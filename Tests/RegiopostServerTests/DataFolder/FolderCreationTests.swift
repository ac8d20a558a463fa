import Foundation
import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import Testing

@testable import RegiopostServer

@Suite("Making a data folder", .timeLimit(.minutes(5))) struct FolderCreationTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("it is for its owner alone, and its names are certified") func made() async throws {
        let test = try await TestFolder().make(hosts: ["post.example.nl", "2001:db8::1"])
        let folder = test.folder
        #expect(try mode(folder.path) == 0o700)
        for path in [
            folder.authorityKey, folder.serverKey, folder.configuration, folder.journal + "/register.sqlite",
            folder.journal + "/index.sqlite", folder.journal + "/segments/000000000001.log",
        ] { #expect(try mode(path) == 0o600) }
        for path in [folder.journal, folder.journal + "/segments"] { #expect(try mode(path) == 0o700) }
        let certificate = try Certificate(pem: try FolderFile.read(folder.server))
        #expect(certificate.dnsNames == ["post.example.nl"])
        #expect(certificate.ipAddresses == ["2001:db8:0:0:0:0:0:1"])
        #expect(certificate.isForServers)
        let configuration = try ServerConfiguration(
            json: try FolderFile.read(folder.configuration), path: folder.configuration)
        #expect(configuration.name == "post.example.nl" && configuration.listen == "::")
        #expect(configuration.port == 7443 && configuration.province.text == "pv28")
        #expect(try folder.entries()?.contains("unfinished") == false)
    }

    @Test("without names it is for this machine") func local() async throws {
        let test = try await TestFolder().make()
        let certificate = try Certificate(pem: try FolderFile.read(test.folder.server))
        #expect(certificate.dnsNames == ["localhost"] && certificate.ipAddresses == ["127.0.0.1"])
    }

    @Test("two folders have different authorities and epochs") func random() async throws {
        let first = try await TestFolder().make()
        let second = try await TestFolder().make()
        #expect(try FolderFile.read(first.folder.authority) != FolderFile.read(second.folder.authority))
        let epochs = try await [first, second].asyncMap {
            try await $0.administer(.status).items.first?["epoch"]?.string
        }
        #expect(epochs[0] != epochs[1] && epochs[0]?.count == 16)
    }

    @Test("a folder with something in it is left alone") func notEmpty() async throws {
        let test = try TestFolder()
        try FileManager.default.createDirectory(atPath: test.folder.path, withIntermediateDirectories: true)
        try "mine".write(toFile: test.folder.path + "/ca.pem", atomically: true, encoding: .utf8)
        await #expect { try await test.creation().run() } throws: { ($0 as? OperatorError)?.code == .cannotCreate }
        #expect(try test.folder.entries() == ["ca.pem"])

        let made = try await TestFolder().make()
        let before = try FolderFile.read(made.folder.authority)
        await #expect { try await made.creation().run() } throws: { ($0 as? OperatorError)?.code == .cannotCreate }
        #expect(try FolderFile.read(made.folder.authority) == before)
    }

    @Test("an interrupted run is not taken for whole, and the next one begins anew") func interrupted() async throws
    {
        let test = try TestFolder()
        let broken = JournalBackEnd(
            create: { (path, epoch) async throws(JournalError) in
                let storage = try await TestFolder.log.create(path, epoch)
                try await storage.journal.close()
                throw JournalError(.full, "The disk is full.")
            }, open: TestFolder.log.open, discard: TestFolder.log.discard)
        await #expect { try await test.creation(backEnd: broken).run() } throws: {
            ($0 as? OperatorError)?.code == .io
        }
        let left = try #require(try test.folder.entries())
        #expect(left.isSuperset(of: ["unfinished", "ca-key.pem", "journal"]))
        await #expect { try await test.administer(.status) } throws: {
            ($0 as? OperatorError)?.code == .configuration
        }

        try await test.make()
        #expect(try await test.administer(.verify).error == nil)
    }

    @Test("while one is at it another one is refused, and the folder stays unfinished for it") func twice()
        async throws
    {
        let test = try TestFolder()
        try FileManager.default.createDirectory(atPath: test.folder.path, withIntermediateDirectories: true)
        let lock = try #require(try FolderLock.take(test.folder))
        await #expect { try await test.creation().run() } throws: { ($0 as? OperatorError)?.code == .temporary }
        withExtendedLifetime(lock) {}
        #expect(try test.folder.entries() == ["lock"])
    }

    @Test(
        "what is no host is refused before anything is made",
        arguments: ["", "a b", "-a", "a-", "a..b", "1.2.3.4.5", "256.1.1.1", "*.example.nl", "http://x", "é.nl"])
    func badHost(host: String) async throws {
        let test = try TestFolder()
        await #expect { try await test.creation(hosts: [host]).run() } throws: {
            ($0 as? OperatorError)?.code == .usage
        }
        #expect(try test.folder.entries() == nil)
    }

    @Test("a key that others can read stops everything") func openKey() async throws {
        let test = try await TestFolder().make()
        chmod(test.folder.serverKey, 0o640)
        await #expect { try await test.administer(.status) } throws: {
            ($0 as? OperatorError)?.code == .configuration
        }
    }

    @Test(
        "a configuration with a mistake is refused and names it",
        arguments: [
            ("\"port\": 7443", "\"port\": 70000", "\"port\""), ("\"port\"", "\"prot\"", "\"prot\""),
            ("\"localhost\"", "\"local host\"", "\"name\""), ("pv28", "gm0503", "\"province\""),
            ("7443,", "7443", "line 4"), ("\"127.0.0.1\"", "\"\"", "\"listen\""),
        ]) func badConfiguration(old: String, new: String, named: String) async throws
    {
        let test = try await TestFolder().make()
        try test.edit(test.folder.configuration, old, new)
        await #expect { try await test.administer(.status) } throws: { error in
            guard let error = error as? OperatorError, error.code == .configuration else { return false }
            return error.text(.english).contains(named) && error.text(.dutch).contains(test.folder.configuration)
        }
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
