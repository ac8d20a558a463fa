/// The number of a dossier, `DOS-2026-0000042`: what every answer to a letter must cite.
public struct DossierNumber: Hashable, Sendable, Comparable {
    /// The number as written.
    public let text: String

    /// The three letters that start it.
    static let prefix = "DOS"
    /// How many digits follow the year.
    static let width = 7

    /// Reads `DOS-YYYY-NNNNNNN`, exactly; anything else is `nil`.
    public init?(_ text: String) {
        guard ReferenceMention.isExact(text, width: Self.width), text.hasPrefix(Self.prefix + "-") else {
            return nil
        }
        self.text = text
    }

    /// Alphabetical by text: by year, then by number.
    public static func < (left: DossierNumber, right: DossierNumber) -> Bool { left.text < right.text }
}

extension DossierNumber: CustomStringConvertible {
    /// The number as written.
    public var description: String { text }
}

extension DossierNumber {
    /// Something that was meant as a dossier number and isn't written as one: `dos 2026-81081`.
    public struct NearMiss: Hashable, Sendable {
        /// What stands in the text.
        public let found: String
        /// What may have been meant; `nil` where it has too many digits to guess.
        public let suggestion: DossierNumber?
    }

    /// The dossier numbers written in `text`, in order. O(bytes).
    public static func all(in text: String) -> [DossierNumber] {
        ReferenceMention.all(in: text).compactMap { DossierNumber($0.found) }
    }

    /// What looks like a dossier number in `text` and isn't one: other case, spaces, a dash missing, too few or too
    /// many digits. O(bytes).
    public static func nearMisses(in text: String) -> [NearMiss] {
        ReferenceMention.all(in: text).compactMap { mention in
            guard mention.prefix == prefix, DossierNumber(mention.found) == nil else { return nil }
            return NearMiss(found: mention.found, suggestion: mention.normalised(width: width).flatMap { Self($0) })
        }
    }
}
