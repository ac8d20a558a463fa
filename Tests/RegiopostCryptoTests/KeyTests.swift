import COpenSSL
import RegiopostCrypto
import Testing

@Suite("Private keys and requests") struct KeyTests {
    @Test("a key is written and read the same", arguments: [PrivateKey.Curve.p256, .p384])
    func roundTrip(curve: PrivateKey.Curve) throws {
        let key = try PrivateKey.generate(curve)
        let pem = try key.pem()
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try PrivateKey(pem: pem)
        #expect(try again.publicKeyDigest() == key.publicKeyDigest())
        #expect(try again.pem() == pem)
        #expect(try PrivateKey.generate(curve).publicKeyDigest() != key.publicKeyDigest())
    }

    @Test(
        "what is no plain key is refused",
        arguments: [
            "", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                + "-----END PRIVATE KEY-----\n",
        ]) func refused(text: String)
    {
        #expect { try PrivateKey(pem: Array(text.utf8)) } throws: { ($0 as? CryptoError)?.code == .malformed }
    }

    @Test("two keys in one file, and a broken second block, are refused") func twoKeys() throws {
        let pem = try PrivateKey.generate().pem()
        #expect(throws: CryptoError.self) { try PrivateKey(pem: pem + pem) }
        let broken = pem + Array("-----BEGIN PRIVATE KEY-----\n!!!\n".utf8)
        #expect(throws: CryptoError.self) { try PrivateKey(pem: broken) }
    }

    @Test("a weak RSA key, and curves we don't know, are refused", arguments: [2048, 521, 25519])
    func weak(size: Int) throws {
        let pem = try Forge.keyPEM(size)
        #expect { try PrivateKey(pem: pem) } throws: { ($0 as? CryptoError)?.code == .weakKey }
        #expect { try CertificateRequest(der: try Forge.request(size)) } throws: {
            ($0 as? CryptoError)?.code == .weakKey
        }
    }

    @Test("a request is made, read and verified") func request() throws {
        let key = try PrivateKey.generate()
        let request = try CertificateRequest(key: key, commonName: "gm0503/griffie")
        let again = try CertificateRequest(der: request.der)
        #expect(again == request)
        #expect(again.commonName == "gm0503/griffie")
        #expect(try again.publicKeyDigest == key.publicKeyDigest())
    }

    @Test("a request with any byte changed is refused") func tampered() throws {
        let der = try CertificateRequest(key: try PrivateKey.generate(), commonName: "gm0503/griffie").der
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x01
            #expect(throws: CryptoError.self, "byte \(index)") { try CertificateRequest(der: changed) }
        }
        #expect(throws: CryptoError.self) { try CertificateRequest(der: der + [0]) }
        #expect(throws: CryptoError.self) { try CertificateRequest(der: Array(der.dropLast())) }
        #expect(throws: CryptoError.self) { try CertificateRequest(der: []) }
        let large = [UInt8](repeating: 0x30, count: CertificateRequest.maximumBytes + 1)
        #expect(throws: CryptoError.self) { try CertificateRequest(der: large) }
    }

    @Test("a common name must fit", arguments: ["", String(repeating: "x", count: 65), "a\u{0}b", "a\nb"])
    func commonName(name: String) throws {
        let key = try PrivateKey.generate()
        #expect { try CertificateRequest(key: key, commonName: name) } throws: {
            ($0 as? CryptoError)?.code == .badArgument
        }
    }
}
