import Foundation
import RegiopostCrypto
import RegiopostTLS
import Testing

/// An authority with a server and a client, valid now.
struct Fixture {
    let authority: CertificateAuthority
    let serverKey: PrivateKey
    let serverCertificate: Certificate
    let clientKey: PrivateKey
    let clientCertificate: Certificate

    static let now = Int64(Date().timeIntervalSince1970)

    init(
        serverNames: [String] = ["localhost", "post.example.nl"], notBefore: Int64 = now - 3600,
        clientDays: Int = 1,
        curve: PrivateKey.Curve = .p256
    ) throws {
        authority = try CertificateAuthority.create(name: "Test authority", curve: curve, notBefore: notBefore)
        serverKey = try PrivateKey.generate()
        serverCertificate = try authority.issueServer(
            key: serverKey, dnsNames: ["localhost", "post.example.nl"], ipAddresses: ["127.0.0.1"],
            notBefore: notBefore, days: 30)
        clientKey = try PrivateKey.generate()
        let request = try CertificateRequest(key: clientKey, commonName: "gm0503/griffie")
        clientCertificate = try authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: notBefore, days: 1)
    }

    func server() throws -> TLSContext {
        try .server(certificate: serverCertificate, key: serverKey, authority: authority.certificate)
    }

    func session(trusting other: Certificate? = nil) throws -> TLSContext {
        try .session(
            certificate: clientCertificate, key: clientKey, authority: other ?? authority.certificate)
    }

    func enrolment() throws -> TLSContext { try .enrolment(pin: authority.certificate.publicKeyDigest) }

    func wire(_ client: TLSContext, serverName: String = "localhost") throws -> Wire {
        Wire(
            client: try TLSEngine(client: client, serverName: serverName),
            server: try TLSEngine(server: try server()))
    }

    func openWire() throws -> Wire {
        let wire = try wire(try session())
        wire.settle()
        return wire
    }
}

/// One end of a wire, with everything that came of it.
final class End {
    let engine: TLSEngine
    var events: [TLSEngine.Event] = []
    var text: [UInt8] = []
    var sent = 0

    init(_ engine: TLSEngine) {
        self.engine = engine
    }

    var failure: TLSError? { engine.failure }
    var isOpen: Bool {
        events.contains { if case .handshakeCompleted = $0 { true } else { false } }
    }

    func advance(room: Int = 4096) {
        var buffer = [UInt8](repeating: 0, count: room)
        while true {
            let event = buffer.withUnsafeMutableBytes { engine.advance(into: $0) }
            switch event {
            case .waiting: return
            case .plaintext(let count): text += buffer[..<count]
            default: events.append(event)
            }
        }
    }

    func output() -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while engine.pendingOutput > 0 {
            let count = buffer.withUnsafeMutableBytes { engine.takeOutput(into: $0) }
            all += buffer[..<count]
        }
        return all
    }

    func send(_ bytes: [UInt8]) throws {
        sent += try bytes.withUnsafeBytes { try engine.send($0) }
    }
}

/// Two engines joined in memory.
final class Wire {
    let client: End
    let server: End

    init(client: TLSEngine, server: TLSEngine) {
        self.client = End(client)
        self.server = End(server)
    }

    /// Carries bytes both ways, `piece` at a time, until both sides wait.
    func settle(piece: Int = .max, room: Int = 4096) {
        client.advance(room: room)
        server.advance(room: room)
        while true {
            let there = client.output()
            carry(there, to: server, piece, room)
            let back = server.output()
            carry(back, to: client, piece, room)
            if there.isEmpty, back.isEmpty { return }
        }
    }

    private func carry(_ bytes: [UInt8], to end: End, _ piece: Int, _ room: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            Array(rest.prefix(piece)).withUnsafeBytes { end.engine.receive($0) }
            rest = rest.dropFirst(piece)
            end.advance(room: room)
        }
    }
}
