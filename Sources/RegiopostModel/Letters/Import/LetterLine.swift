/// One line of a letter: as it stands, and as a reader of the printed letter would see it.
struct LetterLine {
    /// What the line's first characters say that it is.
    enum Marker {
        case none, heading, bullet
    }

    /// 1 for the first line.
    let number: Int
    /// The line as it stands, without its line ending.
    let raw: String
    /// Without Markdown's marks, links reduced to their text, trimmed.
    let plain: String
    /// Whether it is a Markdown heading or a bullet.
    let marker: Marker
    /// Whether all of it is bold.
    let isBold: Bool

    /// `plain`, made ready for searching.
    var folded: FoldedText { FoldedText(plain) }
    /// Whether a reader sees nothing.
    var isBlank: Bool { raw.allSatisfy(\.isSpace) }

    init(number: Int, raw: String) {
        self.number = number
        self.raw = raw
        var rest = Self.trimmed(Substring(raw))
        (marker, rest) = Self.marker(of: rest)
        isBold = rest.count > 4 && rest.hasPrefix("**") && rest.hasSuffix("**")
        plain = String(Self.trimmed(Self.withoutEmphasis(LetterLink.reduce(rest).text)))
    }

    /// The lines of `text`: LF or CRLF ends one, or CR where there is no LF at all; a byte order mark is no part of
    /// the first. O(bytes).
    static func split(_ text: String) -> [LetterLine] {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let ending = bytes.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        var lines = bytes.split(separator: ending, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.enumerated().map { index, line in
            let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return LetterLine(number: index + 1, raw: String(decoding: content, as: UTF8.self))
        }
    }

    /// `text` without white space at either end.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isSpace)
        while let last = text.last, last.isSpace { text.removeLast() }
        return text
    }

    private static func marker(of text: Substring) -> (Marker, Substring) {
        let content = text.drop { $0 == "#" }
        let level = text.count - content.count
        if (1...6).contains(level), content.first?.isSpace ?? true { return (.heading, trimmed(content)) }
        if let first = text.first, "-*•".contains(first), text.dropFirst().first?.isSpace ?? false {
            return (.bullet, trimmed(text.dropFirst()))
        }
        if text.first == "•" { return (.bullet, trimmed(text.dropFirst())) }
        return (.none, text)
    }

    /// Without the marks of bold text and of a line in italics, and without the backslash that keeps a line break in Markdown.
    private static func withoutEmphasis(_ text: String) -> Substring {
        var result = ""
        var previous: Character?
        for character in text {
            if character == previous, character == "*" || character == "_" {
                result.removeLast()
                previous = nil
            } else {
                result.append(character)
                previous = character
            }
        }
        if result.hasSuffix("\\") { result.removeLast() }
        guard result.count > 2, let first = result.first, first == result.last, "*_".contains(first) else {
            return Substring(result)
        }
        return result.dropFirst().dropLast()
    }
}
