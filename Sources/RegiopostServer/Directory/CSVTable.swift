/// A table of comma-separated values (RFC 4180) with a header: rows of cells, each of which knows where it stands.
///
/// Lines may end in LF or CR LF; a byte order mark at the start, which spreadsheets write, is skipped; empty lines are
/// too.
struct CSVTable {
    /// A place in a file, for people: both count from 1, columns in characters.
    struct Place: Hashable, Sendable {
        let line: Int
        let column: Int
    }

    /// A cell's text and where it begins.
    struct Cell {
        let text: String
        let place: Place
    }

    /// One row below the header.
    struct Row {
        let cells: [Cell]
        let line: Int
    }

    /// What is wrong with the form of the file.
    struct FormError: Error, Equatable {
        enum Reason: Equatable {
            case notUTF8
            case quoteOpen
            case quoteInside
            case textAfterQuote
            case empty
        }

        let reason: Reason
        let place: Place
    }

    let header: [Cell]
    let rows: [Row]

    /// Reads a file. O(bytes).
    init(_ bytes: [UInt8]) throws(FormError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormError(reason: .notUTF8, place: Place(line: 1, column: 1))
        }
        var reader = CSVReader(text)
        var rows: [Row] = []
        while let row = try reader.next() { rows.append(row) }
        guard let header = rows.first else { throw FormError(reason: .empty, place: Place(line: 1, column: 1)) }
        self.header = header.cells
        self.rows = Array(rows.dropFirst())
    }
}

/// Reads one row after the other.
private struct CSVReader {
    private let characters: [Character]
    private var index: Int
    private var line = 1
    private var column = 1

    init(_ text: String) {
        characters = Array(text)
        index = characters.first == "\u{FEFF}" ? 1 : 0
    }

    private var place: CSVTable.Place { CSVTable.Place(line: line, column: column) }
    private var current: Character? { index < characters.count ? characters[index] : nil }
    private var isAtLineEnd: Bool { current?.isNewline == true }

    private mutating func advance() {
        if isAtLineEnd {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }

    mutating func next() throws(CSVTable.FormError) -> CSVTable.Row? {
        while isAtLineEnd { advance() }
        guard current != nil else { return nil }
        let start = line
        var cells = [try cell()]
        while current == "," {
            advance()
            cells.append(try cell())
        }
        if isAtLineEnd { advance() }
        return CSVTable.Row(cells: cells, line: start)
    }

    private mutating func cell() throws(CSVTable.FormError) -> CSVTable.Cell {
        let start = place
        if current == "\"" { return CSVTable.Cell(text: try quoted(), place: start) }
        var text = ""
        while let character = current, character != ",", !isAtLineEnd {
            guard character != "\"" else { throw CSVTable.FormError(reason: .quoteInside, place: place) }
            text.append(character)
            advance()
        }
        return CSVTable.Cell(text: text, place: start)
    }

    private mutating func quoted() throws(CSVTable.FormError) -> String {
        let start = place
        advance()
        var text = ""
        while let character = current {
            advance()
            guard character == "\"" else {
                text.append(character)
                continue
            }
            guard current == "\"" else {
                guard current == nil || current == "," || isAtLineEnd else {
                    throw CSVTable.FormError(reason: .textAfterQuote, place: place)
                }
                return text
            }
            text.append("\"")
            advance()
        }
        throw CSVTable.FormError(reason: .quoteOpen, place: start)
    }
}
