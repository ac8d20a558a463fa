/// Who signs a letter, out of the lines below its closing formula.
struct Signature {
    /// In whose name it is signed.
    private(set) var onBehalfOf: String?
    /// Who signs, in order.
    private(set) var signatories: [LetterDraft.Signatory] = []
    /// The functions that have no name, each with its line, 1 for the letter's first.
    private(set) var vacant: [(function: String, line: Int)] = []

    private static let functions: Set<Substring> = [
        "secretaris", "provinciesecretaris", "gemeentesecretaris", "voorzitter", "vicevoorzitter", "burgemeester",
        "locoburgemeester", "griffier", "statengriffier", "directeur", "commissaris", "gedeputeerde", "wethouder",
        "accounthouder", "afdelingshoofd", "hoofd", "manager", "programmamanager", "teamleider", "dijkgraaf",
        "bestuurder", "locosecretaris",
    ]
    private static let bodies: [StaticString] = [
        "gedeputeerde staten", "provinciale staten", "college van", "burgemeester en wethouders", "namens",
        "het college", "het bestuur", "dagelijks bestuur",
    ]

    /// Pairs functions and names: the first function with the first name and so on, whether they stand one below
    /// the other or in two blocks; or both on one line, a comma or colon between them. O(bytes).
    init(_ lines: [LetterLine]) {
        var functions: [(text: String, line: Int)] = []
        var names: [String] = []
        for line in lines {
            for cell in Self.cells(of: line) {
                if FoldedText(cell).contains(anyOf: Self.bodies) {
                    onBehalfOf = onBehalfOf ?? Self.withoutComma(cell)
                } else if Self.isFunction(cell) {
                    functions.append((Self.withoutComma(cell), line.number))
                } else if let (function, name) = Self.pair(in: cell) {
                    signatories.append(LetterDraft.Signatory(function: function, name: name))
                } else if cell.contains(where: \.isLetter) {
                    names.append(Self.withoutComma(cell))
                }
            }
        }
        for (function, name) in zip(functions, names) {
            signatories.append(LetterDraft.Signatory(function: function.text, name: name))
        }
        // Where functions are named, what else stands below is no signatory.
        if signatories.isEmpty, functions.isEmpty {
            signatories = names.filter(Self.couldBeName).map { LetterDraft.Signatory(function: nil, name: $0) }
        }
        vacant = functions.dropFirst(names.count).map { (function: $0.text, line: $0.line) }
    }

    /// Signatories often stand side by side, a gap between them.
    private static func cells(of line: LetterLine) -> [String] {
        let wide = line.plain.replacing("\t", with: "   ")
        return wide.split(separator: "   ").map { String(LetterLine.trimmed($0)) }.filter { !$0.isEmpty }
    }

    private static func withoutComma(_ text: String) -> String { text.last == "," ? String(text.dropLast()) : text }

    /// Whether all of `text` is a function: `de secretaris,`, `wethouder Wonen`, and not `drs. A. Smit, secretaris`.
    private static func isFunction(_ text: String) -> Bool {
        let text = withoutComma(text)
        guard !text.contains(","), !text.contains(":"), !text.contains(". ") || text.hasPrefix("plv. ") else {
            return false
        }
        let words = FoldedText(text).words
        let heads = words.prefix(4)
        return words.count <= 8 && heads.contains(where: functions.contains)
    }

    /// Whether `text` could be a name where no function says so: no address, number or sentence.
    private static func couldBeName(_ text: String) -> Bool {
        text.last != "." && !text.contains { $0.isNumber || $0 == "@" }
    }

    /// A function and a name on one line, in either order.
    private static func pair(in text: String) -> (function: String, name: String)? {
        for separator in [":", ","] as [Character] {
            for (index, character) in zip(text.indices, text) where character == separator {
                let left = String(LetterLine.trimmed(text[..<index]))
                let right = String(LetterLine.trimmed(text[text.index(after: index)...]))
                guard !left.isEmpty, right.contains(where: \.isLetter) else { continue }
                if isFunction(left), !isFunction(right) { return (left, withoutComma(right)) }
                if isFunction(right), !isFunction(left) { return (withoutComma(right), left) }
            }
        }
        return nil
    }
}
