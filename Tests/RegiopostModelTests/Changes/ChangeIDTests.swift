import RegiopostModel
import Testing

@Suite("Change identifiers") struct ChangeIDTests {
    @Test("the example of RFC 9562 appendix A.6") func example() {
        let id = ChangeID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(id?.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        let made = ChangeID(time: Timestamp(milliseconds: 0x017F_22E2_79B0), random: (0xCC3, 0x18C4_DC0C_0C07_398F))
        #expect(made == id)
    }

    @Test("all bits of randomness given keep version and variant") func bits() {
        let id = ChangeID(time: Timestamp(milliseconds: 1), random: (.max, .max))
        #expect(id.text == "00000000-0001-7fff-bfff-ffffffffffff")
        #expect(ChangeID(bytes: id.bytes) == id)
        #expect(ChangeID(id.text) == id)
    }

    @Test("a digest always makes the same version 8 identifier") func digest() {
        let digest = [UInt8](repeating: 0xFF, count: 32)
        #expect(ChangeID(digest: digest)?.text == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(ChangeID(digest: digest.prefix(15)) == nil)
    }

    @Test(
        "one spelling, one version",
        arguments: [
            "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-9cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-18c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "",
        ]) func refused(text: String)
    {
        #expect(ChangeID(text) == nil)
    }
}
