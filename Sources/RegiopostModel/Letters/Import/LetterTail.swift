/// What a letter says after its closing formula.
struct LetterTail {
    /// The lines that sign the letter.
    private(set) var signature: [LetterLine] = []
    /// The request to cite the dossier's number.
    private(set) var referenceInstruction: String?
    /// Who gets a copy.
    private(set) var copies: [LetterDraft.CopyRecipient] = []
    /// The attachments that are listed here.
    private(set) var attachments: [String] = []
    /// The number of attachments, where it stands here.
    private(set) var attachmentCount: String?
    /// The number of the first line that speaks of attachments, 1 for the letter's first.
    var firstAttachmentLine: Int? { kinds.firstIndex(of: .attachments).map { text[$0].number } }
    /// What each line is.
    private(set) var kinds: [LetterPart.Kind] = []

    /// A name or function has no more characters than this.
    private static let maximumName = 100
    private static let copyLabels = ["afschrift aan", "afschriften aan", "afschrift", "kopie aan", "cc", "c.c."]

    private static let instructing: [StaticString] = [
        "wij verzoeken", "we verzoeken", "wij vragen", "we vragen", "vermeld", "gelieve", "verzoeke",
    ]

    /// What the next lines continue.
    private enum State {
        case signing, instruction, other
        /// Below a label; `isStarted` once one entry stood there.
        case copies(isStarted: Bool)
        case attachments(isStarted: Bool)
    }
    private var state = State.signing
    private let text: [LetterLine]

    /// Reads the lines of a tail. O(bytes).
    init(_ lines: some Collection<LetterLine>) {
        text = Array(lines)
        for index in text.indices {
            kinds.append(text[index].isBlank ? blank() : place(index))
        }
    }

    /// Whether a line is the label above those who get a copy.
    static func startsCopies(_ line: LetterLine) -> Bool { copyValue(line) != nil }

    private static func copyValue(_ line: LetterLine) -> String? {
        copyLabels.lazy.compactMap { LetterLabel.value(after: $0, in: line) }.first
            ?? (line.folded.starts(withAnyOf: ["afschrift aan de ", "afschrift aan het ", "kopie aan de "])
                ? String(line.plain.drop { $0 != " " }.dropFirst().drop { $0 != " " }.dropFirst()) : nil)
    }

    private mutating func blank() -> LetterPart.Kind {
        switch state {
        case .instruction, .copies(isStarted: true), .attachments(isStarted: true): state = .other
        case .signing, .other, .copies, .attachments: break
        }
        return .other
    }

    private mutating func place(_ index: Int) -> LetterPart.Kind {
        let line = text[index]
        if let value = Self.copyValue(line) {
            state = .copies(isStarted: false)
            return value.isEmpty ? .copies : copy(value)
        }
        if let (field, value) = LetterLabel.match(line), field == .attachments {
            state = .attachments(isStarted: false)
            return value.map { attachment($0, isBullet: false) } ?? .attachments
        }
        if Self.isNumberedAttachment(line) { return attachment(line.plain, isBullet: true) }
        if startsInstruction(index) {
            state = .instruction
            referenceInstruction = nil
        }
        return go(on: line)
    }

    private mutating func go(on line: LetterLine) -> LetterPart.Kind {
        switch state {
        case .signing where line.plain.utf8.count <= Self.maximumName:
            signature.append(line)
            return .signature
        case .signing, .other:
            // A list goes on over blank lines as long as it has bullets.
            if line.marker == .bullet, kinds.last == .other, let previous = kinds.last(where: { $0 != .other }) {
                if previous == .copies { return copy(line.plain) }
                if previous == .attachments { return attachment(line.plain, isBullet: true) }
            }
            return .other
        case .instruction:
            referenceInstruction = (referenceInstruction.map { $0 + " " } ?? "") + line.plain
            return .referenceInstruction
        case .copies: return copy(line.plain)
        case .attachments: return attachment(line.plain, isBullet: line.marker == .bullet)
        }
    }

    private mutating func copy(_ text: String) -> LetterPart.Kind {
        state = .copies(isStarted: true)
        copies.append(LetterDraft.CopyRecipient(text: text, role: RoleGuess.role(in: text)))
        return .copies
    }

    private mutating func attachment(_ text: String, isBullet: Bool) -> LetterPart.Kind {
        state = .attachments(isStarted: true)
        if !isBullet, attachmentCount == nil, AttachmentCount.read(text) != nil {
            attachmentCount = text
        } else {
            attachments.append(text)
        }
        return .attachments
    }

    /// `Bijlage 1: kaart`, `Bijlage A – kaart`.
    private static func isNumberedAttachment(_ line: LetterLine) -> Bool {
        guard line.plain.utf8.count <= 200, line.plain.lowercased().hasPrefix("bijlage ") else { return false }
        let words = line.plain.split(whereSeparator: \.isSpace)
        guard words.count > 1 else { return false }
        let mark = words[1].filter { $0.isLetter || $0.isNumber }
        return mark.count == 1 || Digits.value(mark.utf8) != nil || Set("IVX").isSuperset(of: mark)
    }

    /// Whether the line, with what follows it up to the next blank line, asks to cite the dossier's number. An
    /// instruction broken over lines starts with a long one or a telling word, unlike a name above it.
    private func startsInstruction(_ index: Int) -> Bool {
        if case .instruction = state { return false }
        let line = text[index]
        guard line.plain.utf8.count >= 40 || line.folded.starts(withAnyOf: Self.instructing) else {
            return LetterBody.isReferenceInstruction(line.folded)
        }
        let paragraph = text[index...].prefix(6).prefix { !$0.isBlank }.map(\.plain).joined(separator: " ")
        return LetterBody.isReferenceInstruction(FoldedText(paragraph))
    }
}
