/// Where a letter's head, body and tail are, as indices of its lines.
struct LetterLayout {
    /// Before the salutation, or where the labels are.
    let head: Range<Int>
    /// The line that addresses the reader.
    let salutation: Int?
    /// Between salutation and closing formula.
    let body: Range<Int>
    /// The closing formula's line.
    let closing: Int?
    /// What comes after it.
    let tail: Range<Int>

    /// A salutation or a closing formula has no more characters than this, and a head no longer line.
    private static let maximumLength = 100
    private static let salutations: Set<Substring> = [
        "geachte", "geacht", "beste", "hooggeachte", "hooggeacht", "weledele", "edelachtbare", "waarde",
    ]
    private static let closings: [StaticString] = [
        "hoogachtend", "met vriendelijke groet", "vriendelijke groet", "met hartelijke groet", "hartelijke groet",
        "met de meeste hoogachting", "met hoogachting", "met groet", "met collegiale groet",
    ]

    /// Finds the parts of a letter. O(bytes).
    init(_ lines: [LetterLine]) {
        salutation = lines.firstIndex(where: Self.isSalutation)
        let bodyStart = salutation.map { $0 + 1 } ?? Self.endOfLabels(lines)
        let rest = lines[bodyStart...]
        closing = rest.firstIndex(where: Self.isClosing)
        let bodyEnd = closing ?? rest.firstIndex(where: LetterTail.startsCopies) ?? lines.count
        head = 0..<(salutation ?? bodyStart)
        body = bodyStart..<bodyEnd
        tail = (closing.map { $0 + 1 } ?? bodyEnd)..<lines.count
    }

    private static func isShort(_ line: LetterLine) -> Bool { line.plain.utf8.count <= maximumLength }

    private static func isSalutation(_ line: LetterLine) -> Bool {
        guard isShort(line), !line.plain.isEmpty, line.marker != .bullet, line.plain.last != "." else {
            return line.plain == "L.S."
        }
        return line.folded.words.first.map(salutations.contains) ?? false
    }

    private static func isClosing(_ line: LetterLine) -> Bool {
        isShort(line) && !line.plain.isEmpty && line.marker != .bullet && line.folded.starts(withAnyOf: closings)
    }

    /// Without a salutation, the head ends with the last label's value that comes before any long line.
    private static func endOfLabels(_ lines: [LetterLine]) -> Int {
        let short = lines.prefix(while: isShort)
        guard let label = short.lastIndex(where: { LetterLabel.match($0) != nil }) else { return 0 }
        let kinds = LetterHead(short).kinds
        let end = kinds[label...].lastIndex { if case .field = $0 { true } else { false } }
        return (end ?? label) + 1
    }
}
