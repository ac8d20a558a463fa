import RegiopostModel

/// A letter in plain text or Markdown.
enum Letter {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: input, as: UTF8.self)
        let dossier = DossierNumber("DOS-2026-0000042")
        for warning in TextChecks.warnings(in: text, dossier: dossier) { try check(warning, text) }
        let letter: LetterImport
        do throws(LetterImportError) {
            letter = try LetterReader.read(text, dossier: dossier)
        } catch {
            for language in Language.allCases {
                try promise(!error.text(language).isEmpty, "an error says something")
            }
            return
        }
        try promise(letter.draft.text.utf8.elementsEqual(text.utf8), "the text is kept as it is")
        var last = 0
        for part in letter.draft.parts {
            try promise(part.lines.lowerBound > last, "parts are in order and don't overlap")
            last = part.lines.upperBound
        }
        for (offset, line) in lines(of: text).enumerated() where line.contains(where: isLetter) {
            try promise(letter.draft.part(atLine: offset + 1) != nil, "line \(offset + 1) is in a part")
        }
        for warning in letter.warnings { try check(warning, text) }
    }

    private static func lines(of text: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(text.utf8)[...]
        return bytes.split(separator: bytes.contains(0x0A) ? 0x0A : 0x0D, omittingEmptySubsequences: false)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func check(_ warning: LetterWarning, _ text: String) throws(BrokenPromise) {
        try promise((0...lines(of: text).count).contains(warning.line), "\(warning) is about a line of the text")
        for language in Language.allCases {
            try promise(!warning.text(language).isEmpty, "a warning says something")
        }
    }
}
