import RegiopostModel
import Testing

@Suite("Reading letters") struct LetterReaderTests {
    private func read(_ text: String) throws -> LetterImport {
        let letter = try LetterReader.read(text)
        Letters.expectCoverage(of: letter.draft)
        return letter
    }

    @Test("labels stand in any order and case, with the value beside or below") func labels() throws {
        let draft = try read(
            """
            ONDERWERP
            Een proef over
            twee regels

            Bijlage(n):\tgeen
            uw kenmerk : A/12

            KENMERK: PZH-2026-000000042

            DOS-2026-0000042
            Datum  27-03-2026
            Geachte griffier,
            Goed.
            """
        ).draft
        #expect(draft.subject == "Een proef over twee regels" && draft.attachmentCount == 0)
        #expect(draft.yourReference == "A/12" && draft.date == CalendarDate("2026-03-27"))
        #expect(draft.dossier?.text == "DOS-2026-0000042" && draft.document?.text == "PZH-2026-000000042")
        #expect(draft.addresseeRole == .griffie && draft.introduction == "Goed." && draft.sender.isEmpty)
    }

    @Test("other names of labels", arguments: [("Betreft", "Zwemmen"), ("onderwerp", "Zwemmen")])
    func otherLabels(label: String, subject: String) throws {
        #expect(try read("\(label): \(subject)\nGeacht college,\nHallo.").draft.subject == subject)
    }

    @Test("what stands between labels and belongs to none is kept as unknown") func unknown() throws {
        let draft = try read("Datum: 1 mei 2026\nTer attentie van iemand\n\nGeacht college,\n\nHallo.").draft
        #expect(draft.part(atLine: 2)?.kind == .other && draft.date == CalendarDate("2026-05-01"))
    }

    @Test(
        "dates as letters write them",
        arguments: [
            "27 maart 2026", "27 MAART 2026", "27-03-2026", "27-3-2026", "2026-03-27", "27/03/2026", "27.03.2026",
            "vrijdag 27 maart 2026", "Den Haag, 27 mrt. 2026", "27\u{A0}maart\u{A0}2026",
        ]) func dates(text: String) throws
    {
        #expect(try read("Datum: \(text)\nGeacht college,\nHallo.").draft.date == CalendarDate("2026-03-27"))
    }

    @Test(
        "what isn't a date is warned about at its line",
        arguments: [
            ("Datum: 31-02-2026", "unreadable-date", 1), ("Datum\n\n2026", "unreadable-date", 3),
            ("Datum\n\nkomt nog", "missing-date", 3), ("Datum\n", "missing-date", 1), ("", "missing-date", 1),
            ("Onderwerp: 27 maart 2026", "missing-date", 1),
        ]) func badDates(head: String, code: String, line: Int) throws
    {
        let warnings = try read(head + "\nGeacht college,\nHallo.").warnings
        let found = warnings.filter { $0.code == .missingDate || $0.code == .unreadableDate }
        #expect(found.map(\.code.rawValue) == [code] && found.first?.line == line)
    }

    @Test(
        "salutations and the roles they mean",
        arguments: [
            ("Geachte formateur,", "formateur"), ("Geachte heer De Vries, beste formateur,", "formateur"),
            ("Geacht college,", "college"), ("Geacht college van burgemeester en wethouders,", "college"),
            ("Geachte griffie,", "griffie"), ("GEACHTE GRIFFIER,", "griffie"), ("Beste raadsleden,", "raadslid"),
            ("Geachte raad,", "griffie"), ("Geachte burgemeester,", "burgemeester"),
            ("Geachte gemeentesecretaris,", "gemeentesecretaris"), ("**Geacht college,**", "college"),
            ("*Geacht college,*", "college"),
        ]) func salutations(line: String, role: String) throws
    {
        let draft = try read("Datum: 1 mei 2026\n\n\(line)\n\nHallo.").draft
        #expect(draft.addresseeRole == Role(role) && draft.part(atLine: 3)?.kind == .salutation)
    }

    @Test("a salutation to somebody unknown names no role") func unknownRole() throws {
        let letter = try read("Geachte mevrouw De Vries,\n\nHallo.")
        #expect(letter.draft.salutation == "Geachte mevrouw De Vries," && letter.draft.addresseeRole == nil)
        #expect(!letter.warnings.contains { $0.code == .missingSalutation })
    }

    @Test("headings are short, stand alone and above something") func headings() throws {
        let draft = try read(
            Letters.letter(
                body: """
                    Eerste kop

                    Een alinea
                    over twee regels zonder punt

                    Dit is een zin.

                    Wat nu?

                    Wij vragen u niets te doen

                    **Vet**
                    Tekst.

                    Inleiding van een lijst:

                    - punt

                    Losse regel aan het eind
                    """)
        ).draft
        #expect(draft.themes.map(\.heading) == ["Eerste kop", "Wat nu?", "Vet"])
        #expect(draft.introduction.isEmpty && draft.themes[2].text.hasSuffix("Losse regel aan het eind"))
        #expect(draft.requests.map(\.theme) == ["Wat nu?"])
    }

    @Test("requests are whole sentences, also over lines, and not the instruction to cite") func requests() throws {
        let draft = try read(
            Letters.letter(
                body: """
                    Hallo. Daarom verzoeken wij u, o.a. namens mr. A. Smit, te
                    komen. Kom! Graag ontvangen wij antwoord.
                    Wij verzoeken u altijd het DOS-nummer te vermelden. Wij vragen u wanneer.
                    """)
        ).draft
        #expect(
            draft.requests.map(\.text) == [
                "Daarom verzoeken wij u, o.a. namens mr. A. Smit, te komen.", "Graag ontvangen wij antwoord.",
                "Wij vragen u wanneer.",
            ])
        #expect(draft.requests.allSatisfy { $0.theme == nil && $0.line == 11 })
    }

    @Test("only a list that speaks of support is one") func lists() throws {
        let other = try read(Letters.letter(body: "Kop\n\nDe feiten zijn:\n\n- kennis telt\n- subsidie helpt"))
            .draft
        #expect(other.support.isEmpty)
        let support = try read(Letters.letter(body: "Wij bieden:\n\n• proef met pilots\n  en meer\n* iets anders"))
            .draft
        #expect(support.support.map(\.kind) == [.innovation, nil])
        #expect(support.support.map(\.text) == ["proef met pilots en meer", "iets anders"])
    }
}
