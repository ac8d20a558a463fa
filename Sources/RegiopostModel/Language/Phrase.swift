/// One sentence for people in every language, with `{name}` where a value goes.
public struct Phrase: Hashable, Sendable {
    /// The sentence in Dutch.
    public let dutch: String
    /// The sentence in English.
    public let english: String

    /// Makes a phrase out of its translations.
    public init(dutch: String, english: String) {
        self.dutch = dutch
        self.english = english
    }

    /// The sentence in `language`, every `{name}` replaced by its value. A name without a value stays as it is, and
    /// braces inside a value are never read as names. O(characters).
    public func text(_ language: Language, _ values: [String: String] = [:]) -> String {
        let sentence = self[language]
        let bytes = sentence.utf8
        // By bytes: braces are ASCII, and to look for what people see as characters takes long.
        guard var open = bytes.firstIndex(of: UInt8(ascii: "{")) else { return sentence }
        var result = ""
        var done = bytes.startIndex
        while let close = bytes[open...].firstIndex(of: UInt8(ascii: "}")) {
            let name = String(sentence[bytes.index(after: open)..<close])
            result += sentence[done..<open]
            result += values[name] ?? "{\(name)}"
            done = bytes.index(after: close)
            guard let next = bytes[done...].firstIndex(of: UInt8(ascii: "{")) else { break }
            open = next
        }
        return result + sentence[done...]
    }

    /// The names that the sentence in `language` has places for.
    public func names(_ language: Language) -> Set<String> {
        var names: Set<String> = []
        for piece in self[language].split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let close = piece.firstIndex(of: "}") else { continue }
            names.insert(String(piece[..<close]))
        }
        return names
    }

    private subscript(language: Language) -> String {
        switch language {
        case .dutch: dutch
        case .english: english
        }
    }
}
