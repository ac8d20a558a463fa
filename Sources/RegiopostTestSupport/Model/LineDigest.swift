import RegiopostCrypto
import RegiopostModel

extension Change {
    /// The SHA-256 of the line that says this, as client and server hand it to the fold.
    public var lineDigest: Digest? { Digest(bytes: SHA256.hash(line())) }
}
