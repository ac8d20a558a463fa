import Testing

@testable import RegiopostJSON

@Suite("Eight bytes together") struct EightBytesTests {
    /// Every byte at every place, among harmless ones.
    @Test("what is found together is what is found one by one", arguments: 0..<8) func each(place: Int) throws {
        for neighbour: UInt8 in [0x20, 0x41, 0x7F, 0xFF] {
            for byte in UInt8.min...UInt8.max {
                var bytes = [UInt8](repeating: neighbour, count: 8)
                bytes[place] = byte
                let eight = try #require(bytes.withUnsafeBytes { EightBytes($0, at: 0) })
                #expect(eight.isASCII == bytes.allSatisfy { $0 < 0x80 })
                for sought in [UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x0A, 0x00, 0xFF] {
                    #expect(eight.holds(sought) == bytes.contains(sought))
                }
                for limit: UInt8 in [0x01, 0x20, 0x80] {
                    #expect(eight.holdsLess(than: limit) == bytes.contains { $0 < limit })
                }
                #expect(eight.mayHoldDigit == bytes.contains { (0x30...0x3F).contains($0) })
            }
        }
    }

    @Test("what has no digit and no line end is passed over by eights", arguments: 0..<40) func pass(length: Int) {
        for stop in ["", "7", "\n"] {
            let bytes = Array((String(repeating: "é,", count: length) + stop).utf8)
            let end = bytes.withUnsafeBytes { EightBytes.pass($0, from: 3, noDigitNor: 0x0A) }
            let plain = length * 3
            #expect(plain <= 3 ? end == 3 : end <= plain && end > plain - 8 && end % 8 == 3)
        }
    }

    @Test("there are none where fewer than eight are left") func few() {
        let bytes = [UInt8](repeating: 0x41, count: 12)
        bytes.withUnsafeBytes { bytes in
            #expect(EightBytes(bytes, at: 4) != nil && EightBytes(bytes, at: 5) == nil)
        }
    }
}
