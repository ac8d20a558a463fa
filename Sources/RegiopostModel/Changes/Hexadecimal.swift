/// Numbers as 16 hexadecimal digits in lower case, straight into and out of memory: ids and digests are written and read
/// once a change or more often.
public enum Hexadecimal {
    /// Writes 16 digits, for which there has to be room.
    public static func write(_ word: UInt64, to start: UnsafeMutablePointer<UInt8>) {
        let place = UnsafeMutableRawPointer(start)
        let (high, low) = (word >> 32, word & 0xFFFF_FFFF)
        place.storeBytes(of: digits(of: UInt32(high)).littleEndian, as: UInt64.self)
        place.storeBytes(of: digits(of: UInt32(low)).littleEndian, toByteOffset: 8, as: UInt64.self)
    }

    /// Reads 16 digits; anything else is `nil`.
    public static func word(_ start: UnsafePointer<UInt8>) -> UInt64? {
        let place = UnsafeRawPointer(start)
        guard let high = value(UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))),
            let low = value(UInt64(littleEndian: place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    // Eight digits are worked on at once, each in a byte of a number of 64 bits, the first in the lowest byte.

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The digits for nibbles of less than 16: the letters lie 39 places behind where the digits would go on.
    private static func digits(forNibbles nibbles: UInt64) -> UInt64 {
        let letters = (nibbles &+ ones &* 118) >> 7 & ones
        return nibbles &+ ones &* 0x30 &+ letters &* 39
    }

    private static func digits(of value: UInt32) -> UInt64 {
        var bytes = UInt64(value.byteSwapped)
        bytes = (bytes | bytes << 16) & 0x0000_FFFF_0000_FFFF
        bytes = (bytes | bytes << 8) & 0x00FF_00FF_00FF_00FF
        return digits(forNibbles: bytes >> 4 & 0x000F_000F_000F_000F | (bytes & 0x000F_000F_000F_000F) << 8)
    }

    private static func value(_ digits: UInt64) -> UInt32? {
        let nibbles = (digits & (ones &* 0xF)) &+ (digits >> 6 & ones) &* 9
        guard nibbles & (ones &* 0xF0) == 0, self.digits(forNibbles: nibbles) == digits else { return nil }
        var bytes = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
        bytes = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: bytes | bytes >> 16).byteSwapped
    }

    @inline(__always)
    static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

// Where buffers begin that are known to hold something.

extension UnsafeBufferPointer {
    var start: UnsafePointer<Element> {
        guard let baseAddress else { preconditionFailure("a buffer without elements has no beginning") }
        return baseAddress
    }
}

extension UnsafeMutableBufferPointer {
    var start: UnsafeMutablePointer<Element> {
        guard let baseAddress else { preconditionFailure("a buffer without elements has no beginning") }
        return baseAddress
    }
}
