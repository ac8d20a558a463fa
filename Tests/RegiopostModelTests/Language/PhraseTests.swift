import RegiopostModel
import Testing

@Suite("Phrases") struct PhraseTests {
    let phrase = Phrase(dutch: "{a} en {b}, {a}.", english: "{a} and {b}.")

    @Test("values go in their places, in each language") func values() {
        #expect(phrase.text(.dutch, ["a": "1", "b": "2"]) == "1 en 2, 1.")
        #expect(phrase.text(.english, ["a": "1", "b": "2"]) == "1 and 2.")
    }

    @Test("a value is never read as a place") func braces() {
        #expect(phrase.text(.english, ["a": "{b}", "b": "{a}"]) == "{b} and {a}.")
    }

    @Test("a place without a value stays, and so does a lone brace") func missing() {
        #expect(phrase.text(.english, ["a": "1"]) == "1 and {b}.")
        #expect(Phrase(dutch: "{ x", english: "x } y {").text(.english) == "x } y {")
        #expect(Phrase(dutch: "{ x", english: "x").text(.dutch) == "{ x")
    }

    @Test("the names of the places") func names() {
        #expect(phrase.names(.dutch) == ["a", "b"])
        #expect(Phrase(dutch: "niets", english: "none {").names(.english) == [])
    }
}
