/// Splits Dutch text into sentences.
enum Sentences {
    /// Words that end in a full stop without ending a sentence.
    private static let abbreviations: Set<String> = [
        "mr", "drs", "dr", "ir", "ing", "prof", "bc", "nr", "nrs", "art", "blz", "bijv", "resp", "incl", "excl",
        "ca", "evt", "jl", "tel", "st", "mw", "dhr", "plv", "wnd",
    ]

    /// The sentences of `text`, trimmed, none of them empty. A sentence ends at `.`, `?` or `!` before white space,
    /// unless an abbreviation or an initial stands there, or it goes on in lower case. O(characters).
    static func split(_ text: String) -> [String] {
        var sentences: [String] = []
        var words: [Substring] = []
        let all = text.split(whereSeparator: \.isSpace)
        for (index, word) in all.enumerated() {
            words.append(word)
            guard ends(word), index + 1 == all.count || starts(all[index + 1]) else { continue }
            sentences.append(words.joined(separator: " "))
            words = []
        }
        if !words.isEmpty { sentences.append(words.joined(separator: " ")) }
        return sentences
    }

    private static func ends(_ word: Substring) -> Bool {
        var word = word
        while let last = word.last, "\"'”’)]".contains(last) { word.removeLast() }
        guard let last = word.popLast(), ".?!".contains(last) else { return false }
        guard last == "." else { return true }
        let bare = word.drop { "(\"'“‘".contains($0) }
        return bare.count > 1 && !bare.contains(".") && !abbreviations.contains(bare.lowercased())
    }

    private static func starts(_ word: Substring) -> Bool {
        word.first { $0.isLetter || $0.isNumber }.map { !$0.isLowercase } ?? true
    }
}
