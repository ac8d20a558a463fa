/// What a letter's lines before the salutation say.
struct LetterHead {
    /// One label and its value.
    struct Field {
        let field: LetterField
        /// The number of the label's line, 1 for the letter's first.
        let line: Int
        /// The value's lines that aren't blank.
        var values: [LetterLine] = []
        /// The value that stood on the label's own line.
        var inline: String?

        /// The value as one text; `nil` where it is empty.
        var text: String? {
            let texts = (inline.map { [$0] } ?? []) + values.map(\.plain).filter { !$0.isEmpty }
            return texts.isEmpty ? nil : texts.joined(separator: " ")
        }

        /// The number of the value's first line, or the label's where there is no value.
        var valueLine: Int { inline == nil ? values.first?.number ?? line : line }
    }

    /// The lines before the first label, as they stand, without blank ones.
    private(set) var sender: [String] = []
    /// The fields in their order.
    private(set) var fields: [Field] = []
    /// What each line is.
    private(set) var kinds: [LetterPart.Kind] = []

    /// Whether blank lines alone came since the last field's label, or its value is still going on.
    private var isOpen = false

    /// Reads the lines of a head, wherever its labels stand. O(bytes).
    init(_ lines: some Collection<LetterLine>) {
        var isAfterBlank = false
        for line in lines {
            kinds.append(line.isBlank ? .other : place(line, isAfterBlank: isAfterBlank))
            isAfterBlank = line.isBlank
        }
    }

    /// The first field of that name with a value, or else the first without.
    func first(_ field: LetterField) -> Field? {
        let all = fields.filter { $0.field == field }
        return all.first { $0.text != nil } ?? all.first
    }

    private mutating func place(_ line: LetterLine, isAfterBlank: Bool) -> LetterPart.Kind {
        if let (field, value) = LetterLabel.match(line) {
            fields.append(Field(field: field, line: line.number, inline: value))
            isOpen = true
            return .field(field)
        }
        guard var last = fields.popLast() else {
            sender.append(String(LetterLine.trimmed(Substring(line.raw))))
            return .sender
        }
        let isPart = belongs(line, to: last, isAfterBlank: isAfterBlank)
        isOpen = isPart
        if isPart { last.values.append(line) }
        fields.append(last)
        return isPart ? .field(last.field) : .other
    }

    /// Whether a line goes on with a field's value: the first block after the label does, and so do references and
    /// bullets wherever they stand.
    private func belongs(_ line: LetterLine, to field: Field, isAfterBlank: Bool) -> Bool {
        switch field.field {
        case .ourReference where !ReferenceMention.all(in: line.plain).isEmpty: true
        case .attachments where line.marker == .bullet: true
        case .date, .yourReference:
            field.inline == nil && isOpen && (field.values.isEmpty || !isAfterBlank)
        default:
            isOpen && (!isAfterBlank || (field.inline == nil && field.values.isEmpty))
        }
    }
}
