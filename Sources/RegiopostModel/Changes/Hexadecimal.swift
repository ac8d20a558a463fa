/// Numbers as 16 hexadecimal digits in lower case, straight into and out of memory: ids and digests are written and read
/// once a change or more often.
public enum Hexadecimal {
    /// Writes 16 digits, for which there has to be room.
    public static func write(_ word: UInt64, to start: UnsafeMutablePointer<UInt8>) {
        for index in 0..<16 {
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - index * 4)) & 0xF
            // The letters lie 39 places behind where the digits would go on.
            start[index] = nibble &+ 0x30 &+ (nibble > 9 ? 39 : 0)
        }
    }

    /// Reads 16 digits; anything else is `nil`.
    public static func word(_ start: UnsafePointer<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for index in 0..<16 {
            guard let nibble = nibble(start[index]) else { return nil }
            word = word << 4 | UInt64(nibble)
        }
        return word
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
