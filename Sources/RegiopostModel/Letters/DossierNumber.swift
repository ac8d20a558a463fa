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
    /// many digits, a letter for a digit. O(bytes).
    public static func nearMisses(in text: String) -> [NearMiss] {
        let mentions: [NearMiss] = ReferenceMention.all(in: text).compactMap { mention in
            guard mention.prefix == prefix, DossierNumber(mention.found) == nil else { return nil }
            return NearMiss(found: mention.found, suggestion: mention.normalised(width: width).flatMap { Self($0) })
        }
        return mentions + lookalikes(in: text)
    }

    /// Words like `D0S-2026-OOO1081`: a number's shape, with letters that look like digits or a digit like a letter.
    private static func lookalikes(in text: String) -> [NearMiss] {
        text.split { $0.isWhitespace || ",;:()[]<>\"'“”‘’*".contains($0) }.compactMap { word in
            var word = word
            while let last = word.last, ".!?".contains(last) { word.removeLast() }
            guard (12...20).contains(word.utf8.count), word.contains(where: \.isLetter) else { return nil }
            let parts = word.uppercased().split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, ["DOS", "D0S", "DO5", "D05"].contains(parts[0]) else { return nil }
            let digits = parts.dropFirst().map { String($0.map { Self.digit[$0] ?? $0 }) }
            guard digits.joined() != parts.dropFirst().joined() || parts[0] != "DOS",
                let meant = DossierNumber(prefix + "-" + digits.joined(separator: "-"))
            else { return nil }
            return NearMiss(found: String(word), suggestion: meant)
        }
    }

    private static let digit: [Character: Character] = [
        "O": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8",
    ]

    /// Whether `found` differs from this number by one character too many, too few or other, or by two that were swapped.
    /// Separators and case don't count. O(1).
    public func isNear(_ found: String) -> Bool {
        let wanted = Self.bare(text)
        let other = Self.bare(found)
        let shared = zip(wanted, other).prefix { $0 == $1 }.count
        let (left, right) = (wanted.dropFirst(shared), other.dropFirst(shared))
        switch right.count - left.count {
        case 0:
            return left.dropFirst() == right.dropFirst()
                || Array(left.prefix(2)) == Array(right.prefix(2).reversed())
                    && left.dropFirst(2) == right.dropFirst(2)
        case 1: return left.elementsEqual(right.dropFirst())
        case -1: return left.dropFirst().elementsEqual(right)
        default: return false
        }
    }

    private static func bare(_ text: String) -> [UInt8] {
        text.uppercased().utf8.filter { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
}
