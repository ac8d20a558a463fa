/// A UUID (RFC 9562): names a change, and a subject after its first change.
///
/// Version 7 by default, version 8 from a digest where a script repeats itself; nobody reads meaning from one.
/// Time and randomness are handed in, so that making one is repeatable.
public struct ChangeID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Makes an identifier of the moment's 48 bits and 74 random bits out of `random`.
    public init(time: Timestamp, random: (UInt64, UInt64)) {
        high = UInt64(time.milliseconds) << 16 | 0x7000 | random.0 & 0x0FFF
        low = random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Makes the identifier that a digest of at least 16 bytes always makes (version 8, RFC 9562 section 5.8);
    /// `nil` for fewer bytes.
    public init?(digest: some Collection<UInt8>) {
        guard digest.count >= 16 else { return nil }
        high = Self.word(digest.prefix(8)) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        low = Self.word(digest.dropFirst(8).prefix(8)) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    private static func word(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// Reads the 36 characters of a UUID in lower case; anything else is `nil`, so that one identifier
    /// has one spelling.
    public init?(_ text: String) {
        var nibbles: [UInt8] = []
        nibbles.reserveCapacity(32)
        for (index, byte) in text.utf8.enumerated() {
            switch (index, byte) {
            case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")):
                continue
            case (8, _), (13, _), (18, _), (23, _): return nil
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")): nibbles.append(byte - UInt8(ascii: "0"))
            case (_, UInt8(ascii: "a")...UInt8(ascii: "f")): nibbles.append(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
            guard index < 36 else { return nil }
        }
        guard nibbles.count == 32, (1...8).contains(nibbles[12]), nibbles[16] & 0xC == 0x8 else { return nil }
        high = nibbles[..<16].reduce(0) { $0 << 4 | UInt64($1) }
        low = nibbles[16...].reduce(0) { $0 << 4 | UInt64($1) }
    }

    /// Reads 16 bytes as `bytes` gives them; `nil` where they are no UUID of RFC 9562.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = Self.word(bytes.prefix(8))
        low = Self.word(bytes.dropFirst(8))
        guard (1...8).contains(high >> 12 & 0xF), low >> 62 == 2 else { return nil }
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// The 36 characters in lower case.
    public var text: String {
        let digits = Array("0123456789abcdef".utf8)
        var characters: [UInt8] = []
        characters.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { characters.append(UInt8(ascii: "-")) }
            characters.append(digits[Int(byte >> 4)])
            characters.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: characters, as: UTF8.self)
    }
}

extension ChangeID: CustomStringConvertible {
    /// The 36 characters.
    public var description: String { text }
}

extension ChangeID: Comparable {
    /// In the order of the bytes, which is the order of making as far as clocks agree.
    public static func < (left: ChangeID, right: ChangeID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
