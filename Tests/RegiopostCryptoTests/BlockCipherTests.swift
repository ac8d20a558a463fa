import RegiopostCrypto
import Testing

@Suite("Blocks of AES-256") struct BlockCipherTests {
    @Test("they are those of FIPS 197, one after the other under one key") func knownAnswers() {
        // Appendix C.3.
        let cipher = BlockCipher(key: [UInt8](0...31))
        let block: (UInt64, UInt64) = (0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF)
        for _ in 0..<3 {
            let found = cipher.encrypted(block)
            #expect(found == (0x8EA2_B7CA_5167_45BF, 0xEAFC_4990_4B49_6089))
        }
        #expect(cipher.encrypted((block.0, block.1 ^ 1)) != cipher.encrypted(block))
    }
}
