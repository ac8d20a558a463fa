import RegiopostModel
import Testing

@Suite("Warnings about letters") struct LetterWarningTests {
    private func codes(_ body: String) throws -> [String] {
        try LetterReader.read(Letters.letter(body: body)).warnings.map(\.code.rawValue)
    }

    @Test("a letter without defects has none") func none() throws {
        #expect(try codes("Hallo.").isEmpty)
    }

    @Test(
        "contacts that were left blank",
        arguments: [
            "Bel ons via of .", "Bel ons via of.", "Bel ons via .", "Bel ons via.", "Bel ons via",
            "Bel ons via\nof .",
            "Mail naar .", "Bel ons via of 070 000 00 00.", "Mail via post@voorbeeld.example of .",
            "Mail via post@voorbeeld.example of", "Bel ons op telefoonnummer .",
        ]) func blankContacts(text: String) throws
    {
        #expect(try codes("Goed. " + text) == ["blank-contact"])
    }

    @Test(
        "contacts that are there",
        arguments: [
            "Bel ons via 070 000 00 00 of via post@voorbeeld.example.", "Een kopie gaat via de griffie.",
            "Via of langs de weg.", "Daar komt het op.", "Bel mij bij of na vertrek.", "U bereikt ons via:",
            "Gaat u via Delft of Leiden?",
        ]) func goodContacts(text: String) throws
    {
        #expect(try codes(text).isEmpty)
    }

    @Test(
        "dead links",
        arguments: [
            "[x](#)", "[x]()", "[x]( )", "[x](http://)", "[x](https:// \"titel\")", "<https://>", "Zie http://.",
            "[[x](#)", "**[x](#)**",
        ]) func deadLinks(text: String) throws
    {
        #expect(try codes("Zie " + text + " voor meer.") == ["dead-link"])
    }

    @Test(
        "links that lead somewhere, and brackets that are none",
        arguments: [
            "[x](https://voorbeeld.example)", "<https://voorbeeld.example>", "[x] (y)", "[#]", "(#)",
            "[x](#deel-2)",
        ]) func liveLinks(text: String) throws
    {
        #expect(try codes("Zie " + text + " voor meer.").isEmpty)
    }

    @Test("a link that goes on over a line is found where it starts") func linkOverLines() throws {
        let body = "Een\n[hele lange\nnaam](#) en\nnog [een](#)."
        let warnings = try LetterReader.read(Letters.letter(body: body)).warnings
        #expect(
            warnings == [
                LetterWarning(.deadLink, line: 12, ["found": "hele lange naam"]),
                LetterWarning(.deadLink, line: 14, ["found": "een"]),
            ])
    }

    @Test("another dossier, and one written wrongly, are named") func dossiers() throws {
        let body = "Zie DOS-2026-0000042.\nEn DOS-2025-0000007 of dos-2026-42.\nOok dos 2026 00042."
        let letter = try LetterReader.read(Letters.letter(body: body))
        #expect(
            letter.warnings == [
                LetterWarning(
                    .differingDossier, line: 12, ["found": "DOS-2025-0000007", "expected": "DOS-2026-0000042"]),
                LetterWarning(
                    .malformedDossier, line: 13, ["found": "dos 2026 00042", "suggestion": "DOS-2026-0000042"]),
            ])
    }

    @Test("a dossier number written wrongly in the head is no missing one") func malformedHead() throws {
        let letter = try LetterReader.read("Ons kenmerk: DOS-2026-81081\nGeacht college,\nHallo.")
        let codes = letter.warnings.map(\.code)
        #expect(codes.contains(.malformedDossier) && !codes.contains(.missingDossier))
        #expect(codes.contains(.missingDocument) && letter.draft.dossier == nil)
    }

    @Test("text that is no letter gets every warning about what is missing") func noLetter() throws {
        let letter = try LetterReader.read("Zomaar een regel.\nEn nog een.")
        #expect(
            letter.warnings.map(\.code) == [
                .missingDate, .missingDossier, .missingDocument, .missingSubject, .missingSalutation,
                .missingSignatory,
            ])
        #expect(letter.warnings.map(\.line) == [1, 1, 1, 1, 1, 2])
    }

    @Test(
        "every code has a sentence in each language, with the same places", arguments: LetterWarning.Code.allCases)
    func phrases(code: LetterWarning.Code) {
        #expect(code.phrase.names(.dutch) == code.phrase.names(.english))
        #expect(code.phrase.dutch != code.phrase.english && code.phrase.dutch.hasSuffix("."))
    }

    @Test("each code has a sentence of its own") func distinct() {
        #expect(Set(LetterWarning.Code.allCases.map(\.phrase)).count == LetterWarning.Code.allCases.count)
    }

    @Test("a warning fills every place of its sentence") func filled() throws {
        let text = """
            Datum: 31-02-2026
            Ons kenmerk: DOS-2026-0000042
            Bijlagen: enkele
            Geacht college,
            [x](#) via of . DOS-2026-42 DOS-2025-0000001 DOS-2026-0000024
            123456782
            12345672
            Hoogachtend,
            secretaris,
            Bijlagen: 2
            """
        let other = text.replacing("enkele", with: "3").replacing("DOS-2026-0000042", with: "DOS-2026-123456789")
        let warnings = try [text, other, "x"].flatMap { try LetterReader.read($0).warnings }
        #expect(Set(warnings.map(\.code)) == Set(LetterWarning.Code.allCases))
        for warning in warnings {
            #expect(Set(warning.values.keys) == warning.code.phrase.names(.dutch))
            #expect(!warning.text(.dutch).contains("{") && !warning.text(.english).contains("{"))
        }
    }
}
