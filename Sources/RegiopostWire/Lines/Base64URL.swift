/// Base64 with the alphabet safe in URLs and without padding (RFC 4648 section 5). One spelling for one value.
public enum Base64URL {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    /// The text for `bytes`. O(bytes).
    public static func encoded(_ bytes: some Collection<UInt8>) -> String {
        let length = (bytes.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: length) { text in
            let alphabet = alphabet.utf8Start
            var place = 0
            var held: UInt32 = 0
            var bits: UInt32 = 0
            for byte in bytes {
                held = held << 8 | UInt32(byte)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    text[place] = alphabet[Int(held >> bits & 0x3F)]
                    place += 1
                }
            }
            if bits > 0 { text[place] = alphabet[Int(held << (6 - bits) & 0x3F)] }
            return length
        }
    }

    /// The bytes of `text`; `nil` for other characters, padding, an impossible length, or left-over bits that
    /// aren't zero. O(text).
    public static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for character in text.utf8 {
            guard let value = value(character) else { return nil }
            held = held << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        let isWhole = bits < 6 && held & (1 << bits - 1) == 0
        return isWhole ? bytes : nil
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
