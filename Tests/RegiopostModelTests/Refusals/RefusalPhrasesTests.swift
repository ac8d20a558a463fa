import RegiopostModel
import Testing

@Suite("What people read about refusals") struct RefusalPhrasesTests {
    @Test(
        "every code has a sentence in both languages with the same places for values",
        arguments: RefusalCode.allCases)
    func sentences(code: RefusalCode) {
        let phrase = code.phrase
        #expect(!phrase.dutch.isEmpty && !phrase.english.isEmpty && phrase.dutch != phrase.english)
        #expect(phrase.names(.dutch) == phrase.names(.english))
        #expect(phrase.dutch.hasSuffix(".") && phrase.english.hasSuffix("."))
    }

    @Test("values stand where they belong") func values() {
        let refusal = Refusal(.dossierMismatch, ["expected": "DOS-2026-0000042", "found": "DOS-2026-0000043"])
        #expect(refusal.text(.english).contains("DOS-2026-0000043 doesn't belong"))
        #expect(refusal.text(.dutch).contains("dat is DOS-2026-0000042"))
    }

    @Test(
        "the language follows the option, then the locale",
        arguments: [
            (["x", "--language", "nl"], ["LANG": "en_GB.UTF-8"], Language.dutch),
            (["x", "--language=en"], ["LANG": "nl_NL.UTF-8"], .english), (["x"], ["LANG": "nl_NL.UTF-8"], .dutch),
            (["x"], ["LC_ALL": "C", "LANG": "nl_NL.UTF-8"], .english), (["x"], [:], .english),
            (["x"], ["LC_ALL": "", "LC_MESSAGES": "nl_BE", "LANG": "C"], .dutch),
            (["x"], ["LC_ALL": "nl_NL", "LANG": "en_GB"], .dutch), (["x"], ["LANG": "en_US.UTF-8"], .english),
        ]) func language(arguments: [String], environment: [String: String], expected: Language)
    {
        #expect(Language.preferred(arguments: arguments, environment: environment) == expected)
    }
}
