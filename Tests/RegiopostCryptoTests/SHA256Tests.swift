import RegiopostCrypto
import Testing

@Suite("SHA-256 and randomness") struct SHA256Tests {
    // FIPS 180-2, appendix B, and the empty message.
    static let vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("known answers", arguments: vectors) func knownAnswer(text: String, digest: String) {
        #expect(SHA256.hash(text).hexadecimal == digest)
        #expect(SHA256.hash(Array(text.utf8)).hexadecimal == digest)
        var pieces = SHA256()
        for byte in text.utf8 { pieces.update([byte]) }
        #expect(pieces.finalize().hexadecimal == digest)
    }

    @Test("a million times a, in pieces of a thousand") func million() {
        var digest = SHA256()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
        for _ in 0..<1000 { digest.update(piece) }
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(digest.finalize().hexadecimal == expected)
    }

    @Test("random bytes have the length asked for and don't repeat") func random() {
        #expect(SystemRandom.bytes(0).isEmpty)
        #expect(SystemRandom.bytes(33).count == 33)
        #expect(Set((0..<1000).map { _ in SystemRandom.word() }).count == 1000)
        #expect(Set((0..<100).map { _ in SystemRandom.bytes(16) }).count == 100)
    }
}
