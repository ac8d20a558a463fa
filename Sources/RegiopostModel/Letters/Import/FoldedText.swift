/// Text made ready for searching: lower case, runs of white space as one space, as bytes.
struct FoldedText {
    let bytes: [UInt8]

    /// Folds `text`. O(bytes).
    init(_ text: some StringProtocol) {
        var folded = ""
        var isAfterSpace = false
        for scalar in text.lowercased().unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if !isSpace {
                folded.unicodeScalars.append(scalar)
            } else if !isAfterSpace {
                folded.unicodeScalars.append(" ")
            }
            isAfterSpace = isSpace
        }
        bytes = Array(folded.utf8)
    }

    /// Where `needle` (lower case) first stands, in bytes; `nil` where it doesn't.
    func position(of needle: StaticString) -> Int? {
        let count = needle.utf8CodeUnitCount
        guard count > 0, bytes.count >= count else { return nil }
        return needle.withUTF8Buffer { needle in
            (0...bytes.count - count).first { start in
                bytes[start] == needle[0] && (1..<count).allSatisfy { bytes[start + $0] == needle[$0] }
            }
        }
    }

    /// Whether one of `needles` (lower case) stands in the text.
    func contains(anyOf needles: [StaticString]) -> Bool { needles.contains { position(of: $0) != nil } }

    /// Whether the text starts with one of `needles` (lower case).
    func starts(withAnyOf needles: [StaticString]) -> Bool {
        needles.contains { needle in needle.withUTF8Buffer { bytes.starts(with: $0) } }
    }

    /// The words: runs of letters and digits, split at everything else.
    var words: [Substring] {
        String(decoding: bytes, as: UTF8.self).split { !$0.isLetter && !$0.isNumber }
    }
}
