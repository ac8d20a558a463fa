import COpenSSL
import RegiopostCrypto
import RegiopostTLS
import Testing

@Suite("TLS handshakes") struct HandshakeTests {
    @Test("both sides know each other", arguments: ["localhost", "post.example.nl", "127.0.0.1"])
    func session(name: String) throws {
        let fixture = try Fixture()
        let wire = try fixture.wire(try fixture.session(), serverName: name)
        wire.settle()
        #expect(wire.client.events == [.handshakeCompleted(.session, fixture.serverCertificate)])
        #expect(wire.server.events == [.handshakeCompleted(.session, fixture.clientCertificate)])
    }

    @Test("byte by byte it comes to the same") func drip() throws {
        let fixture = try Fixture(curve: .p384)
        let wire = try fixture.wire(try fixture.session())
        wire.settle(piece: 1)
        #expect(wire.client.events == [.handshakeCompleted(.session, fixture.serverCertificate)])
        #expect(wire.server.events == [.handshakeCompleted(.session, fixture.clientCertificate)])
        try wire.client.send(Array("tag NOOP\n".utf8))
        try wire.server.send(Array("tag OK\n".utf8))
        wire.settle(piece: 1, room: 1)
        #expect(wire.server.text == Array("tag NOOP\n".utf8))
        #expect(wire.client.text == Array("tag OK\n".utf8))
    }

    @Test("who enrols shows no certificate and knows the server by its pin") func enrolment() throws {
        let fixture = try Fixture()
        let wire = try fixture.wire(try fixture.enrolment(), serverName: "127.0.0.1")
        wire.settle(piece: 7)
        #expect(wire.client.events == [.handshakeCompleted(.enrolment, fixture.serverCertificate)])
        #expect(wire.server.events == [.handshakeCompleted(.enrolment, nil)])
    }

    @Test("another pin is refused by the client, and the server hears of it") func wrongPin() throws {
        let fixture = try Fixture()
        // The pin of the server's own key is none either: an authority is what is pinned.
        let pins = [[UInt8](repeating: 7, count: 32), fixture.serverCertificate.publicKeyDigest]
        for pin in pins {
            let wire = try fixture.wire(try .enrolment(pin: pin))
            wire.settle()
            #expect(wire.client.failure?.code == .pinMismatch)
            #expect(wire.server.failure?.code == .alert)
            #expect(!wire.client.isOpen && !wire.server.isOpen)
        }
    }

    @Test("the pinned authority must have signed the server's certificate") func pinnedButNotIssued() throws {
        let fixture = try Fixture()
        let other = try Fixture()
        let server = try TLSContext.server(
            certificate: other.serverCertificate, key: other.serverKey, authority: fixture.authority.certificate)
        let wire = Wire(
            client: try TLSEngine(client: try fixture.enrolment(), serverName: "localhost"),
            server: try TLSEngine(server: server))
        wire.settle()
        #expect(wire.client.failure?.code == .untrustedCertificate)
        #expect(!wire.client.isOpen)
    }

    @Test(
        "another name is refused in both modes",
        arguments: ["example.nl", "localhost.example.nl", "x.localhost", "127.0.0.2", "::1"])
    func wrongName(name: String) throws {
        let fixture = try Fixture()
        for context in [try fixture.session(), try fixture.enrolment()] {
            let wire = try fixture.wire(context, serverName: name)
            wire.settle()
            #expect(wire.client.failure?.code == .nameMismatch)
            #expect(!wire.client.isOpen && !wire.server.isOpen)
        }
    }

    @Test("a name that would switch the check off can't be asked for", arguments: ["", "localhost\u{0}.nl", "a b"])
    func noName(name: String) throws {
        let context = try Fixture().session()
        #expect { try TLSEngine(client: context, serverName: name) } throws: {
            ($0 as? TLSError)?.code == .configuration
        }
    }

    @Test("a server of another authority is refused") func foreignServer() throws {
        let fixture = try Fixture()
        let wire = try fixture.wire(try fixture.session(trusting: try Fixture().authority.certificate))
        wire.settle()
        #expect(wire.client.failure?.code == .untrustedCertificate)
        #expect(wire.server.failure?.alert == UInt8(SSL_AD_UNKNOWN_CA))
    }

    @Test("a client of another authority is refused, which it learns at its next read") func foreignClient() throws
    {
        let fixture = try Fixture()
        let foreign = try Fixture().session(trusting: fixture.authority.certificate)
        let wire = try fixture.wire(foreign)
        wire.settle()
        #expect(wire.server.failure?.code == .untrustedCertificate)
        #expect(!wire.server.isOpen)
        #expect(wire.client.isOpen)
        #expect(wire.client.failure?.code == .alert)
    }

    @Test("an expired client is refused, and so is one not valid yet", arguments: [-10 * 86_400, 86_400])
    func notNow(offset: Int64) throws {
        let fixture = try Fixture()
        let request = try CertificateRequest(key: fixture.clientKey, commonName: "x")
        let certificate = try fixture.authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: Fixture.now + offset, days: 1)
        let context = try TLSContext.session(
            certificate: certificate, key: fixture.clientKey, authority: fixture.authority.certificate)
        let wire = try fixture.wire(context)
        wire.settle()
        #expect(wire.server.failure?.code == .certificateNotValidNow)
        #expect(wire.client.failure?.code == .alert)
    }

    @Test("a server's certificate makes no client, a client's no server") func wrongUse() throws {
        let fixture = try Fixture()
        let client = try TLSContext.session(
            certificate: fixture.serverCertificate, key: fixture.serverKey,
            authority: fixture.authority.certificate)
        let wire = try fixture.wire(client)
        wire.settle()
        #expect(wire.server.failure?.code == .untrustedCertificate)

        let server = try TLSContext.server(
            certificate: fixture.clientCertificate, key: fixture.clientKey,
            authority: fixture.authority.certificate)
        let other = Wire(
            client: try TLSEngine(client: try fixture.session(), serverName: "localhost"),
            server: try TLSEngine(server: server))
        other.settle()
        #expect(other.client.failure != nil && !other.client.isOpen)
    }

    @Test("no certificate is refused for sessions") func noCertificate() throws {
        let fixture = try Fixture()
        let client = try RawClient(protocols: ["regiopost/1"])
        let server = try client.connect(to: try fixture.server())
        #expect(server.failure?.code == .noCertificate)
        #expect(server.events.count == 1)
        #expect(client.failure == "tlsv13 alert certificate required")
    }

    @Test(
        "another protocol, or none, is refused, certificate or not",
        arguments: [[], ["http/1.1"], ["regiopost/2"], ["regiopost"], ["regiopost-enrol"], ["regiopost/1x"]])
    func wrongProtocol(names: [String]) throws {
        let fixture = try Fixture()
        for known in [nil, fixture] {
            let client = try RawClient(protocols: names, known)
            let server = try client.connect(to: try fixture.server())
            #expect(server.failure?.code == .wrongProtocol)
            #expect(!server.isOpen)
            #expect(client.failure == "tlsv1 alert no application protocol")
        }
    }

    @Test("of several protocols the known one is taken, sessions first") func severalProtocols() throws {
        let fixture = try Fixture()
        let both = try RawClient(protocols: ["h2", "regiopost-enrol/1", "regiopost/1"], fixture)
        let server = try both.connect(to: try fixture.server())
        #expect(server.events == [.handshakeCompleted(.session, fixture.clientCertificate)])
        let one = try RawClient(protocols: ["h2", "regiopost-enrol/1"], fixture)
        #expect(try one.connect(to: try fixture.server()).events == [.handshakeCompleted(.enrolment, nil)])
    }

    @Test("TLS 1.2 is refused") func oldVersion() throws {
        let fixture = try Fixture()
        let client = try RawClient(protocols: ["regiopost/1"], fixture) { context in
            // SSL_CTRL_SET_MAX_PROTO_VERSION is what the macro stands for.
            #expect(SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1)
        }
        let server = try client.connect(to: try fixture.server())
        #expect(server.failure?.code == .incompatible)
        #expect(client.failure == "tlsv1 alert protocol version")
    }

    @Test(
        "of the suites and groups only ours are accepted",
        arguments: [
            ("TLS_AES_128_GCM_SHA256", "X25519", false), ("TLS_AES_128_CCM_SHA256", "X25519", false),
            ("TLS_AES_256_GCM_SHA384", "P-521", false), ("TLS_AES_256_GCM_SHA384", "X448", false),
            ("TLS_AES_256_GCM_SHA384", "X25519", true), ("TLS_CHACHA20_POLY1305_SHA256", "P-256", true),
            ("TLS_AES_256_GCM_SHA384", "P-384", true),
        ]) func suites(suite: String, group: String, isAccepted: Bool) throws
    {
        let fixture = try Fixture()
        let client = try RawClient(protocols: ["regiopost/1"], fixture) { context in
            #expect(SSL_CTX_set_ciphersuites(context, suite) == 1)
            #expect(COpenSSL_set_groups(context, group) == 1)
        }
        let server = try client.connect(to: try fixture.server())
        #expect(server.isOpen == isAccepted)
        #expect(server.failure?.code == (isAccepted ? nil : .incompatible))
    }

    @Test("what isn't TLS is refused", arguments: ["GET / HTTP/1.1\r\n\r\n", "a NOOP\na NOOP\na NOOP\n"])
    func notTLS(text: String) throws {
        let server = End(try TLSEngine(server: try Fixture().server()))
        Array(text.utf8).withUnsafeBytes { server.engine.receive($0) }
        server.advance()
        #expect(server.failure?.code == .notTLS)
        #expect(server.events.count == 1)
    }

    @Test("contexts refuse what doesn't belong together") func mismatch() throws {
        let fixture = try Fixture()
        #expect(throws: TLSError.self) {
            try TLSContext.server(
                certificate: fixture.serverCertificate, key: fixture.clientKey,
                authority: fixture.authority.certificate)
        }
        #expect(throws: TLSError.self) { try TLSContext.enrolment(pin: [1, 2, 3]) }
        let client = try fixture.session()
        #expect(throws: TLSError.self) { try TLSEngine(server: client) }
        let server = try fixture.server()
        #expect(throws: TLSError.self) { try TLSEngine(client: server, serverName: "localhost") }
    }
}
