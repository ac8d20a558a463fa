/// Why bytes are not the JSON that Regiopost reads.
public struct JSONError: Error, Equatable, Sendable {
    /// What kind of mistake it is.
    public enum Reason: String, Sendable {
        case unexpectedEnd = "unexpected-end"
        case unexpectedByte = "unexpected-byte"
        case notUTF8 = "not-utf8"
        case badEscape = "bad-escape"
        case badNumber = "bad-number"
        case duplicateKey = "duplicate-key"
        case nonCharacter = "non-character"
        case tooDeep = "too-deep"
        case tooManyValues = "too-many-values"
        case trailingBytes = "trailing-bytes"
    }

    /// What kind of mistake it is.
    public let reason: Reason
    /// Where it stands: bytes from the start, counted from 0.
    public let offset: Int

    /// Makes an error.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
