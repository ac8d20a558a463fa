/// A language that people speak together, by the short tags of BCP 47: `nl`, `en`, `nl-BE`, `pap`.
public struct LanguageTag: Hashable, Sendable {
    /// The tag as written.
    public let text: String

    /// Reads two or three letters in lower case, then perhaps a hyphen and a country of two capitals; anything else is
    /// `nil`, so that one language has one spelling.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8)
        guard (1...2).contains(parts.count), (2...3).contains(parts[0].count),
            parts[0].allSatisfy({ (0x61...0x7A).contains($0) }),
            parts.count == 1 || parts[1].count == 2 && parts[1].allSatisfy({ (0x41...0x5A).contains($0) })
        else { return nil }
        self.text = text
    }
}
