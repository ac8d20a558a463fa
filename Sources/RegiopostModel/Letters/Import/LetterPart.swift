/// Some lines of a letter that belong together.
public struct LetterPart: Hashable, Sendable {
    /// What lines of a letter can be.
    public enum Kind: Hashable, Sendable {
        /// Before the first label: the sender's name and place.
        case sender
        /// A label of the head, and its value.
        case field(LetterField)
        /// The line that addresses the reader.
        case salutation
        /// The text before the first heading.
        case introduction
        /// The heading and text of the theme with that index.
        case theme(Int)
        /// The closing formula.
        case closing
        /// The signatories, with their functions.
        case signature
        /// The request to cite the dossier's number.
        case referenceInstruction
        /// Who gets a copy, with the label.
        case copies
        /// The list of attachments at the end.
        case attachments
        /// What couldn't be told.
        case other
    }

    /// What the lines are.
    public let kind: Kind
    /// Their numbers, 1 for the letter's first; the first and last are not blank.
    public let lines: ClosedRange<Int>

    /// Joins neighbouring lines of one kind, over blank ones. O(lines).
    static func parts(of lines: [LetterLine], kinds: [Kind]) -> [LetterPart] {
        var parts: [LetterPart] = []
        for (line, kind) in zip(lines, kinds) where !line.isBlank {
            if let last = parts.last, last.kind == kind {
                parts[parts.count - 1] = LetterPart(kind: kind, lines: last.lines.lowerBound...line.number)
            } else {
                parts.append(LetterPart(kind: kind, lines: line.number...line.number))
            }
        }
        return parts
    }
}

/// A field of a letter's head.
public enum LetterField: String, Sendable, CaseIterable {
    /// `Datum`.
    case date
    /// `Ons kenmerk`: the dossier's number and the document's.
    case ourReference = "our-reference"
    /// `Uw kenmerk`.
    case yourReference = "your-reference"
    /// `Bijlagen`.
    case attachments
    /// `Onderwerp`.
    case subject
}
