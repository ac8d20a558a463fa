/// Reads the number of attachments that a letter says it has.
enum AttachmentCount {
    private static let words: [String: Int] = [
        "geen": 0, "nul": 0, "n.v.t": 0, "nvt": 0, "-": 0, "–": 0, "een": 1, "één": 1, "twee": 2, "drie": 3,
        "vier": 4, "vijf": 5, "zes": 6,
    ]

    /// The number that `text` is or starts with, 0 to 999: `2`, `2 stuks`, `geen`; `nil` for anything else.
    static func read(_ text: String) -> Int? {
        let first = text.prefix(20).split { $0.isSpace || "(,;:".contains($0) }.first ?? ""
        let word = first.last == "." ? first.dropLast() : first
        if (1...3).contains(word.utf8.count), let number = Digits.value(word.utf8) { return number }
        return words[word.lowercased()]
    }
}
