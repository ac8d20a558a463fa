import RegiopostCrypto
import RegiopostModel

extension Change {
    /// The SHA-256 of the line that says this, as client and server hand it to the fold.
    public var lineDigest: Digest? { Digest(bytes: SHA256.hash(line())) }
}

extension Digest {
    /// The SHA-256 of a line as it stands.
    public static func of(line: [UInt8]) -> Digest? { Digest(bytes: SHA256.hash(line)) }
}
