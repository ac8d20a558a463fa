import RegiopostModel
import Testing

@Suite("Checks before a text is sent") struct TextChecksTests {
    private static let dossier = DossierNumber("DOS-2026-0001081")

    private func codes(_ text: String, dossier: DossierNumber? = dossier) -> [String] {
        TextChecks.warnings(in: text, dossier: dossier).map(\.code.rawValue)
    }

    @Test(
        "a dossier that is mistyped is named with the one that was meant",
        arguments: [
            "DOS-2026-000108", "DOS-2O26-0001081", "D0S-2026-0001081", "DOS-2026-OOO1081", "DOS-2026-00010811",
            "dos 2026 0001081", "DOS2026-0001081", "DOS-2026-OO01081.",
        ])
    func malformed(text: String) throws {
        let warnings = TextChecks.warnings(in: "Beste,\nOver " + text + " dit.", dossier: Self.dossier)
        #expect(warnings.map(\.code) == [.malformedDossier] && warnings.map(\.line) == [2])
        #expect(warnings.first?.values["suggestion"] == "DOS-2026-0001081")
    }

    @Test("digits that were swapped, or one that is wrong, are a slip; anything else is another dossier")
    func mistyped() {
        for text in ["DOS-2026-0001801", "DOS-2026-0001082", "DOS-2062-0001081"] {
            let warnings = TextChecks.warnings(in: "Over \(text).", dossier: Self.dossier)
            #expect(warnings.map(\.code) == [.mistypedDossier], "\(text)")
            #expect(warnings.first?.text(.english).contains("DOS-2026-0001081") == true)
        }
        #expect(codes("Over DOS-2026-0004711.") == ["differing-dossier"])
        #expect(codes("Over DOS-2026-0001081 en d0s.") == [])
        #expect(codes("Over DOS-2026-0004711.", dossier: nil) == [])
    }

    @Test("blank contacts, dead links and citizen service numbers are found, each in its line") func content() {
        let text = "Bel ons via of .\nZie [hier](#).\nVoor 123456782.\nOf 12345672."
        let warnings = TextChecks.warnings(in: text, dossier: Self.dossier)
        #expect(warnings.map(\.code) == [.blankContact, .deadLink, .bsnFound, .possibleBSN])
        #expect(warnings.map(\.line) == [1, 2, 3, 4])
        for warning in warnings { #expect(!warning.text(.dutch).contains("12345672")) }
        #expect(codes("Graag. Wij bellen u op 070 000 00 00.").isEmpty)
    }

    @Test("every text of a change is looked over, against its own dossier before the letter's") func bodies() throws
    {
        let accounthouder = try #require(Address("pv28/accounthouder-haagse-regio"))
        func body(_ dossier: DossierNumber?) -> ChangeBody {
            .meetingRequest(
                MeetingContent(
                    kind: .conversation, accounthouder: accounthouder, dossier: dossier, place: "via of .",
                    audience: "via of .", note: "Goed.\nOver DOS-2026-0004711."))
        }
        let other = DossierNumber("DOS-2026-0004711")
        #expect(
            TextChecks.warnings(in: body(Self.dossier), dossier: other).map(\.code) == [
                .blankContact, .differingDossier,
            ])
        #expect(TextChecks.warnings(in: body(nil), dossier: other).map(\.code) == [.blankContact])
    }

    @Test("a letter is compared with the dossier that was given for it") func override() throws {
        let text = Letters.letter(body: "Over DOS-2026-0004711.")
        let own = try LetterReader.read(text).warnings
        #expect(own.map(\.code) == [.differingDossier])
        let given = try LetterReader.read(text, dossier: DossierNumber("DOS-2026-0004711")).warnings
        #expect(given.map(\.code) == [.differingDossier] && given[0].line != own[0].line)
    }
}
