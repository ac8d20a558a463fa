import RegiopostModel

/// The SHA-256 that ties a record to everything before it. The log is handed the function; it makes none itself.
typealias Chain = Digest

/// SHA-256 over bytes in memory.
public typealias LogHash = @Sendable (UnsafeRawBufferPointer) -> Digest

/// How a chain is made, so that `sha256sum` can make it too: over the chain before in hexadecimal, a space, and the
/// record's attributes up to and with the digest of its text. The text itself stays outside: where the law has it
/// destroyed, the chain still verifies.
enum ChainRule {
    /// How many bytes stand before the attributes: 64 digits and a space.
    static let prefixBytes = 65

    /// The chain before the first record of the log of that name.
    static func beginning(log name: String, _ hash: LogHash) -> Chain {
        var name = name
        return name.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }

    /// The chain of a record with these attributes, which come after room for the prefix.
    static func next(
        after chain: Chain, _ buffer: UnsafeMutableRawBufferPointer, _ hash: LogHash
    ) -> Chain {
        let start = buffer.start.assumingMemoryBound(to: UInt8.self)
        chain.write(to: start)
        start[prefixBytes - 1] = UInt8(ascii: " ")
        return hash(UnsafeRawBufferPointer(buffer))
    }
}
