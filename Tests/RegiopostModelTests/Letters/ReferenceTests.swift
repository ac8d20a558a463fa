import RegiopostModel
import Testing

@Suite("References") struct ReferenceTests {
    @Test("a dossier number is written in one way")
    func dossier() {
        #expect(DossierNumber("DOS-2026-0000042")?.text == "DOS-2026-0000042")
    }

    @Test(
        "what is no dossier number is refused",
        arguments: [
            "", "DOS", "DOS-2026-42", "dos-2026-0000042", "DOS-2026-00000042", "DOS-26-0000042", "DOS 2026 0000042",
            "DOS-2026-000004２", " DOS-2026-0000042", "DOS-2026-0000042\n", "PZH-2026-0000042", "DOS-2026-0000042-1",
        ]) func refusedDossier(text: String)
    {
        #expect(DossierNumber(text) == nil)
    }

    @Test("a document number carries its registry", arguments: ["PZH-2026-000000042", "NH-2025-123456789"])
    func document(text: String) {
        #expect(DocumentNumber(text)?.text == text)
        #expect(DocumentNumber(text)?.prefix == text.split(separator: "-").first.map(String.init))
    }

    @Test(
        "what is no document number is refused",
        arguments: [
            "P-2026-000000042", "PROVI-2026-000000042", "pzh-2026-000000042", "PZH-2026-0000042",
            "PZH2026000000042",
            "DOS-2026-000000042", "ÉZH-2026-000000042",
        ]) func refusedDocument(text: String)
    {
        #expect(DocumentNumber(text) == nil)
    }

    @Test(
        "a near miss says what may have been meant",
        arguments: [
            ("Zie DOS-2026-81081.", "DOS-2026-81081", "DOS-2026-0081081"),
            ("zie dos-2026-0000042", "dos-2026-0000042", "DOS-2026-0000042"),
            ("(DOS 2026 0000042)", "DOS 2026 0000042", "DOS-2026-0000042"),
            ("DOS-20260000042", "DOS-20260000042", "DOS-2026-0000042"),
            ("DOS2026-0000042", "DOS2026-0000042", "DOS-2026-0000042"),
            ("DOS–2026–0000042,", "DOS–2026–0000042", "DOS-2026-0000042"),
            ("DOS-2026-123456789", "DOS-2026-123456789", nil),
        ] as [(String, String, String?)]) func nearMiss(text: String, found: String, suggestion: String?) throws
    {
        let miss = try #require(DossierNumber.nearMisses(in: text).first)
        #expect(miss.found == found && miss.suggestion?.text == suggestion)
        #expect(DossierNumber.all(in: text).isEmpty)
    }

    @Test(
        "ordinary text has no near misses",
        arguments: [
            "het DOS-nummer te vermelden", "DOS", "MS-DOS 6", "DOS-2026", "dos 12 stuks", "MALDOS-2026-81081",
            "DOS-2026-81081x", "PZH-2026-42", "DOS-2026-0000042",
        ]) func noNearMiss(text: String)
    {
        #expect(DossierNumber.nearMisses(in: text).isEmpty)
    }

    @Test("all references of a text are found in order") func all() {
        let text = "DOS-2026-0000042/PZH-2026-000000042 en (DOS-2025-0000007)"
        #expect(DossierNumber.all(in: text).map(\.text) == ["DOS-2026-0000042", "DOS-2025-0000007"])
        #expect(DocumentNumber.all(in: text).map(\.text) == ["PZH-2026-000000042"])
    }
}
