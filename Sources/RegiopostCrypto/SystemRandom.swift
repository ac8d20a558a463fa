import COpenSSL

/// Randomness fit for keys and secrets, from OpenSSL's generator. Without it nothing may go on, so a failing generator
/// stops the program.
public enum SystemRandom {
    /// `count` random bytes, `count` ≥ 0. O(count).
    public static func bytes(_ count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= Int(Int32.max), "can't make \(count) random bytes")
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            precondition(RAND_bytes(buffer.baseAddress, Int32(count)) == 1, "no randomness")
            filled = count
        }
    }

    /// 64 random bits.
    public static func word() -> UInt64 {
        bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
