import Foundation
import NIOCore
import RegiopostCrypto
import RegiopostTLS
import RegiopostTestSupport
import Testing

/// The `openssl` command as a person uses it against our server, with its files in a folder of their own.
struct OpenSSLCommand {
    static let path = "/usr/bin/openssl"
    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: path) }

    let folder: URL

    init(_ fixture: Fixture) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "regiopost-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("root.pem", try fixture.authority.certificate.pem())
        try write("root.key", try fixture.authority.key.pem())
        try write("client.pem", try fixture.clientCertificate.pem())
        try write("client.key", try fixture.clientKey.pem())
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs it and answers its exit code and all it printed, errors last.
    func run(_ arguments: [String], input: String = "") async throws -> (Int32, String) {
        let files = folder.appending(path: UUID().uuidString).path
        try Data(input.utf8).write(to: URL(filePath: files + ".in"))
        let end: ChildProcess.End = try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try ChildProcess(
                    ["/usr/bin/env", "-C", folder.path, Self.path] + arguments,
                    environment: ProcessInfo.processInfo.environment, input: files + ".in", output: files + ".out",
                    errors: files + ".err"
                ) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        let printed = try [".out", ".err"].map { try Data(contentsOf: URL(filePath: files + $0)) }
        let status =
            switch end {
            case .exited(let status), .signalled(let status): status
            }
        return (status, printed.map { String(decoding: $0, as: UTF8.self) }.joined())
    }

    /// `s_client` as a session's client; it prints the verdict of its own verification.
    func session(_ port: Int, _ more: [String] = [], input: String = "") async throws -> (Int32, String) {
        try await run(
            [
                "s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "regiopost/1", "-CAfile", "root.pem",
                "-verify_return_error", "-verify_ip", "127.0.0.1", "-no_ign_eof",
            ] + more, input: input)
    }

    static let client = ["-cert", "client.pem", "-key", "client.key"]
}

@Suite("TLS with the openssl command", .enabled(if: OpenSSLCommand.isPresent), .timeLimit(.minutes(5)))
struct InteroperabilityTests {
    @Test("a session by hand: it verifies us, we know it, and the replies arrive") func session() async throws {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let server = try await LoopbackServer.start(try fixture.server(), onRead: Recorder.converse)
        // Its input ends at once; as with -quiet it goes on reading all the same, until we close.
        let (code, printed) = try await openssl.session(
            server.port, OpenSSLCommand.client + ["-ign_eof"], input: "a NOOP\nBYE\n")
        let seen = try await server.next()
        #expect(code == 0, "\(printed)")
        #expect(printed.contains("Verification: OK"))
        #expect(printed.contains("ALPN protocol: regiopost/1"))
        #expect(printed.contains("TLSv1.3"))
        #expect(printed.contains("Acceptable client certificate CA names"))
        #expect(printed.contains("you said a NOOP\nyou said BYE\n"))
        #expect(seen.handshake?.peerCertificate == fixture.clientCertificate)
        #expect(seen.lines == ["a NOOP", "BYE"])
        #expect(seen.errors.isEmpty)
        try await server.channel.close()
    }

    @Test(
        "our two suites are accepted and no other",
        arguments: [
            ("TLS_AES_256_GCM_SHA384", true), ("TLS_CHACHA20_POLY1305_SHA256", true),
            ("TLS_AES_128_GCM_SHA256", false), ("TLS_AES_128_CCM_SHA256", false),
        ]) func suites(suite: String, isAccepted: Bool) async throws
    {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let server = try await LoopbackServer.start(try fixture.server())
        let (code, printed) = try await openssl.session(
            server.port, OpenSSLCommand.client + ["-ciphersuites", suite])
        #expect((code == 0) == isAccepted, "\(printed)")
        #expect(printed.contains("Cipher is \(suite)") == isAccepted)
        #expect(printed.contains("handshake failure") == !isAccepted)
        #expect((try await server.next().handshake != nil) == isAccepted)
        try await server.channel.close()
    }

    @Test(
        "what is refused is refused with a reason that s_client shows",
        arguments: [
            (["-tls1_2"] + OpenSSLCommand.client, "protocol version"),
            (["-alpn", "http/1.1"] + OpenSSLCommand.client, "no application protocol"),
            (["-groups", "P-521"] + OpenSSLCommand.client, "handshake failure"),
        ]) func refused(arguments: [String], reason: String) async throws
    {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let server = try await LoopbackServer.start(try fixture.server())
        let (code, printed) = try await openssl.session(server.port, arguments)
        #expect(code != 0)
        #expect(printed.contains("alert \(reason)"), "\(printed)")
        #expect(try await server.next().handshake == nil)
        try await server.channel.close()
    }

    @Test("without a certificate there is no session") func noCertificate() async throws {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let server = try await LoopbackServer.start(try fixture.server())
        _ = try await openssl.session(server.port, input: "a NOOP\n")
        let seen = try await server.next()
        #expect(seen.errors.map(\.code) == [.noCertificate])
        #expect(seen.handshake == nil && seen.text.isEmpty)
        try await server.channel.close()
    }

    @Test("a certificate of our authority that doesn't say what it is for opens nothing") func noUsage()
        async throws
    {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let request = ["req", "-new", "-key", "client.key", "-subj", "/CN=x", "-out", "bare.csr"]
        #expect(try await openssl.run(request).0 == 0)
        let signed = try await openssl.run([
            "x509", "-req", "-in", "bare.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7", "-days",
            "1", "-out", "bare.pem",
        ])
        #expect(signed.0 == 0, "\(signed.1)")
        let server = try await LoopbackServer.start(try fixture.server())
        _ = try await openssl.session(
            server.port, ["-cert", "bare.pem", "-key", "client.key"], input: "a NOOP\n")
        let seen = try await server.next()
        #expect(seen.errors.map(\.code) == [.untrustedCertificate])
        #expect(seen.handshake == nil && seen.text.isEmpty)
        try await server.channel.close()
    }

    @Test("no ticket is given, so nothing can be resumed") func noTickets() async throws {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        let server = try await LoopbackServer.start(try fixture.server())
        let (_, printed) = try await openssl.session(
            server.port, OpenSSLCommand.client + ["-sess_out", "session.pem"], input: "a NOOP\n")
        #expect(printed.contains("Verification: OK"), "\(printed)")
        #expect(!printed.contains("New Session Ticket"))
        #expect(!printed.contains("Early data was accepted"))
        try await server.channel.close()
    }

    @Test("our certificates and requests pass openssl's own checks") func certificates() async throws {
        let fixture = try Fixture()
        let openssl = try OpenSSLCommand(fixture)
        defer { openssl.remove() }
        try openssl.write("server.pem", try fixture.serverCertificate.pem())
        let strict = ["verify", "-x509_strict", "-CAfile", "root.pem"]
        let client = try await openssl.run(strict + ["-purpose", "sslclient", "client.pem"])
        #expect(client == (0, "client.pem: OK\n"))
        let server = try await openssl.run(strict + ["-purpose", "sslserver", "server.pem"])
        #expect(server == (0, "server.pem: OK\n"))
        let swapped = try await openssl.run(strict + ["-purpose", "sslserver", "client.pem"])
        #expect(swapped.0 != 0)

        try openssl.write(
            "request.der", try CertificateRequest(key: fixture.clientKey, commonName: "gm0503/griffie").der)
        let request = try await openssl.run(["req", "-inform", "DER", "-in", "request.der", "-verify", "-noout"])
        #expect(request.0 == 0, "\(request.1)")

        // And the other way round: what openssl makes, we read.
        let made = try await openssl.run([
            "req", "-new", "-newkey", "rsa:3072", "-nodes", "-keyout", "rsa.key", "-subj", "/CN=gm0503\\/griffie",
            "-outform", "DER", "-out", "rsa.der",
        ])
        #expect(made.0 == 0, "\(made.1)")
        let der = Array(try Data(contentsOf: openssl.folder.appending(path: "rsa.der")))
        let key = try PrivateKey(pem: Array(try Data(contentsOf: openssl.folder.appending(path: "rsa.key"))))
        #expect(try CertificateRequest(der: der).publicKeyDigest == key.publicKeyDigest())
    }
}
