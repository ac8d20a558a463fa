import RegiopostModel
import Testing

@Suite("Hexadecimal digits") struct HexadecimalTests {
    @Test("any byte at any place is a digit in lower case, or makes it no number") func everyByte() {
        let digits = Array("0123456789abcdef".utf8)
        for place in 0..<16 {
            for byte in UInt8.min...UInt8.max {
                var text = digits
                text[place] = byte
                let expected =
                    digits.contains(byte) ? UInt64(String(decoding: text, as: UTF8.self), radix: 16) : nil
                #expect(text.withUnsafeBufferPointer { $0.baseAddress.flatMap(Hexadecimal.word) } == expected)
            }
        }
    }

    @Test("what is written is read, in the digits of the number", arguments: 0..<64) func written(shift: UInt64) {
        for word in [UInt64(1) << shift, .max >> shift, 0x0123_4567_89AB_CDEF >> shift, 0] {
            let text = [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
                if let start = bytes.baseAddress { Hexadecimal.write(word, to: start) }
                count = 16
            }
            let digits = String(word, radix: 16)
            #expect(text == Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8))
            #expect(text.withUnsafeBufferPointer { $0.baseAddress.flatMap(Hexadecimal.word) } == word)
        }
    }
}
