/// A line as a trace shows it: secrets left out, controls made visible, and cut where it is long.
public enum TraceText {
    /// No line of a trace is longer, in bytes.
    public static let longest = 2_000
    /// Attributes whose value nobody may read over a shoulder.
    static let secrets: Set<String> = ["secret"]

    /// The line's text. O(bytes), bounded by `longest`.
    ///
    /// - Parameter line: without its end; any bytes.
    public static func text(of line: ArraySlice<UInt8>) -> String {
        let shown = line.prefix(longest)
        var text = ""
        var isJSON = false
        for (index, word) in shown.split(separator: 0x20, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { text += " " }
            isJSON = isJSON || word.first == UInt8(ascii: "{")
            text += isJSON ? visible(word) : visible(withoutSecret(word))
        }
        return line.count > longest ? text + "… (\(line.count) bytes)" : text
    }

    private static func withoutSecret(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let equals = word.firstIndex(of: UInt8(ascii: "=")),
            secrets.contains(String(decoding: word[..<equals], as: UTF8.self))
        else { return word }
        return word[...equals] + Array("…".utf8)
    }

    private static func visible(_ word: ArraySlice<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            text.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
        }
        return text
    }
}
