/// A UUID (RFC 9562): names a change, and a subject after its first change.
///
/// Version 7 by default, version 8 from a digest where a script repeats itself; nobody reads meaning from one.
/// Time and randomness are handed in, so that making one is repeatable.
public struct ChangeID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// The 16 bytes as two big-endian numbers.
    public var words: (UInt64, UInt64) { (high, low) }

    /// Takes the 16 bytes as two big-endian numbers; `nil` where they are no UUID of RFC 9562.
    public init?(words: (UInt64, UInt64)) {
        (high, low) = words
        guard Self.isUUID(high, low) else { return nil }
    }

    private static func isUUID(_ high: UInt64, _ low: UInt64) -> Bool {
        (1...8).contains(high >> 12 & 0xF) && low >> 62 == 2
    }

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
    public init?(_ text: String) { self.init(text[...]) }

    init?(_ text: Substring) {
        let words = text.utf8.withContiguousStorageIfAvailable { characters -> (UInt64, UInt64)? in
            characters.count == 36 ? Self.read(characters.start) : nil
        }
        guard let words = words ?? nil, Self.isUUID(words.0, words.1) else { return nil }
        (high, low) = words
    }

    /// Reads 36 characters; `nil` where they aren't digits and hyphens at their places.
    private static func read(_ start: UnsafePointer<UInt8>) -> (UInt64, UInt64)? {
        var words = (UInt64(0), UInt64(0))
        for index in 0..<36 {
            switch index {
            case 8, 13, 18, 23:
                guard start[index] == UInt8(ascii: "-") else { return nil }
            default:
                guard let nibble = Hexadecimal.nibble(start[index]) else { return nil }
                // 16 digits and two hyphens make the first word.
                if index < 18 {
                    words.0 = words.0 << 4 | UInt64(nibble)
                } else {
                    words.1 = words.1 << 4 | UInt64(nibble)
                }
            }
        }
        return words
    }

    /// Reads 16 bytes as `bytes` gives them; `nil` where they are no UUID of RFC 9562.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var words = (UInt64(0), UInt64(0))
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                words.0 = words.0 << 8 | UInt64(byte)
            } else {
                words.1 = words.1 << 8 | UInt64(byte)
            }
        }
        self.init(words: words)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
            let raw = UnsafeMutableRawPointer(bytes.start)
            raw.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    /// The 36 characters in lower case.
    public var text: String {
        String(unsafeUninitializedCapacity: 36) { characters in
            write(to: characters.start)
            return 36
        }
    }

    /// Writes the 36 characters, for which there has to be room.
    public func write(to start: UnsafeMutablePointer<UInt8>) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
            let digit = digits.start
            Hexadecimal.write(high, to: digit)
            Hexadecimal.write(low, to: digit + 16)
            var place = start
            for (from, count) in [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)] as [(Int, Int)] {
                if from > 0 {
                    place[0] = UInt8(ascii: "-")
                    place += 1
                }
                place.update(from: digit + from, count: count)
                place += count
            }
        }
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
