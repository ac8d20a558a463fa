/// Looks for what is missing or wrong in a letter that was read.
struct LetterChecks {
    private let lines: [LetterLine]
    private let draft: LetterDraft
    /// The dossier that the text belongs to, as far as it is known.
    private let dossier: DossierNumber?
    private var warnings: [LetterWarning] = []

    /// Makes checks that have found nothing yet.
    init(lines: [LetterLine], draft: LetterDraft, dossier: DossierNumber?) {
        self.lines = lines
        self.draft = draft
        self.dossier = dossier
    }

    /// What was found, in the order of the lines; on one line in the order of the codes.
    var sorted: [LetterWarning] {
        let order = Dictionary(uniqueKeysWithValues: zip(LetterWarning.Code.allCases, 0...))
        let keyed = warnings.enumerated().map { (key: ($1.line, order[$1.code] ?? 0, $0), warning: $1) }
        return keyed.sorted { $0.key < $1.key }.map(\.warning)
    }

    private mutating func warn(_ code: LetterWarning.Code, _ line: Int, _ values: [String: String] = [:]) {
        warnings.append(LetterWarning(code, line: line, values))
    }

    /// Date, subject and salutation.
    mutating func checkHead(_ head: LetterHead, _ layout: LetterLayout) {
        let date = head.first(.date)
        if draft.date == nil {
            let text = date?.text ?? ""
            if text.contains(where: \.isNumber) {
                warn(.unreadableDate, date?.valueLine ?? 1, ["found": Self.shortened(text)])
            } else {
                warn(.missingDate, date?.valueLine ?? 1)
            }
        }
        if draft.subject == nil { warn(.missingSubject, head.first(.subject)?.line ?? 1) }
        if layout.salutation == nil {
            warn(.missingSalutation, lines[layout.body].first { !$0.isBlank }?.number ?? 1)
        }
    }

    /// The letter's numbers, in the head and wherever else they stand.
    mutating func checkReferences(_ head: LetterHead) {
        let line = head.first(.ourReference)?.line ?? 1
        let references = head.fields.filter { $0.field == .ourReference }
        let referenceLines = Set(references.flatMap { [$0.line] + $0.values.map(\.number) })
        let malformed = checkMentions(of: dossier)
        if dossier == nil, malformed.isDisjoint(with: referenceLines) { warn(.missingDossier, line) }
        if draft.document == nil { warn(.missingDocument, line) }
    }

    /// Dossier numbers that are written wrongly, or aren't the one expected. Returns the lines of the former.
    @discardableResult mutating func checkMentions(of expected: DossierNumber?) -> Set<Int> {
        var malformed: Set<Int> = []
        for line in lines where line.plain.utf8.count >= 10 {
            for miss in DossierNumber.nearMisses(in: line.plain) {
                malformed.insert(line.number)
                let meant = expected.flatMap { $0.isNear(miss.found) ? $0 : nil } ?? miss.suggestion
                let values = ["found": Self.shortened(miss.found), "suggestion": meant?.text ?? "DOS-2026-0000042"]
                warn(.malformedDossier, line.number, values)
            }
            guard let expected else { continue }
            for other in Set(DossierNumber.all(in: line.plain)).sorted() where other != expected {
                let code: LetterWarning.Code = expected.isNear(other.text) ? .mistypedDossier : .differingDossier
                warn(code, line.number, ["found": other.text, "expected": expected.text])
            }
        }
        return malformed
    }

    /// Citizen service numbers, which are refused when the text is sent.
    mutating func checkCitizenNumbers() {
        for mention in CitizenNumber.mentions(in: lines.map(\.raw).joined(separator: "\n")) {
            guard lines.indices.contains(mention.line - 1) else { continue }
            warn(mention.isCertain ? .bsnFound : .possibleBSN, lines[mention.line - 1].number)
        }
    }

    /// Links and ways to get in contact.
    mutating func checkContent() {
        for paragraph in lines.split(whereSeparator: \.isBlank) {
            let text = paragraph.map(\.raw).joined(separator: "\n")
            for link in LetterLink.reduce(text[...]).links where link.isDead {
                let found = ["found": Self.shortened(link.text)]
                warn(.deadLink, lines[paragraph.startIndex + link.line].number, found)
            }
            for gap in ContactGap.gaps(in: Array(paragraph)) {
                warn(.blankContact, gap.line, ["found": Self.shortened(gap.found)])
            }
        }
    }

    /// Whether the number of attachments is that of the list.
    mutating func checkAttachments(_ claim: AttachmentClaim) {
        if let text = claim.unreadable { warn(.badAttachmentCount, claim.line, ["found": Self.shortened(text)]) }
        if let count = claim.count, count != claim.listed.count {
            let values = ["count": String(count), "listed": String(claim.listed.count)]
            warn(.attachmentCountMismatch, claim.line, values)
        }
        let count = claim.count ?? claim.listed.count
        if count > 0 { warn(.attachmentsToAttach, claim.line, ["count": String(count)]) }
    }

    /// Whether somebody signs, and each function has a name.
    mutating func checkSignature(_ signature: Signature, _ layout: LetterLayout) {
        for vacant in signature.vacant {
            warn(.missingSignatory, vacant.line, ["function": Self.shortened(vacant.function)])
        }
        guard signature.signatories.isEmpty, signature.vacant.isEmpty else { return }
        let line = layout.closing.map { lines[$0].number } ?? lines.last { !$0.isBlank }?.number ?? 1
        warn(.missingSignatory, line, ["function": draft.closing ?? "Hoogachtend"])
    }

    /// At most 80 characters, so that a message stays readable.
    private static func shortened(_ text: String) -> String {
        text.count > 80 ? String(text.prefix(79)) + "…" : text
    }
}
