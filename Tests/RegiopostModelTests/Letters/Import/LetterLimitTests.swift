import RegiopostModel
import Testing

@Suite("Any text at all as a letter", .timeLimit(.minutes(5))) struct LetterLimitTests {
    @Test("nothing but white space is empty", arguments: ["", " ", "\n\r\n\t", "\u{FEFF}", "\u{FEFF}\n", "\u{A0}"])
    func empty(text: String) {
        #expect(throws: LetterImportError.empty) { try LetterReader.read(text) }
    }

    @Test("512 KiB is read, one byte more is not") func tooLarge() throws {
        let limit = LetterReader.maximumBytes
        #expect(limit == 524_288)
        let line = String(repeating: "woord ", count: limit / 6 + 1)
        #expect(try LetterReader.read(String(line.utf8.prefix(limit)) ?? "").draft.text.utf8.count == limit)
        let error = LetterImportError.tooLarge(bytes: limit + 1)
        #expect(throws: error) { try LetterReader.read(String(line.utf8.prefix(limit + 1)) ?? "") }
        #expect(error.text(.dutch).contains("513 KiB") && error.text(.english).contains("512 KiB"))
        #expect(!LetterImportError.empty.text(.dutch).isEmpty)
    }

    @Test(
        "texts made to be slow are read within the time limit",
        arguments: [
            "[", "[](", "](", "[x](#) ", "a.", "via of ", "DOS-2026-42 ", "- a\n", "# a\n", "a\n\n", "Datum\n",
            "\"", "*_", "Afschrift aan\n", "Bijlage 1\n", "{a}", "é", "a,", "secretaris,\n", "\n", "1",
        ]) func slow(piece: String) throws
    {
        let count = 30_000 / piece.utf8.count
        for prefix in ["x", "Geacht college,\n\n", "Geacht college,\n\nHoogachtend,\n\n"] {
            let letter = try LetterReader.read(prefix + String(repeating: piece, count: count))
            Letters.expectCoverage(of: letter.draft)
        }
    }

    @Test("lines thrown together at random are all kept", arguments: 1...60 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let lines = try ["voorjaarsbrief.txt", "voorjaarsbrief-met-gebreken.md"].flatMap {
            try Letters.example($0).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        let odd = [
            "\t", "- ", "#", "**", "****", "[](", "Bijlage 3", "cc:", "Hoogachtend", "Datum:", "•", "\u{301}", ",",
        ]
        let text = (0..<Int.random(in: 1...80, using: &random)).map { _ in
            let line = (lines + odd + odd).randomElement(using: &random) ?? ""
            guard Bool.random(using: &random) else { return line }
            return String(line.prefix(Int.random(in: 0...max(1, line.count), using: &random)))
        }.joined(separator: Bool.random(using: &random) ? "\n" : "\r\n")
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        let letter = try LetterReader.read(text)
        #expect(letter.draft.text == text)
        Letters.expectCoverage(of: letter.draft)
        let count = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
        #expect(letter.warnings.allSatisfy { (1...count).contains($0.line) })
    }
}

/// A small generator that repeats itself for the same seed (splitmix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
