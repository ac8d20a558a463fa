import RegiopostModel
import Testing

@Suite("The real letter", .enabled(if: Letters.real != nil)) struct RealLetterTests {
    let draft: LetterDraft
    let warnings: [LetterWarning]

    init() throws {
        let letter = try LetterReader.read(try #require(Letters.real))
        draft = letter.draft
        warnings = letter.warnings
    }

    @Test("its head is read") func head() throws {
        #expect(draft.text == Letters.real)
        #expect(draft.sender.count == 5 && draft.sender.first == "Provinciehuis")
        #expect(draft.dossier?.text == "DOS-2026-0001081")
        #expect(draft.document?.text == "PZH-2026-888179004")
        #expect(draft.date == nil && draft.yourReference == nil)
        #expect(draft.attachmentCount == 0 && draft.attachments.isEmpty)
        #expect(
            draft.subject?.hasPrefix("Samenwerking") == true && draft.subject?.hasSuffix("verkiezingen") == true)
        #expect(draft.salutation == "Geachte formateur," && draft.addresseeRole == .formateur)
    }

    @Test("its body is read theme by theme") func body() throws {
        #expect(draft.themes.map(\.line) == [43, 47, 53, 57, 61, 65, 69, 75])
        #expect(draft.themes[3].heading == "Volkshuisvesting")
        #expect(draft.introduction.split(separator: "\n").count == 6)
        #expect(draft.themes.map { $0.text.split(separator: "\n").count } == [1, 2, 1, 1, 1, 1, 2, 11])
        let request = try #require(draft.requests.first)
        #expect(draft.requests.count == 1 && request.theme == "Volkshuisvesting" && request.line == 59)
        #expect(request.text.hasPrefix("We verzoeken u om") && request.text.hasSuffix("de regio."))
    }

    @Test("its offers are read") func offers() {
        #expect(draft.support.map(\.kind) == SupportKind.allCases)
        #expect(draft.support.map(\.line) == Array(79...84))
        #expect(draft.offers == Set(Offer.allCases))
    }

    @Test("its end is read") func end() {
        #expect(draft.closing == "Hoogachtend,")
        #expect(draft.onBehalfOf == "Gedeputeerde Staten van Zuid-Holland")
        #expect(
            draft.signatories == [
                LetterDraft.Signatory(function: "secretaris", name: "drs. M.J.A. van Bijnen MBA"),
                LetterDraft.Signatory(function: "voorzitter", name: "mr. A.W. Kolff"),
            ])
        #expect(draft.referenceInstruction?.contains("DOS-2026-0001081") == true)
        #expect(draft.copies.map(\.role) == [.griffie])
        #expect(draft.copies.first?.text.hasSuffix("griffie") == true)
    }

    @Test("its defects are warned about, and nothing else") func defects() {
        #expect(warnings.map(\.code) == [.missingDate, .deadLink, .deadLink, .blankContact])
        #expect(warnings.map(\.line) == [12, 59, 59, 86])
        #expect(warnings[1].values["found"] == "Expertteam Realisatie Woningbouw")
        #expect(warnings[2].values["found"] == "Vliegende Brigade")
        #expect(warnings[3].values["found"]?.hasSuffix("via of .") == true)
    }

    @Test("broken into short lines it reads the same", arguments: [60, 72, 80]) func wrapped(width: Int) throws {
        let broken = try LetterReader.read(Letters.wrapped(draft.text, width: width))
        #expect(broken.draft.themes.map(\.heading) == draft.themes.map(\.heading))
        #expect(broken.draft.requests.map(\.text) == draft.requests.map(\.text))
        #expect(broken.draft.support.map(\.kind) == draft.support.map(\.kind))
        #expect(broken.draft.signatories == draft.signatories && broken.draft.offers == draft.offers)
        #expect(broken.draft.referenceInstruction == draft.referenceInstruction)
        #expect(broken.warnings.map(\.code) == warnings.map(\.code))
        Letters.expectCoverage(of: broken.draft)
    }

    @Test("every line is accounted for, and none as unknown") func coverage() {
        Letters.expectCoverage(of: draft)
        let themes = (0..<8).map { LetterPart.Kind.theme($0) }
        #expect(
            draft.parts.map(\.kind) == [
                .sender, .field(.date), .field(.ourReference), .field(.yourReference), .field(.attachments),
                .field(.subject), .salutation, .introduction,
            ] + themes + [.closing, .signature, .referenceInstruction, .copies])
    }
}
