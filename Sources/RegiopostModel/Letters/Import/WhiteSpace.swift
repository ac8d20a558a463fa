// Unicode's white space, with a short way for ASCII: letters are nearly all ASCII, and the table look-up behind
// `isWhitespace` is most of an import's time without it.

extension Unicode.Scalar {
    /// Whether it is white space.
    var isSpace: Bool { isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }
}

extension Character {
    /// Whether it is white space.
    var isSpace: Bool {
        guard let scalar = unicodeScalars.first else { return false }
        return scalar.isSpace
    }
}
