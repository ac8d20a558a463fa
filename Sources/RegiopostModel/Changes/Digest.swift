/// The SHA-256 of a change's exact bytes, without the line end. The model is handed digests; it makes none.
public struct Digest: Hashable, Sendable {
    /// The 32 bytes as four big-endian numbers.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes as four big-endian numbers.
    @inlinable
    public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Reads 32 bytes; `nil` for any other count.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        var index = 0
        for byte in bytes {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
            index += 1
        }
        self.words = words
    }

    /// Reads 64 hexadecimal digits in lower case; anything else is `nil`.
    public init?(_ text: String) {
        var text = text
        let words = text.withUTF8 { digits -> (UInt64, UInt64, UInt64, UInt64)? in
            guard digits.count == 64, let start = digits.baseAddress,
                let first = Hexadecimal.word(start), let second = Hexadecimal.word(start + 16),
                let third = Hexadecimal.word(start + 32), let fourth = Hexadecimal.word(start + 48)
            else { return nil }
            return (first, second, third, fourth)
        }
        guard let words else { return nil }
        self.words = words
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
            let raw = UnsafeMutableRawPointer(bytes.start)
            raw.storeBytes(of: words.0.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
            raw.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
            raw.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
            count = 32
        }
    }

    /// The 64 hexadecimal digits.
    public var text: String {
        String(unsafeUninitializedCapacity: 64) { characters in
            write(to: characters.start)
            return 64
        }
    }

    /// Writes the 64 hexadecimal digits, for which there has to be room.
    public func write(to start: UnsafeMutablePointer<UInt8>) {
        Hexadecimal.write(words.0, to: start)
        Hexadecimal.write(words.1, to: start + 16)
        Hexadecimal.write(words.2, to: start + 32)
        Hexadecimal.write(words.3, to: start + 48)
    }

    /// Equal when all 32 bytes are.
    @inlinable
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Hashes the first eight bytes, which are as good as random.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest: CustomStringConvertible {
    /// The 64 hexadecimal digits.
    public var description: String { text }
}
