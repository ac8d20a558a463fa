import RegiopostModel
import Testing

@Suite("Example letters") struct ExampleLetterTests {
    static let name = "voorjaarsbrief.txt"

    @Test("the letter without defects has no warnings, and each part is read") func clean() throws {
        let letter = try LetterReader.read(try Letters.example(Self.name))
        let draft = letter.draft
        #expect(letter.warnings.isEmpty)
        #expect(draft.sender.count == 5 && draft.sender.first == "Provincie Zuid-Holland")
        #expect(draft.dossier?.text == "DOS-2026-0000042" && draft.document?.text == "PZH-2026-000000042")
        #expect(
            draft.date == CalendarDate("2026-04-14") && draft.yourReference == nil && draft.attachmentCount == 0)
        #expect(draft.subject == "Voorjaarsbrief aan de gemeenten in de regio Duin en Plas")
        #expect(draft.addresseeRole == .formateur)
        #expect(
            draft.themes.map(\.heading) == [
                "Waar de regio voor staat", "Samen aan tafel", "Oevers en boomsingels", "Wonen in de kernen",
                "Water uit de kraan", "Plaats voor bedrijven", "Stroom en warmte", "Waarmee wij u helpen",
            ])
        #expect(draft.requests.map(\.theme) == ["Wonen in de kernen", "Plaats voor bedrijven"])
        #expect(draft.support.map(\.kind) == SupportKind.allCases && draft.offers == Set(Offer.allCases))
        #expect(
            draft.signatories == [
                .init(function: "secretaris", name: "mw. dr. A.B. Testma"),
                .init(function: "voorzitter", name: "ir. C. van der Proef"),
            ])
        #expect(draft.referenceInstruction?.hasPrefix("Vermeld in uw antwoord") == true)
        #expect(draft.copies.map(\.role) == [.griffie])
        #expect(!draft.parts.contains { $0.kind == .other })
    }

    @Test("introduction, headings and themes together are the body, line for line") func nothingLost() throws {
        let draft = try LetterReader.read(try Letters.example(Self.name)).draft
        let pieces = [draft.introduction] + draft.themes.flatMap { [$0.heading, $0.text] }
        #expect(pieces.joined(separator: "\n\n").replacing(/\n\n+/, with: "\n\n") == draft.body)
        Letters.expectCoverage(of: draft)
    }

    @Test("the letter with defects is read, with each defect and its line") func defects() throws {
        let letter = try LetterReader.read(try Letters.example("voorjaarsbrief-met-gebreken.md"))
        let draft = letter.draft
        #expect(
            letter.warnings.map { "\($0.line) \($0.code.rawValue)" } == [
                "10 missing-date", "12 attachment-count-mismatch", "12 attachments-to-attach", "23 dead-link",
                "33 blank-contact",
            ])
        #expect(draft.dossier?.text == "DOS-2026-0000042" && draft.document?.text == "PZH-2026-000000042")
        #expect(draft.sender.count == 2 && draft.yourReference == "R-17" && draft.attachmentCount == 2)
        #expect(draft.addresseeRole == .college)
        #expect(draft.themes.map(\.heading) == ["Wonen in de kernen", "Waarmee wij u helpen"])
        #expect(
            draft.requests.map(\.text) == [
                "Wij verzoeken u om vóór de zomer te laten weten hoeveel woningen uw gemeente wil bouwen."
            ])
        #expect(draft.support.map(\.kind) == [.knowledge, .finance, nil])
        #expect(draft.signatories.map(\.function) == ["secretaris", "voorzitter"])
        #expect(draft.onBehalfOf == "Gedeputeerde Staten van Zuid-Holland")
        #expect(draft.copies == [LetterDraft.CopyRecipient(text: "de griffie", role: .griffie)])
        Letters.expectCoverage(of: draft)
    }

    @Test("line endings and a byte order mark change nothing but the text") func lineEndings() throws {
        for name in [Self.name, "voorjaarsbrief-met-gebreken.md"] {
            let text = try Letters.example(name)
            let plain = try LetterReader.read(text)
            let others = [
                text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text, text.replacing("\n", with: "\r"),
                "\u{FEFF}" + text.replacing("\n", with: "\r\n"), String(text.dropLast()),
            ]
            for other in others {
                let letter = try LetterReader.read(other)
                var draft = letter.draft
                #expect(Array(draft.text.utf8) == Array(other.utf8))
                draft.text = text
                #expect(draft == plain.draft && letter.warnings == plain.warnings)
            }
        }
    }

    @Test("a letter broken into short lines reads the same", arguments: [48, 60, 72]) func wrapped(width: Int)
        throws
    {
        let text = try Letters.example(Self.name)
        let whole = try LetterReader.read(text)
        let broken = try LetterReader.read(Letters.wrapped(text, width: width))
        #expect(broken.warnings.isEmpty)
        #expect(broken.draft.themes.map(\.heading) == whole.draft.themes.map(\.heading))
        #expect(broken.draft.requests.map(\.text) == whole.draft.requests.map(\.text))
        #expect(broken.draft.support.map(\.text) == whole.draft.support.map(\.text))
        #expect(broken.draft.offers == whole.draft.offers && broken.draft.subject == whole.draft.subject)
        #expect(broken.draft.signatories == whole.draft.signatories && broken.draft.copies == whole.draft.copies)
        #expect(broken.draft.referenceInstruction == whole.draft.referenceInstruction)
        Letters.expectCoverage(of: broken.draft)
    }

    @Test("a letter that is cut off anywhere is still read, and covered") func drip() throws {
        let text = try Letters.example("voorjaarsbrief-met-gebreken.md")
        for length in stride(from: 1, through: text.count, by: 7) {
            let draft = try LetterReader.read(String(text.prefix(length))).draft
            Letters.expectCoverage(of: draft)
        }
    }
}
