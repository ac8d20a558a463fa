import RegiopostJSON
import Testing

@Suite("JSON as I-JSON") struct JSONReaderTests {
    private func reason(_ text: String) -> JSONError.Reason? {
        do {
            _ = try JSONReader.read(Array(text.utf8))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        "what is read is written back the same",
        arguments: [
            #"{"v":1,"a":[true,false,null],"n":-150,"s":"é \"x\" \\ \n"}"#, "[]", "{}", #""😀""#, "0",
        ]) func roundTrip(text: String) throws
    {
        #expect(try JSONReader.read(Array(text.utf8)).text == text)
    }

    @Test("escapes become the characters they stand for") func escapes() throws {
        let value = try JSONReader.read(Array(#""\u00e9\ud83d\ude00\/\t""#.utf8))
        #expect(value.string == "é😀/\t")
    }

    @Test(
        "mistakes have a reason",
        arguments: [
            ("", JSONError.Reason?.some(.unexpectedEnd)), ("{\"a\":1,\"a\":2}", .duplicateKey),
            ("[1,]", .unexpectedByte),
            ("01", .badNumber), ("1.5", .badNumber), ("1e3", .badNumber), ("-0", .badNumber), ("-", .badNumber),
            ("9007199254740992", .badNumber), ("-9007199254740991", nil), ("99999999999999999999", .badNumber),
            ("\"\\ud800\"", .badEscape), ("\"\\x\"", .badEscape),
            ("\"\u{FFFF}\"", .nonCharacter), ("1 2", .trailingBytes), ("nul", .unexpectedEnd),
            ("nulx", .unexpectedByte),
            ("{\"a\":1", .unexpectedEnd), ("\"\u{01}\"", .unexpectedByte),
        ]) func mistakes(text: String, expected: JSONError.Reason?)
    {
        #expect(reason(text) == expected)
    }

    @Test("what a text holds is found at each of its places", arguments: 0..<20) func places(before: Int) throws {
        for (written, read) in [("\\n", "\n"), ("é", "é"), ("\\\"", "\""), ("😀", "😀"), ("", "")] {
            for after in 0..<10 {
                let (first, last) = (String(repeating: "a", count: before), String(repeating: "z", count: after))
                let value = try JSONReader.read(Array("\"\(first)\(written)\(last)\"".utf8))
                #expect(value.string == first + read + last)
                #expect(reason("\"\(first)\(written)\(last)") == .unexpectedEnd)
                #expect(reason("\"\(first)\u{1F}\(last)\"") == .unexpectedByte)
            }
        }
    }

    @Test("duplicate keys are found however they are escaped") func escapedDuplicate() {
        #expect(reason(#"{"a":1,"\u0061":2}"#) == .duplicateKey)
    }

    @Test("depth and size are bounded") func bounds() {
        let deep = String(repeating: "[", count: 17) + String(repeating: "]", count: 17)
        #expect(reason(deep) == .tooDeep)
        #expect(reason(String(deep.dropFirst().dropLast())) == nil)
        let many = "[" + Array(repeating: "1", count: JSONReader.maximumValues).joined(separator: ",") + "]"
        #expect(reason(many) == .tooManyValues)
    }

    @Test("bytes that are not UTF-8 are refused") func notUTF8() {
        #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xC3, 0x28, 0x22]) }
    }
}
