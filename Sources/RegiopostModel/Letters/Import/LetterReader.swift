/// A letter that was read, and what a person should look at.
public struct LetterImport: Hashable, Sendable {
    /// The letter.
    public let draft: LetterDraft
    /// What is missing or looks wrong, in the order of the lines.
    public let warnings: [LetterWarning]
}

/// Reads a province's letter out of plain text or Markdown.
///
/// Nothing is lost: the draft keeps the text as it is, and each line that isn't blank is in one of its parts. What
/// can't be told is left out of the draft's fields and warned about, never guessed.
public enum LetterReader {
    /// The longest text that is read, in bytes of UTF-8.
    public static let maximumBytes = 512 * 1_024

    /// Reads `text`, which may be any text at all. O(bytes).
    ///
    /// What it says about its dossier is compared with `dossier`, or else with what its own head says.
    ///
    /// Throws `.empty` for nothing but white space and `.tooLarge` above `maximumBytes`.
    public static func read(_ text: String, dossier: DossierNumber? = nil) throws(LetterImportError) -> LetterImport
    {
        let size = text.utf8.count
        guard size <= maximumBytes else { throw .tooLarge(bytes: size) }
        let lines = LetterLine.split(text)
        guard lines.contains(where: { !$0.isBlank }) else { throw .empty }

        let layout = LetterLayout(lines)
        let head = LetterHead(lines[layout.head])
        let body = LetterBody(lines[layout.body])
        let tail = LetterTail(lines[layout.tail])
        let signature = Signature(tail.signature)

        var kinds = head.kinds
        if layout.salutation != nil { kinds.append(.salutation) }
        kinds += body.kinds
        if layout.closing != nil { kinds.append(.closing) }
        kinds += tail.kinds

        var draft = LetterDraft()
        draft.text = text
        draft.parts = LetterPart.parts(of: lines, kinds: kinds)
        draft.salutation = layout.salutation.map { lines[$0].plain }
        draft.addresseeRole = draft.salutation.flatMap(RoleGuess.role)
        draft.body = joined(lines[layout.body].map(\.raw))
        draft.closing = layout.closing.map { lines[$0].plain }
        draft.take(head: head)
        draft.take(body: body)
        draft.take(tail: tail, signature: signature)
        let claim = AttachmentClaim(head: head, tail: tail)
        draft.attachmentCount = claim.count
        draft.attachments = claim.listed
        var checks = LetterChecks(lines: lines, draft: draft, dossier: dossier ?? draft.dossier)
        checks.checkHead(head, layout)
        checks.checkReferences(head)
        checks.checkContent()
        checks.checkCitizenNumbers()
        checks.checkAttachments(claim)
        checks.checkSignature(signature, layout)
        return LetterImport(draft: draft, warnings: checks.sorted)
    }

    /// Lines joined by LF, without blank ones at either end.
    static func joined(_ lines: [String]) -> String {
        let isBlank = { (line: String) in line.allSatisfy(\.isSpace) }
        guard let first = lines.firstIndex(where: { !isBlank($0) }),
            let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].joined(separator: "\n")
    }
}

extension LetterDraft {
    fileprivate mutating func take(head: LetterHead) {
        let references = head.fields.filter { $0.field == .ourReference }.compactMap(\.text).joined(separator: " ")
        sender = head.sender
        dossier = DossierNumber.all(in: references).first
        document = DocumentNumber.all(in: references).first
        date = head.first(.date)?.text.flatMap(LetterDate.first)
        yourReference = head.first(.yourReference)?.text
        subject = head.first(.subject)?.text
    }

    fileprivate mutating func take(body: LetterBody) {
        introduction = body.introduction
        themes = body.themes
        requests = body.requests
        support = body.support
        offers = body.offers
    }

    fileprivate mutating func take(tail: LetterTail, signature: Signature) {
        onBehalfOf = signature.onBehalfOf
        signatories = signature.signatories
        referenceInstruction = tail.referenceInstruction
        copies = tail.copies
    }
}
