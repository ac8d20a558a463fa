import RegiopostModel

/// Appending the parts of a line to bytes that are to be sent.
extension [UInt8] {
    /// A word as it is.
    mutating func put(_ word: String) {
        var word = word
        word.withUTF8 { append(contentsOf: $0) }
    }

    /// ` name=value`, the value percent-encoded where it must be.
    mutating func put(_ name: String, _ value: String) {
        putName(name)
        if value.utf8.allSatisfy(PercentEncoding.isPlain) { return put(value) }
        for byte in value.utf8 {
            if PercentEncoding.isPlain(byte) {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(Self.hexDigit(byte >> 4))
                append(Self.hexDigit(byte & 0xF))
            }
        }
    }

    /// ` name=value` of a receipt, which has only characters that need no encoding.
    mutating func put(_ name: String, _ receipt: ReceiptToken) {
        putName(name)
        put(receipt.text)
    }

    /// ` name=value` of a number that isn't negative.
    mutating func put(_ name: String, _ value: Int) {
        putName(name)
        put(value)
    }

    /// ` name=yes` or ` name=no`.
    mutating func put(_ name: String, _ value: Bool) {
        putName(name)
        put(value ? "yes" : "no")
    }

    /// ` name=value` of a digest's 64 hexadecimal digits.
    mutating func put(_ name: String, _ digest: Digest) {
        putName(name)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
            guard let start = digits.baseAddress else { return }
            digest.write(to: start)
            append(contentsOf: UnsafeBufferPointer(start: start, count: 64))
        }
    }

    /// ` name=value` of a moment, always with milliseconds.
    mutating func put(_ name: String, _ time: Timestamp) {
        putName(name)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.characters) { characters in
            guard let start = characters.baseAddress else { return }
            time.write(to: start)
            append(contentsOf: UnsafeBufferPointer(start: start, count: Timestamp.characters))
        }
    }

    /// ` :text` for people; controls become spaces.
    mutating func put(text: String) {
        put(" :")
        for byte in text.utf8 { append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
    }

    /// The line end.
    mutating func putLineEnd() { append(0x0A) }

    private mutating func putName(_ name: String) {
        append(0x20)
        put(name)
        append(UInt8(ascii: "="))
    }

    private mutating func put(_ value: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, first) = (value, digits.count)
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }
}
