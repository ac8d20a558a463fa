/// How an attribute's value carries what a line can't: `%` and two upper-case hexadecimal digits a byte (RFC 3986
/// section 2.1), for `%`, spaces, controls and everything outside ASCII.
enum PercentEncoding {
    /// The bytes meant; `nil` where an escape is cut off or in lower case, or the bytes are no UTF-8.
    static func decoded(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            guard raw[index] == UInt8(ascii: "%") else {
                bytes.append(raw[index])
                index += 1
                continue
            }
            guard index + 2 < raw.endIndex, let high = nibble(raw[index + 1]), let low = nibble(raw[index + 2])
            else {
                return nil
            }
            bytes.append(high << 4 | low)
            index += 3
        }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes[...]
    }

    /// Whether the byte stands for itself.
    static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
