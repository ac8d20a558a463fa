/// A Markdown link in a letter.
struct LetterLink {
    /// What the reader sees.
    let text: String
    /// Where it leads.
    let target: String
    /// How many line feeds stand before it in the text that it was found in.
    let line: Int

    /// Whether it leads nowhere: no target, `#` alone, or a scheme without a host.
    var isDead: Bool { ["", "#", "http://", "https://", "mailto:", "tel:"].contains(target.lowercased()) }

    /// `text` with every `[text](target)` reduced to its text, and the links: those, and bare or bracketed
    /// addresses that are a scheme alone. A link may go on over a line feed. O(characters).
    static func reduce(_ text: Substring) -> (text: String, links: [LetterLink]) {
        var result = ""
        var links: [LetterLink] = []
        var rest = text
        var line = 0
        while let open = rest.firstIndex(of: "[") {
            append(rest[..<open], to: &result, &links, &line)
            if let (text, target, end) = link(at: rest[open...]) {
                result += text
                links.append(LetterLink(text: text.replacing("\n", with: " "), target: target, line: line))
                line += rest[open..<end].count { $0 == "\n" }
                rest = rest[end...]
            } else {
                result.append("[")
                rest = rest[rest.index(after: open)...]
            }
        }
        append(rest, to: &result, &links, &line)
        return (result, links)
    }

    /// Takes over text without links, and counts its line feeds.
    private static func append(
        _ text: Substring, to result: inout String, _ links: inout [LetterLink], _ line: inout Int
    ) {
        result += text
        for (offset, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if offset > 0 { line += 1 }
            guard content.utf8.contains(UInt8(ascii: ":")) else { continue }
            for word in content.split(whereSeparator: { $0.isSpace || "<>()".contains($0) }) {
                var word = word
                while let last = word.last, ".,;".contains(last) { word.removeLast() }
                guard word.hasPrefix("http"), word.hasSuffix("://") else { continue }
                links.append(LetterLink(text: String(word), target: String(word), line: line))
            }
        }
    }

    /// The link that starts at the bracket `text` starts with. Neither its text nor its target may hold another
    /// opening bracket, so that no character is looked at twice for long.
    private static func link(at text: Substring) -> (text: String, target: String, end: Substring.Index)? {
        let inside = text.dropFirst()
        guard let close = inside.firstIndex(where: { $0 == "[" || $0 == "]" }), inside[close] == "]" else {
            return nil
        }
        let target = inside[inside.index(after: close)...]
        guard target.first == "(", let end = target.dropFirst().firstIndex(where: { "[()".contains($0) }),
            target[end] == ")"
        else { return nil }
        // A title may follow the address: [text](address "title").
        let address = target[..<end].dropFirst().split(whereSeparator: \.isSpace).first ?? ""
        let bare = address.drop { $0 == "<" }.prefix { $0 != ">" }
        return (String(inside[..<close]), String(bare), target.index(after: end))
    }
}
