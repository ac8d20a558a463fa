import Foundation
import Logging
import RegiopostJournal
import RegiopostModel
import Synchronization
import Testing

@testable import RegiopostServer

extension TestFolder {
    /// A server on the folder, on a free port, in this process.
    func serve(backEnd: JournalBackEnd = log) async throws -> RunningServer {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await RunningServer.start(folder, .init(port: 0), backEnd: backEnd, log: log)
    }
}

@Suite("A running server", .timeLimit(.minutes(5))) struct RunningServerTests {
    @Test("a second one on the same folder is refused with a sentence") func second() async throws {
        let test = try await TestFolder().make()
        let server = try await test.serve()
        await #expect {
            try await test.serve()
        } throws: { error in
            guard let error = error as? OperatorError, error.code == .temporary else { return false }
            return error.text(.english).contains("A server runs on \(test.folder.path) already")
        }
        await server.stop()
        let next = try await test.serve()
        await next.stop()
    }

    @Test("a folder that somebody else holds is waited for a moment, then refused") func held() async throws {
        let test = try await TestFolder().make()
        let lock = try #require(try FolderLock.take(test.folder))
        await #expect { try await test.administer(.status) } throws: { ($0 as? OperatorError)?.code == .temporary }
        await #expect { try await test.serve() } throws: { ($0 as? OperatorError)?.code == .temporary }
        withExtendedLifetime(lock) {}
    }

    @Test("the socket is for its owner, replaces a dead one, and goes with the server") func socket() async throws {
        let test = try await TestFolder().make()
        try await Self.leaveSocket(in: test.folder)
        #expect(FileManager.default.fileExists(atPath: test.folder.socket))
        // Nobody listens there, so the command does it by itself.
        #expect(try await test.administer(.status).items.first?["running"]?.bool == false)
        let server = try await test.serve()
        let mode = try FileManager.default.attributesOfItem(atPath: test.folder.socket)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await test.administer(.status).items.first?["port"]?.integer == server.port)
        await server.stop()
        #expect(!FileManager.default.fileExists(atPath: test.folder.socket))
    }

    @Test("a folder with a path longer than a socket's address works like any other") func longPath() async throws {
        let test = try TestFolder(depth: 4)
        #expect(test.folder.socket.utf8.count > 250)
        try await test.make()
        let server = try await test.serve()
        #expect(try await test.administer(.status).items.first?["running"]?.bool == true)
        await server.stop()
    }

    @Test("what isn't a request is answered or cut off, and others go on") func nonsense() async throws {
        let test = try await TestFolder().make()
        let server = try await test.serve()
        let answer = try await Self.talk("nonsense\n", test.folder)
        #expect(AdministrationReply(lines: answer)?.error?.code == .usage)
        #expect(try await Self.talk(String(repeating: "x", count: 100_000), test.folder).isEmpty)
        #expect(try await test.administer(.status).error == nil)
        await server.stop()
    }

    @Test("an address that can't be listened on is told, and the folder is free again") func noPort() async throws {
        let test = try await TestFolder().make()
        let server = try await test.serve()
        let other = try await TestFolder().make()
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        await #expect {
            try await RunningServer.start(
                other.folder, .init(port: server.port), backEnd: TestFolder.log, log: log)
        } throws: { ($0 as? OperatorError)?.code == .unavailable }
        #expect(try await other.administer(.status).items.first?["running"]?.bool == false)
        await server.stop()
    }

    @Test("a server whose journal failed stays for reading, and says so") func failedJournal() async throws {
        let test = try await TestFolder().make()
        let breaking = BreakingJournal.BreakSwitch()
        let backEnd = JournalBackEnd(
            create: TestFolder.log.create,
            open: { (path, newEpoch) async throws(JournalError) in
                let storage = try await TestFolder.log.open(path, newEpoch)
                return Storage(
                    journal: BreakingJournal(inner: storage.journal, breaking: breaking),
                    enrolment: storage.enrolment)
            }, discard: TestFolder.log.discard)
        let server = try await test.serve(backEnd: backEnd)
        breaking.isOn.withLock { $0 = true }
        try test.edit(test.folder.organisations, "gm0503,Delft,Delft,", "gm0503,Delft,Delft (stad),")
        let failed = try await test.administer(.loadDirectory)
        #expect(failed.error?.code == .unavailable)
        breaking.isOn.withLock { $0 = false }
        #expect(try await test.administer(.loadDirectory).error?.code == .unavailable)
        let status = try #require(try await test.administer(.status).items.first)
        #expect(status["warnings"]?.array == [.string("journal-failed")])
        #expect(try await test.administer(.showDirectory).items.count == TestFolder.entries)
        await server.stop()
        // A restart reads what is there and goes on.
        let next = try await test.serve()
        #expect(try await test.administer(.loadDirectory).items.count == 1)
        await next.stop()
    }

    /// Leaves a socket file that nobody listens on, as a killed server does.
    private static func leaveSocket(in folder: DataFolder) async throws {
        let path = try SocketPath(folder)
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        try #require(connectOrBind(descriptor, path.path, bind: true) == 0)
    }

    /// Says something on the socket and reads to the end.
    private static func talk(_ text: String, _ folder: DataFolder) async throws -> [UInt8] {
        let path = try SocketPath(folder)
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        try #require(connectOrBind(descriptor, path.path, bind: false) == 0)
        _ = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return answer }
            answer += piece[..<count]
        }
    }

    private static func connectOrBind(_ descriptor: Int32, _ path: String, bind: Bool) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind ? Glibc.bind(descriptor, $0, size) : Glibc.connect(descriptor, $0, size)
            }
        }
    }
}
