/// Finds where a letter says how to get in contact and the name, number or address is left out.
enum ContactGap {
    private struct Word {
        let text: Substring
        let line: Int

        /// Without the marks around it, lower case.
        var bare: String { text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" } }
        /// Whether it ends a sentence or a clause.
        var ends: Bool { text.last.map { ".,;!?)".contains($0) } ?? false }
        /// Whether it is nothing but marks, as an empty value leaves behind.
        var isMark: Bool { bare.isEmpty && ends }
        /// Whether it could be an address or a number.
        var isContact: Bool { text.contains { $0 == "@" || $0.isNumber } }
    }

    private static let announcing: Set<String> = ["via", "op", "naar", "bij", "telefoonnummer", "e-mailadres"]
    private static let joining: Set<String> = ["of", "en"]

    /// The gaps in one paragraph: the words around each, and its line. O(bytes).
    static func gaps(in lines: [LetterLine]) -> [(found: String, line: Int)] {
        let words = lines.flatMap { line in
            line.plain.split(whereSeparator: \.isSpace).map { Word(text: $0, line: line.number) }
        }
        return words.indices.compactMap { index in
            guard announcing.contains(words[index].bare), !words[index].ends || words[index].bare == "via",
                isGap(words, after: index)
            else { return nil }
            let around = words[max(0, index - 2)..<min(words.count, index + 3)]
            return (around.map(\.text).joined(separator: " "), words[index].line)
        }
    }

    private static func isGap(_ words: [Word], after index: Int) -> Bool {
        if words[index].ends { return true }
        // A colon announces a list, which is no gap.
        guard index + 1 < words.count else { return words[index].bare == "via" && words[index].text.last != ":" }
        let next = words[index + 1]
        if next.isMark { return true }
        let second = index + 2 < words.count ? words[index + 2] : nil
        // The first of two is missing: "via of 070 …", "via of ."
        if joining.contains(next.bare) { return next.ends || second.map { $0.isMark || $0.isContact } ?? true }
        // The second of two is missing: "via post@voorbeeld.example of ."
        guard next.isContact, let second, joining.contains(second.bare) else { return false }
        return second.ends || (index + 3 < words.count ? words[index + 3].isMark : true)
    }
}
