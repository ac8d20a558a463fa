import RegiopostJSON
import Testing

@testable import RegiopostModel

@Suite("Vectors: citizen service numbers") struct CitizenNumberVectorTests {
    @Test("the words that say what a number is are those of the file") func words() throws {
        let words = try #require(try ProtocolFiles.value("bsn", "words"))
        #expect(Set(words.texts("citizen")) == NumberContext.citizen)
        #expect(Set(words.texts("others")) == NumberContext.others)
    }

    @Test("one is found in each text on the lines that the file says") func texts() throws {
        for vector in try ProtocolFiles.cases("bsn", "texts") {
            let text = try vector.text("text")
            let lines = CitizenNumber.mentions(in: text).filter(\.isCertain).map(\.line)
            #expect(lines == vector["lines"]?.array?.compactMap(\.integer), "\(text)")
            // No line that holds one may pass by its bytes alone.
            let line = JSONValue.object([JSONMember("text", .string(text))]).encoded()
            #expect(lines.isEmpty || CitizenNumber.mayStand(in: line), "\(text)")
        }
    }

    @Test("a change that holds one is refused with its place") func changes() throws {
        for vector in try ProtocolFiles.cases("bsn", "changes") {
            let name = Comment(rawValue: try vector.text("name"))
            let line = try vector.line()
            let change = try Change(line: line)
            var refusal: Refusal?
            let isScreened = !CitizenNumber.mayStand(in: line)
            do throws(Refusal) { try Privacy.check(change, isScreened: isScreened) } catch { refusal = error }
            #expect(refusal?.details["field"] == vector["field"]?.string, name)
            #expect(refusal?.details["line"] == vector["bsnLine"]?.integer.map(String.init), name)
            #expect(refusal.map(\.code) == (vector["field"] == nil ? nil : .bsnFound), name)
        }
    }
}
