/// Eight bytes looked at together: most of a text holds nothing that has to be looked at byte by byte.
package struct EightBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private let word: UInt64

    /// The bytes at an offset; `nil` where there are fewer than eight.
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset + 8 <= bytes.count else { return nil }
        word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Whether one of them is this byte.
    func holds(_ byte: UInt8) -> Bool { Self.holdsZero(word ^ (Self.ones &* UInt64(byte))) }

    /// Whether one of them is smaller than a number up to 128.
    func holdsLess(than number: UInt8) -> Bool {
        (word &- (Self.ones &* UInt64(number))) & ~word & Self.highBits != 0
    }

    /// Whether one of them is a digit, or one of the six characters behind the digits in ASCII.
    var mayHoldDigit: Bool { Self.holdsZero((word & (Self.ones &* 0xF0)) ^ (Self.ones &* 0x30)) }

    /// Whether all are ASCII.
    var isASCII: Bool { word & Self.highBits == 0 }

    private static func holdsZero(_ word: UInt64) -> Bool { (word &- ones) & ~word & highBits != 0 }

    /// Goes on from an offset by eights for as long as they hold no digit and not this byte, and answers where it stops. O(bytes).
    package static func pass(_ bytes: UnsafeRawBufferPointer, from offset: Int, noDigitNor byte: UInt8) -> Int {
        var offset = offset
        while let eight = EightBytes(bytes, at: offset), !eight.mayHoldDigit, !eight.holds(byte) { offset += 8 }
        return offset
    }
}
