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
        guard rest.utf8.contains(UInt8(ascii: "{")) else { return self[language] }
        var result = ""
        // By bytes: braces are ASCII, and to look for what people see as characters takes long.
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            let name = String(rest[rest.utf8.index(after: open)..<close])
            result += rest[..<open]
            result += values[name] ?? "{\(name)}"
            rest = rest[rest.utf8.index(after: close)...]
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
