import RegiopostCrypto
import Testing

@Suite("Certificates") struct CertificateTests {
    static let start: Int64 = 1_780_000_000

    @Test("a root may issue and nothing else", arguments: [PrivateKey.Curve.p256, .p384])
    func root(curve: PrivateKey.Curve) throws {
        let authority = try CertificateAuthority.create(name: "Provincie X", curve: curve, notBefore: Self.start)
        let root = authority.certificate
        #expect(root.commonName == "Provincie X")
        #expect(root.isAuthority && !root.isForClients && !root.isForServers)
        #expect(root.notBefore == Self.start)
        #expect(root.notAfter == Self.start + 3652 * 86_400)
        #expect(try root.publicKeyDigest == authority.key.publicKeyDigest())
        let again = try CertificateAuthority(certificatePEM: try root.pem(), keyPEM: try authority.key.pem())
        #expect(again.certificate == root)
    }

    @Test("a client's certificate says whose it is") func client() throws {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let key = try PrivateKey.generate()
        let request = try CertificateRequest(key: key, commonName: "somebody else")
        let issued = try authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: Self.start, days: 30)
        let certificate = try Certificate(pem: try issued.pem())
        #expect(certificate == issued)
        #expect(certificate.address == "gm0503/griffie")
        #expect(certificate.uris == ["urn:regiopost:address:gm0503/griffie"])
        #expect(certificate.commonName == "gm0503/griffie")
        #expect(certificate.isForClients && !certificate.isForServers && !certificate.isAuthority)
        #expect(try certificate.publicKeyDigest == key.publicKeyDigest())
        #expect(certificate.notAfter - certificate.notBefore == 30 * 86_400)
        #expect((1...40).contains(certificate.serial.count))
        let second = try authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: Self.start, days: 30)
        #expect(second.serial != certificate.serial)
    }

    @Test("a server's certificate carries its names") func server() throws {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let certificate = try authority.issueServer(
            key: try PrivateKey.generate(), dnsNames: ["post.example.nl", "localhost"],
            ipAddresses: ["127.0.0.1", "2001:db8::1"], notBefore: Self.start, days: 90)
        #expect(certificate.dnsNames == ["post.example.nl", "localhost"])
        #expect(certificate.ipAddresses == ["127.0.0.1", "2001:db8:0:0:0:0:0:1"])
        #expect(certificate.isForServers && !certificate.isForClients)
        #expect(certificate.address == nil)
    }

    @Test("no certificate outlives its root") func clamped() throws {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start, days: 10)
        let request = try CertificateRequest(key: try PrivateKey.generate(), commonName: "x")
        let late = try authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: Self.start, days: 30)
        #expect(late.notAfter == authority.certificate.notAfter)
        #expect(throws: CryptoError.self) {
            try authority.issueClient(
                for: request, address: "gm0503/griffie", notBefore: late.notAfter, days: 30)
        }
    }

    @Test(
        "only addresses are certified",
        arguments: [
            "", "griffie", "gm0503/", "/griffie", "gm0503/griffie,DNS:x", "gm0503/griffie\u{0}", "GM0503/griffie",
            "a/b/c", "gm0503/" + String(repeating: "x", count: 60),
        ]) func address(text: String) throws
    {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let request = try CertificateRequest(key: try PrivateKey.generate(), commonName: "x")
        #expect { try authority.issueClient(for: request, address: text, notBefore: Self.start, days: 1) } throws: {
            ($0 as? CryptoError)?.code == .badArgument
        }
    }

    @Test(
        "only host names are certified", arguments: ["", "*.example.nl", "a b", "a,DNS:b", "-a", "a..b", "a\u{0}b"])
    func hostName(text: String) throws {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let key = try PrivateKey.generate()
        #expect(throws: CryptoError.self) {
            try authority.issueServer(key: key, dnsNames: ["a", text], notBefore: Self.start, days: 1)
        }
        #expect(throws: CryptoError.self) {
            try authority.issueServer(
                key: key, dnsNames: [], ipAddresses: ["300.0.0.1"], notBefore: Self.start, days: 1)
        }
    }

    @Test("an authority needs its own key, and a leaf is none") func mismatch() throws {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let other = try PrivateKey.generate()
        #expect(throws: CryptoError.self) {
            try CertificateAuthority(certificate: authority.certificate, key: other)
        }
        let leaf = try authority.issueServer(key: other, dnsNames: ["a"], notBefore: Self.start, days: 1)
        #expect(throws: CryptoError.self) { try CertificateAuthority(certificate: leaf, key: other) }
    }

    @Test("a changed byte is refused or read as it stands, never read as something else") func changedBytes() throws
    {
        let authority = try CertificateAuthority.create(name: "Test", notBefore: Self.start)
        let request = try CertificateRequest(key: try PrivateKey.generate(), commonName: "x")
        let der = try authority.issueClient(
            for: request, address: "gm0503/griffie", notBefore: Self.start, days: 30
        ).der
        var refused = 0
        for index in der.indices {
            for change: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
                var changed = der
                changed[index] ^= change
                guard let certificate = try? Certificate(der: changed) else {
                    refused += 1
                    continue
                }
                #expect(certificate.der == changed)
                let trusted = try? CertificateAuthority(certificate: certificate, key: authority.key)
                #expect(trusted == nil)
            }
        }
        // Every tag and length at least.
        #expect(refused > 300)
    }

    private static let uri: UInt8 = 0x86
    private static let dns: UInt8 = 0x82
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("names that can be read in one way are read") func forgedButFine() throws {
        let der = try Forge.certificate(
            names: [
                [
                    (Self.uri, Self.bytes("urn:regiopost:address:gm0503/griffie")),
                    (Self.uri, Self.bytes("https://example.nl/")), (Self.dns, Self.bytes("example.nl")),
                ]
            ], commonNames: [Self.bytes("Één")])
        let certificate = try Certificate(der: der)
        #expect(certificate.address == "gm0503/griffie")
        #expect(certificate.uris.count == 2)
        #expect(certificate.commonName == "Één")
        #expect(certificate.notBefore == 0 && certificate.notAfter == 1_000_000_000)
        #expect(certificate.serial == "01")
        #expect(throws: CryptoError.self) { try Certificate(der: der + [0]) }
        #expect(throws: CryptoError.self) { try Certificate(der: Array(der.dropLast())) }
    }

    static let doubtful: [(String, [[(UInt8, [UInt8])]])] = [
        ("NUL in a URI", [[(uri, bytes("urn:regiopost:address:gm0503/griffie\u{0}x"))]]),
        ("NUL in a DNS name", [[(dns, bytes("good.nl\u{0}.bad.nl"))]]),
        ("empty DNS name", [[(dns, [])]]),
        ("not ASCII", [[(dns, [0xC3, 0xA9])]]),
        ("a space", [[(uri, bytes("urn:regiopost:address:gm0503/griffie "))]]),
        (
            "two addresses",
            [[(uri, bytes("urn:regiopost:address:a/b")), (uri, bytes("urn:regiopost:address:c/d"))]]
        ),
        (
            "the same address twice",
            [[(uri, bytes("urn:regiopost:address:a/b")), (uri, bytes("urn:regiopost:address:a/b"))]]
        ),
        ("no address", [[(uri, bytes("urn:regiopost:address:"))]]),
        ("other spelling", [[(uri, bytes("URN:regiopost:address:a/b"))]]),
        ("other kind of regiopost name", [[(uri, bytes("urn:regiopost:role:a/b"))]]),
        ("e-mail", [[(0x81, bytes("a@example.nl"))]]),
        ("registered id", [[(0x88, [0x2A, 0x03])]]),
        ("other name", [[(0xA0, [0x06, 0x02, 0x2A, 0x03, 0xA0, 0x02, 0x05, 0x00])]]),
        ("IP address of five bytes", [[(0x87, [1, 2, 3, 4, 5])]]),
        ("two extensions", [[(dns, bytes("a.nl"))], [(dns, bytes("b.nl"))]]),
        ("tag of no name", [[(0x89, [1])]]),
    ]

    @Test("doubtful names fail", arguments: doubtful) func failing(case: (String, [[(UInt8, [UInt8])]])) throws {
        let der = try Forge.certificate(names: `case`.1)
        #expect(throws: CryptoError.self, "\(`case`.0)") { try Certificate(der: der) }
    }

    @Test("doubtful common names fail", arguments: [["a\u{0}b"], ["a", "b"], ["a\nb"]])
    func failingCommonName(names: [String]) throws {
        let der = try Forge.certificate(names: [], commonNames: names.map { Self.bytes($0) })
        #expect { try Certificate(der: der) } throws: { ($0 as? CryptoError)?.code == .badNames }
    }
}
