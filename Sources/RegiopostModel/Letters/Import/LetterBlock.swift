/// Neighbouring lines of a letter's body that make one heading, paragraph or bullet.
struct LetterBlock {
    /// What the lines make.
    enum Kind {
        case heading, paragraph, bullet
    }

    private(set) var kind: Kind
    private(set) var lines: [LetterLine]

    /// The lines as one text, without marks.
    var text: String { lines.map(\.plain).joined(separator: " ") }
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
            } else if line.marker == .heading || (!isOpen && line.isBold && isHeading(line)) {
                blocks.append(LetterBlock(kind: .heading, lines: [line]))
                isOpen = false
            } else if line.marker == .bullet || !isOpen {
                blocks.append(LetterBlock(kind: line.marker == .bullet ? .bullet : .paragraph, lines: [line]))
                isOpen = true
            } else {
                blocks[blocks.count - 1].lines.append(line)
            }
        }
        // A line that stands alone is a heading only where it has something to stand above.
        for index in blocks.indices.dropLast() where blocks[index].kind == .paragraph {
            guard blocks[index].lines.count == 1, isHeading(blocks[index].lines[0]) else { continue }
            // In Markdown a line right above a list, without a blank one, is the list's, not the text's heading.
            guard blocks[index + 1].line > blocks[index].line + 1 else { continue }
            blocks[index].kind = .heading
        }
        return blocks
    }

    private static func isHeading(_ line: LetterLine) -> Bool {
        guard line.plain.count <= maximumHeading, let last = line.plain.last, !".,:;".contains(last) else {
            return false
        }
        return line.plain.contains(where: \.isLetter) && !LetterBody.asksForAction(line.folded)
    }
}
