/// Guesses which kind of support a point of a list offers.
enum SupportGuess {
    private static let words: [(kind: SupportKind, words: [StaticString])] = [
        (.knowledge, ["kennis", "expertise", "deskundig"]),
        (.cooperation, ["samenwerk", "samen werken", "samen optrekken"]),
        (.areaBased, ["gebiedsgericht", "gebiedsondersteuning"]),
        (.innovation, ["innovati", "pilot", "experiment", "proeftuin"]),
        (.participation, ["participatie", "inclusi"]),
        (.finance, ["financi", "subsidi", "cofinanciering", "bekostig"]),
    ]

    /// The kind whose word comes first in `text`; `nil` where none does.
    static func kind(of text: String) -> SupportKind? {
        let folded = FoldedText(text)
        let found = words.compactMap { kind, words in
            words.compactMap { folded.position(of: $0) }.min().map { (kind: kind, position: $0) }
        }
        return found.min { $0.position < $1.position }?.kind
    }
}
