/// Neighbouring lines of a letter's body that make one heading, paragraph or bullet.
struct LetterBlock {
    /// What the lines make.
    enum Kind {
        case heading, paragraph, bullet
    }

    private(set) var kind: Kind
    private(set) var lines: [LetterLine]

    /// The lines as one text, without marks, also those of a link that goes on over a line.
    var text: String { LetterLink.reduce(lines.map(\.plain).joined(separator: " ")[...]).text }
    /// The number of the first line, 1 for the letter's first.
    var line: Int { lines.first?.number ?? 0 }

    /// A heading has no more characters than this.
    private static let maximumHeading = 80

    /// The blocks of a letter's body, in order. O(bytes).
    static func blocks(of body: some Collection<LetterLine>) -> [LetterBlock] {
        var blocks: [LetterBlock] = []
        var isOpen = false
        for line in body {
            if line.isBlank {
                isOpen = false
            } else if line.marker == .heading || (!isOpen && line.isBold && isHeading(line.plain)) {
                blocks.append(LetterBlock(kind: .heading, lines: [line]))
                isOpen = false
            } else if line.marker == .bullet || !isOpen {
                blocks.append(LetterBlock(kind: line.marker == .bullet ? .bullet : .paragraph, lines: [line]))
                isOpen = true
            } else {
                blocks[blocks.count - 1].lines.append(line)
            }
        }
        // A line that stands alone is a heading only where it has something to stand above, after a blank line.
        for index in blocks.indices.dropLast() where blocks[index].kind == .paragraph && blocks[index].standsAlone {
            let next = blocks[index].line + blocks[index].lines.count
            if blocks[index + 1].line > next, isHeading(blocks[index].text) { blocks[index].kind = .heading }
        }
        return blocks
    }

    /// Whether it is one line, or one that was broken because it was long.
    private var standsAlone: Bool { lines.count == 1 || (lines.count == 2 && lines[0].plain.count >= 40) }

    private static func isHeading(_ text: String) -> Bool {
        guard text.count <= maximumHeading, let last = text.last, !".,:;".contains(last) else { return false }
        return text.contains(where: \.isLetter) && !LetterBody.asksForAction(FoldedText(text))
    }
}
