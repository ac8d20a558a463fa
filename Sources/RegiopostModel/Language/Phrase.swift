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
        var rest = Substring(self[language])
        var result = ""
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: open)..<close])
            result += rest[..<open]
            result += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
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
