/// The number of one document in a province's registry, `PZH-2026-000000042`: letters for the province, the year,
/// nine digits.
public struct DocumentNumber: Hashable, Sendable, Comparable {
    /// The number as written.
    public let text: String

    /// How many digits follow the year.
    static let width = 9

    /// Reads two to four capitals, a year and nine digits; anything else is `nil`, and so is what starts like a
    /// dossier's number.
    public init?(_ text: String) {
        guard ReferenceMention.isExact(text, width: Self.width), !text.hasPrefix(DossierNumber.prefix + "-") else {
            return nil
        }
        self.text = text
    }

    /// The letters that name the province's registry: `PZH`.
    public var prefix: String { String(text.prefix { $0 != "-" }) }

    /// Alphabetical by text: by registry, then year, then number.
    public static func < (left: DocumentNumber, right: DocumentNumber) -> Bool { left.text < right.text }
}

extension DocumentNumber: CustomStringConvertible {
    /// The number as written.
    public var description: String { text }
}

extension DocumentNumber {
    /// The document numbers written in `text`, in order. O(bytes).
    public static func all(in text: String) -> [DocumentNumber] {
        ReferenceMention.all(in: text).compactMap { DocumentNumber($0.found) }
    }
}
