import Testing

@testable import RegiopostModel

@Suite("Citizen service numbers (BSN) in a text") struct CitizenNumberTests {
    // 123456782 and 012345672 are well known from documentation; nobody has them.

    private func certain(_ text: String) -> [Int] {
        CitizenNumber.mentions(in: text).filter(\.isCertain).map(\.line)
    }

    @Test("the test of eleven") func eleven() {
        for number in ["123456782", "111222333", "012345672", "999999990"] {
            #expect(CitizenNumber.passes(Array(number.utf8)), "\(number)")
        }
        for number in ["123456789", "000000000", "12345678", "1234567820", "111111111"] {
            #expect(!CitizenNumber.passes(Array(number.utf8)), "\(number)")
        }
        // Of the nine-digit numbers in a row, one in eleven.
        let passing = (123_000_000..<123_011_000).filter { CitizenNumber.passes(Array(String($0).utf8)) }
        #expect(passing.count == 1_000)
    }

    @Test(
        "one is found however it is written",
        arguments: [
            "123456782", "Het gaat om 123456782.", "(123456782)", "\"123456782\"", "123.456.782", "1234.56.782",
            "123 456 782", "123\u{A0}456\u{A0}782", "BSN 123456782", "bsn: 123456782", "BSN123456782",
            "BSN-123456782", "burgerservicenummer van mevrouw: 123456782", "bsn 12345672", "Sofinummer 12345672",
            "- 123456782", "zie bijlage) 123456782", "de heer A. Bakker,123456782", "dossier, BSN 123456782",
            "123456782 en 2026", "Jan: 123456782, Piet", "In 2026 kreeg 123456782 een brief",
        ])
    func found(text: String) {
        #expect(certain(text) == [1])
        #expect(certain("Eerst dit.\n\n" + text + "\nDan dat.") == [3])
    }

    @Test(
        "what is another kind of number isn't taken for one",
        arguments: [
            "123456789", "PZH-2026-123456782", "DOS-2026-0001081", "Z-123456782", "zaaknummer 123456782",
            "zaak 123456782", "Ons kenmerk: 123456782", "RSIN 123456782", "KvK 12345672", "KvK-nummer 12345672",
            "+31 123456782", "+31 (0)123456782", "(0) 123456782", "06 - 12345672", "06-12345672",
            "NL91 ABNA 0123 4567 82", "NL123456782B01", "NL91ABNA0123456782", "€ 123.456.782",
            "123.456.782 euro", "EUR 123456782", "123.456.782,50", "0.123456782", "1234567820", "0123456782",
            "https://voorbeeld.example/123456782", "https://voorbeeld.example?id=123456782", "#123456782",
            "123456782-7c00", "00000099123456782000", "2026/123456782", "123456782@voorbeeld.example",
            "123.456.782.123", "999 123 456 782", "123 4567 82",
            "1234.56\u{A0}782", "12.345.672", "Tel. 123456782", "IBAN 123456782", "000000000",
        ])
    func passedOver(text: String) { #expect(certain(text) == []) }

    @Test("eight digits alone are a guess, a day is none") func eightDigits() {
        #expect(CitizenNumber.mentions(in: "12345672") == [CitizenNumber.Mention(line: 1, isCertain: false)])
        let days = (1...28).map { "202603" + ($0 < 10 ? "0" : "") + String($0) }
        #expect(days.contains { CitizenNumber.passes(Array(("0" + $0).utf8)) })
        #expect(days.allSatisfy { CitizenNumber.mentions(in: $0).isEmpty })
    }

    @Test("a line is passed by its bytes only where none can stand in it")
    func screening() {
        func mayStand(_ line: String) -> Bool { CitizenNumber.mayStand(in: Array(line.utf8)) }
        #expect(
            !mayStand(#"{"at":"2026-03-27T10:00:00Z","text":"Dossier 2026/12, op 3 april 2026, 1.250 woningen."}"#))
        #expect(!mayStand(#"{"text":"123456789"}"#))
        #expect(mayStand(#"{"text":"123456782"}"#) && mayStand(#"{"text":"regel\n1234.56.782"}"#))
        #expect(mayStand("{\"text\":\"123\u{A0}456\u{A0}782\"}"))
        // A digit and a space can be written with an escape.
        #expect(mayStand(##"{"text":"\u003123456782"}"##) && mayStand(##"{"text":"123\u00a0456 782"}"##))
    }

    @Test("one is found wherever it stands, and on its line", arguments: 0..<20) func anywhere(before: Int) {
        let words = String(repeating: "é,", count: before) + String(repeating: "a", count: before % 3)
        for after in 0..<10 {
            let text = words + "\n" + words + " 123456782" + String(repeating: "z", count: after)
            #expect(certain(text) == (after == 0 ? [2] : certain("\n 123456782z")))
            #expect(CitizenNumber.mayStand(in: Array(text.utf8)))
        }
    }

    @Test("every change of every text is looked at in time that grows with it") func bounded() {
        let text = String(repeating: "123 456 78 12345678 1234.56.78 ", count: 10_000)
        #expect(certain(text).isEmpty)
    }
}
