import RegiopostModel
import Testing

@Suite("The end of a letter") struct LetterEndTests {
    private func read(_ end: String) throws -> LetterImport {
        let letter = try LetterReader.read("Geacht college,\n\nHallo.\n\nHoogachtend,\n\n" + end)
        Letters.expectCoverage(of: letter.draft)
        return letter
    }

    @Test(
        "signatories in every arrangement",
        arguments: [
            "secretaris,\n\nvoorzitter,\n\ndrs. A. Smit MBA\n\nmr. B. de Wit",
            "drs. A. Smit MBA\nmr. B. de Wit\n\nsecretaris,\nvoorzitter",
            "secretaris,\ndrs. A. Smit MBA\n\nvoorzitter,\nmr. B. de Wit",
            "drs. A. Smit MBA,\nsecretaris\n\nmr. B. de Wit,\nvoorzitter",
            "drs. A. Smit MBA, secretaris\nmr. B. de Wit, voorzitter",
            "secretaris: drs. A. Smit MBA\nvoorzitter: mr. B. de Wit",
            "secretaris,          voorzitter,\n\ndrs. A. Smit MBA     mr. B. de Wit",
            "Namens deze,\n**secretaris,**\tvoorzitter,\ndrs. A. Smit MBA\tmr. B. de Wit",
        ]) func arrangements(end: String) throws
    {
        let letter = try read(end)
        #expect(
            letter.draft.signatories == [
                .init(function: "secretaris", name: "drs. A. Smit MBA"),
                .init(function: "voorzitter", name: "mr. B. de Wit"),
            ])
        #expect(!letter.warnings.contains { $0.code == .missingSignatory })
    }

    @Test("what else stands below the signatories is none") func below() throws {
        let letter = try read("voorzitter,\n\nA. Smit\n\nPostbus 1\nDit stuk is digitaal ondertekend.")
        #expect(letter.draft.signatories == [.init(function: "voorzitter", name: "A. Smit")])
        let plain = try read("A. Smit\npost@voorbeeld.example\nDit stuk is digitaal ondertekend.")
        #expect(plain.draft.signatories == [.init(function: nil, name: "A. Smit")])
        #expect(plain.draft.part(atLine: 9)?.kind == .signature)
    }

    @Test("a name alone signs without a function") func nameAlone() throws {
        let letter = try read("Anna Smit")
        #expect(letter.draft.signatories == [.init(function: nil, name: "Anna Smit")])
    }

    @Test("a function without a name, and nobody at all, are warned about") func missing() throws {
        let vacant = try read("secretaris,\nvoorzitter,\n\nA. Smit").warnings.filter {
            $0.code == .missingSignatory
        }
        #expect(vacant == [LetterWarning(.missingSignatory, line: 8, ["function": "voorzitter"])])
        let nobody = try read("").warnings.filter { $0.code == .missingSignatory }
        #expect(nobody == [LetterWarning(.missingSignatory, line: 5, ["function": "Hoogachtend,"])])
    }

    @Test("copies stand beside or below their label") func copies() throws {
        let below = try read("A. Smit\n\nAfschrift aan\n\n- De raad, via de griffie\n\n- het college\n\nKlaar.")
            .draft
        #expect(below.copies.map(\.role) == [.griffie, .college])
        #expect(below.part(atLine: 15)?.kind == .other)
        let beside = try read("A. Smit\n\nc.c.: de burgemeester").draft
        #expect(beside.copies == [.init(text: "de burgemeester", role: .burgemeester)])
        let sentence = try read("A. Smit\n\nAfschrift aan de griffie").draft
        #expect(sentence.copies == [.init(text: "de griffie", role: .griffie)])
    }

    @Test("the instruction to cite stands apart, also over lines") func instruction() throws {
        let draft = try read(
            "A. Smit\nWij verzoeken u in al uw brieven aan ons het\nDOS-nummer te vermelden.\nDank u.\n\nNaschrift"
        ).draft
        #expect(draft.referenceInstruction?.hasSuffix("DOS-nummer te vermelden. Dank u.") == true)
        #expect(draft.signatories.map(\.name) == ["A. Smit"] && draft.requests.isEmpty)
        #expect(draft.part(atLine: 12)?.kind == .other)
    }

    @Test("without a closing formula the copies still end the body") func noClosing() throws {
        let draft = try LetterReader.read("Geacht college,\n\nHallo.\n\nAfschrift aan\nde griffie").draft
        #expect(draft.body == "Hallo." && draft.copies.map(\.role) == [.griffie] && draft.closing == nil)
    }

    @Test(
        "attachments are counted against the list",
        arguments: [
            ("Bijlagen: 0", "", 0, [], []),
            ("Bijlagen: geen", "", 0, [], []),
            ("", "", nil, [], []),
            ("Bijlagen: 2", "Bijlagen\n- kaart\n- tabel", 2, ["kaart", "tabel"], ["attachments-to-attach"]),
            ("Bijlagen\n2\n- kaart\n- tabel", "", 2, ["kaart", "tabel"], ["attachments-to-attach"]),
            ("Bijlagen: 1", "Bijlage 1: kaart", 1, ["Bijlage 1: kaart"], ["attachments-to-attach"]),
            ("", "Bijlagen:\n\nkaart", 1, ["kaart"], ["attachments-to-attach"]),
            ("", "Bijlagen: 1", 1, [], ["attachment-count-mismatch", "attachments-to-attach"]),
            ("Bijlagen: 2", "", 2, [], ["attachment-count-mismatch", "attachments-to-attach"]),
            ("Bijlagen: 0", "Bijlage A: x", 0, ["Bijlage A: x"], ["attachment-count-mismatch"]),
            ("Bijlagen: enkele", "", nil, [], ["bad-attachment-count"]),
            ("Bijlagen: -1", "", nil, [], ["bad-attachment-count"]),
            ("Bijlagen: 1000", "", nil, [], ["bad-attachment-count"]),
        ] as [(String, String, Int?, [String], [String])])
    func attachments(head: String, end: String, count: Int?, listed: [String], codes: [String]) throws {
        let text = "\(head)\n\nGeacht college,\n\nZie bijlage 1.\n\nHoogachtend,\n\nA. Smit\n\n\(end)"
        let letter = try LetterReader.read(text)
        Letters.expectCoverage(of: letter.draft)
        #expect(letter.draft.attachmentCount == count && letter.draft.attachments == listed)
        #expect(letter.warnings.map(\.code.rawValue).filter { $0.contains("attachment") } == codes)
    }
}
