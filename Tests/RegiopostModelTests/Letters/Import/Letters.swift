import Foundation
import RegiopostModel
import Testing

/// Letters to test with.
enum Letters {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// One of the project's own letters.
    static func example(_ name: String) throws -> String {
        try String(contentsOf: project.appending(path: "Examples/letters").appending(path: name), encoding: .utf8)
    }

    /// A real letter, where there is one: in `shared/letters` beside the project, or beside the folder it is in.
    static let real: String? = {
        let places = [project.appending(path: ".."), project.appending(path: "../..")]
        return places.lazy.compactMap { place in
            let file = place.appending(path: "shared/letters/000_af5e12718c3cda6b.txt")
            return try? String(contentsOf: file, encoding: .utf8)
        }.first
    }()

    /// A head and a frame around `body`, without defects.
    static func letter(body: String) -> String {
        """
        Provincie Voorbeeld

        Datum: 27 maart 2026
        Ons kenmerk: DOS-2026-0000042
        PZH-2026-000000042
        Bijlagen: 0
        Onderwerp: Proef

        Geacht college,

        \(body)

        Hoogachtend,

        voorzitter,
        A. Proef
        """
    }

    /// `text` with a line feed for a space wherever a line would be longer than `width`.
    static func wrapped(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var length = 0
            return line.split(separator: " ").reduce(into: "") { result, word in
                let isBreak = length > 0 && length + 1 + word.count > width
                result += (length == 0 ? "" : isBreak ? "\n" : " ") + word
                length = isBreak ? word.count : length + 1 + word.count
            }
        }.joined(separator: "\n")
    }

    /// Lines of `text` that aren't blank, with their numbers.
    static func lines(of text: String) -> [(number: Int, line: Substring)] {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        return zip(1..., lines).filter { !$1.allSatisfy(\.isWhitespace) }.map { (number: $0, line: $1) }
    }

    /// Expects that the parts are ordered, don't overlap, and hold every line that isn't blank.
    static func expectCoverage(of draft: LetterDraft, location: SourceLocation = #_sourceLocation) {
        for (left, right) in zip(draft.parts, draft.parts.dropFirst()) {
            #expect(left.lines.upperBound < right.lines.lowerBound, sourceLocation: location)
        }
        let covered = Set(draft.parts.flatMap { Array($0.lines) })
        let lost = lines(of: draft.text).map(\.number).filter { !covered.contains($0) }
        #expect(lost.isEmpty, "lines in no part: \(lost)", sourceLocation: location)
        #expect(covered.max() ?? 0 == lines(of: draft.text).last?.number ?? 0, sourceLocation: location)
    }
}
