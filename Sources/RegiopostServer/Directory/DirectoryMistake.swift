import RegiopostModel

/// One thing that is wrong in the directory's files, and where.
struct DirectoryMistake: Error, Equatable {
    /// What is wrong. The cases name what the sentence mentions.
    enum Kind: Equatable {
        case form(CSVTable.FormError.Reason)
        case columnMissing(String)
        case columnUnknown(String)
        case columnTwice(String)
        case cellCount(expected: Int, found: Int)
        case notCode(String)
        case notRegionName(String)
        case notDate(String)
        case notText(maximum: Int)
        case twice(String, firstLine: Int)
        case regionUnknown(String)
        case ownProvinceMissing(String)
    }

    let file: String
    let place: CSVTable.Place
    let kind: Kind

    /// `directory/organisations.csv, line 3, column 8: …`
    func text(_ language: Language) -> String {
        let (phrase, values) = Self.sentence(kind)
        let place = Self.position.text(
            language, ["file": file, "line": String(place.line), "column": String(place.column)])
        return place + " " + phrase.text(language, values)
    }

    /// All mistakes in one error, a line each.
    static func error(_ mistakes: [DirectoryMistake]) -> OperatorError {
        let shown = mistakes.prefix(20)
        let lines = { (language: Language) in
            shown.map { $0.text(language) } + [more(mistakes.count - shown.count, language)].compactMap(\.self)
                + [nothingChanged.text(language)]
        }
        return OperatorError(
            .data, dutch: lines(.dutch).joined(separator: "\n"), english: lines(.english).joined(separator: "\n"))
    }

    private static func more(_ count: Int, _ language: Language) -> String? {
        count > 0 ? andMore.text(language, ["count": String(count)]) : nil
    }

    private static let position = Phrase(
        dutch: "{file}, regel {line}, kolom {column}:", english: "{file}, line {line}, column {column}:")
    private static let andMore = Phrase(dutch: "… en nog {count}.", english: "… and {count} more.")
    private static let nothingChanged = Phrase(
        dutch: "Er is niets gewijzigd. Verbeter de bestanden en voer opnieuw uit: regiopostd directory load",
        english: "Nothing was changed. Correct the files and run again: regiopostd directory load")

    private static func sentence(_ kind: Kind) -> (Phrase, [String: String]) {
        switch kind {
        case .form(let reason): (form(reason), [:])
        case .columnMissing(let name):
            (Phrase(dutch: "de kolom {name} ontbreekt.", english: "the column {name} is missing."), ["name": name])
        case .columnUnknown(let name):
            (
                Phrase(dutch: "\"{name}\" is geen bekende kolom.", english: "\"{name}\" is no known column."),
                ["name": name]
            )
        case .columnTwice(let name):
            (
                Phrase(dutch: "de kolom {name} staat er twee keer.", english: "the column {name} is there twice."),
                ["name": name]
            )
        case .cellCount(let expected, let found):
            (
                Phrase(
                    dutch: "de regel heeft {found} kolommen; het moeten er {expected} zijn.",
                    english: "the row has {found} columns; it must have {expected}."),
                ["expected": String(expected), "found": String(found)]
            )
        case .notCode(let text): (notCode, ["text": text])
        case .notRegionName(let text): (notRegionName, ["text": text])
        case .notDate(let text):
            (
                Phrase(
                    dutch: "\"{text}\" is geen datum; schrijf haar als 2026-03-27.",
                    english: "\"{text}\" is no date; write it as 2026-03-27."), ["text": text]
            )
        case .notText(let maximum): (notText, ["maximum": String(maximum)])
        case .twice(let text, let line):
            (
                Phrase(
                    dutch: "{text} staat ook al op regel {line}.",
                    english: "{text} is on line {line} already."),
                ["text": text, "line": String(line)]
            )
        case .regionUnknown(let name):
            (
                Phrase(
                    dutch: "de regio {name} staat niet in regions.csv.",
                    english: "the region {name} is not in regions.csv."), ["name": name]
            )
        case .ownProvinceMissing(let code):
            (
                Phrase(
                    dutch: "de provincie van deze server ({code}) ontbreekt.",
                    english: "the province of this server ({code}) is missing."), ["code": code]
            )
        }
    }

    private static let notCode = Phrase(
        dutch: "\"{text}\" is geen code van een gemeente (gm en vier cijfers) of provincie (pv en twee).",
        english: "\"{text}\" is no code of a municipality (gm and four digits) or province (pv and two).")
    private static let notRegionName = Phrase(
        dutch: "\"{text}\" kan geen naam van een regio zijn: kleine letters, cijfers en losse koppeltekens.",
        english: "\"{text}\" can't be the name of a region: lower-case letters, digits and single hyphens.")
    private static let notText = Phrase(
        dutch: "hier moet één regel tekst staan, van 1 tot {maximum} bytes.",
        english: "there must be one line of text here, of 1 to {maximum} bytes.")

    private static func form(_ reason: CSVTable.FormError.Reason) -> Phrase {
        switch reason {
        case .notUTF8: Phrase(dutch: "het bestand is geen UTF-8.", english: "the file is not UTF-8.")
        case .quoteOpen:
            Phrase(
                dutch: "het aanhalingsteken dat hier begint, wordt niet gesloten.",
                english: "the quotation mark that begins here is never closed.")
        case .quoteInside:
            Phrase(
                dutch:
                    "een aanhalingsteken midden in een cel; zet de hele cel tussen aanhalingstekens en verdubbel het.",
                english: "a quotation mark inside a cell; put the whole cell in quotation marks and double it.")
        case .textAfterQuote:
            Phrase(
                dutch: "na het sluitende aanhalingsteken hoort een komma of het einde van de regel.",
                english: "after the closing quotation mark there must be a comma or the end of the line.")
        case .empty: Phrase(dutch: "het bestand is leeg.", english: "the file is empty.")
        }
    }
}
