import RegiopostWire
import Testing

@Suite("Base64 for URLs") struct Base64URLTests {
    @Test(
        "the examples of RFC 4648 section 10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ]) func examples(plain: String, encoded: String)
    {
        #expect(Base64URL.encoded(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decoded(encoded) == Array(plain.utf8))
    }

    @Test("all bytes come back") func allBytes() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base64URL.decoded(Base64URL.encoded(bytes)) == bytes)
        #expect(Base64URL.encoded([0xFB, 0xEF, 0xFF]) == "--__")
    }

    @Test(
        "one value has one spelling", arguments: ["Zg==", "Zh", "Zm9", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm v", "é"])
    func refused(text: String) {
        #expect(Base64URL.decoded(text) == nil)
    }
}
