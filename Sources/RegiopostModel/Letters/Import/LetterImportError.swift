/// Why a text wasn't read as a letter at all.
public enum LetterImportError: Error, Hashable, Sendable {
    /// There is nothing but white space.
    case empty
    /// It is longer than `LetterReader.maximumBytes`; carries its length in bytes.
    case tooLarge(bytes: Int)

    /// What is wrong and what to do.
    public func text(_ language: Language) -> String {
        switch self {
        case .empty: Self.emptyPhrase.text(language)
        case .tooLarge(let bytes):
            Self.tooLargePhrase.text(
                language, ["size": Self.kibibytes(bytes), "limit": Self.kibibytes(LetterReader.maximumBytes)])
        }
    }

    private static let emptyPhrase = Phrase(
        dutch: "De tekst is leeg. Geef een bestand met de brief op.",
        english: "The text is empty. Name a file that holds the letter.")
    private static let tooLargePhrase = Phrase(
        dutch:
            "De tekst is {size} KiB groot en mag {limit} KiB zijn. Lees alleen de brief zelf in, zonder bijlagen.",
        english:
            "The text is {size} KiB long and may have {limit} KiB. Import the letter alone, without attachments.")

    /// Rounded up, so that a text just over the limit doesn't seem to be within it.
    private static func kibibytes(_ bytes: Int) -> String { String((bytes + 1_023) / 1_024) }
}
