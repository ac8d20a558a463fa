/// Text made ready for searching: lower case, runs of white space as one space, as bytes.
struct FoldedText {
    let bytes: [UInt8]

    /// Folds `text`. O(bytes).
    init(_ text: some StringProtocol) {
        var folded = ""
        var isAfterSpace = false
        for scalar in text.lowercased().unicodeScalars {
            let isSpace = scalar.isSpace
            if !isSpace {
                folded.unicodeScalars.append(scalar)
            } else if !isAfterSpace {
                folded.unicodeScalars.append(" ")
            }
            isAfterSpace = isSpace
        }
        bytes = Array(folded.utf8)
    }

    /// Where `needle` (lower case) first stands, in bytes; `nil` where it doesn't. O(bytes of both, multiplied) at
    /// worst, and near O(bytes) in Dutch.
    func position(of needle: StaticString) -> Int? {
        needle.withUTF8Buffer { needle in
            bytes.withUnsafeBufferPointer { bytes in
                guard let first = needle.first, bytes.count >= needle.count else { return nil }
                var start = 0
                // A plain loop: this is where an import spends its time.
                while start <= bytes.count - needle.count {
                    if bytes[start] == first {
                        var matched = 1
                        while matched < needle.count, bytes[start + matched] == needle[matched] { matched += 1 }
                        if matched == needle.count { return start }
                    }
                    start += 1
                }
                return nil
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
