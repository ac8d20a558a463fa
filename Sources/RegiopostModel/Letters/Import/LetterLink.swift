/// A Markdown link in a letter.
struct LetterLink {
    /// What the reader sees.
    let text: String
    /// Where it leads.
    let target: String

    /// Whether it leads nowhere: no target, `#` alone, or a scheme without a host.
    var isDead: Bool { ["", "#", "http://", "https://", "mailto:", "tel:"].contains(target.lowercased()) }

    /// `text` with every `[text](target)` reduced to its text, and the links: those, and bare or bracketed
    /// addresses that are a scheme alone. O(characters).
    static func reduce(_ text: Substring) -> (text: String, links: [LetterLink]) {
        var result = ""
        var links: [LetterLink] = []
        var rest = text
        while let open = rest.firstIndex(of: "[") {
            append(rest[..<open], to: &result, &links)
            if let (link, end) = link(at: rest[open...]) {
                result += link.text
                links.append(link)
                rest = rest[end...]
            } else {
                result.append("[")
                rest = rest[rest.index(after: open)...]
            }
        }
        append(rest, to: &result, &links)
        return (result, links)
    }

    private static func append(_ text: Substring, to result: inout String, _ links: inout [LetterLink]) {
        result += text
        for word in text.split(whereSeparator: { $0.isWhitespace || "<>()".contains($0) }) {
            var word = word
            while let last = word.last, ".,;".contains(last) { word.removeLast() }
            guard word.hasPrefix("http"), word.hasSuffix("://") else { continue }
            links.append(LetterLink(text: String(word), target: String(word)))
        }
    }

    /// The link that starts at the bracket `text` starts with. Neither its text nor its target may hold another
    /// opening bracket, so that no character is looked at twice for long.
    private static func link(at text: Substring) -> (LetterLink, Substring.Index)? {
        let inside = text.dropFirst()
        guard let close = inside.firstIndex(where: { $0 == "[" || $0 == "]" }), inside[close] == "]" else {
            return nil
        }
        let target = inside[inside.index(after: close)...]
        guard target.first == "(", let end = target.dropFirst().firstIndex(where: { "[()".contains($0) }),
            target[end] == ")"
        else { return nil }
        // A title may follow the address: [text](address "title").
        let address = target[..<end].dropFirst().split(whereSeparator: \.isWhitespace).first ?? ""
        let bare = address.drop { $0 == "<" }.prefix { $0 != ">" }
        return (LetterLink(text: String(inside[..<close]), target: String(bare)), target.index(after: end))
    }
}
