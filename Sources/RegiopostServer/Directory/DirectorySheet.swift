/// One of the directory's files with its columns found by name. Notes what is wrong and goes on, so that one reading
/// finds all mistakes.
struct DirectorySheet {
    let rows: [CSVTable.Row]
    /// The classifications that have a column.
    let classifications: [String]
    /// Whether there was a table at all.
    let isReadable: Bool
    private(set) var mistakes: [DirectoryMistake] = []

    private let file: String
    private let columns: [String: Int]
    private var keys: [String: Int] = [:]

    /// Reads a file. What is wrong with its form is noted in `found`; then it has no rows.
    init(
        _ file: String, _ bytes: [UInt8], _ required: [String], _ found: inout [DirectoryMistake],
        prefix: String? = nil
    ) {
        self.file = file
        var mistakes: [DirectoryMistake] = []
        var columns: [String: Int] = [:]
        var rows: [CSVTable.Row] = []
        do throws(CSVTable.FormError) {
            let table = try CSVTable(bytes)
            for (index, cell) in table.header.enumerated() {
                let name = Self.trimmed(cell.text)
                let isKnown = required.contains(name) || prefix.map { name.hasPrefix($0) && name != $0 } ?? false
                let kind: DirectoryMistake.Kind? =
                    columns[name] != nil ? .columnTwice(name) : isKnown ? nil : .columnUnknown(name)
                if let kind { mistakes.append(DirectoryMistake(file: file, place: cell.place, kind: kind)) }
                columns[name] = index
            }
            let start = CSVTable.Place(line: 1, column: 1)
            for name in required where columns[name] == nil {
                mistakes.append(DirectoryMistake(file: file, place: start, kind: .columnMissing(name)))
            }
            rows = table.rows.filter { $0.cells.count == table.header.count }
            for row in table.rows where row.cells.count != table.header.count {
                let place = CSVTable.Place(line: row.line, column: 1)
                let kind = DirectoryMistake.Kind.cellCount(expected: table.header.count, found: row.cells.count)
                mistakes.append(DirectoryMistake(file: file, place: place, kind: kind))
            }
        } catch {
            mistakes = [DirectoryMistake(file: file, place: error.place, kind: .form(error.reason))]
        }
        let areColumnsThere = required.allSatisfy { columns[$0] != nil }
        found += mistakes
        self.columns = columns
        self.rows = areColumnsThere ? rows : []
        isReadable = areColumnsThere
        classifications = columns.keys.compactMap { name in
            guard let prefix, name.hasPrefix(prefix) else { return nil }
            return String(name.dropFirst(prefix.count))
        }.sorted()
    }

    /// The cell that names a row: present, well formed, there once.
    mutating func key(
        _ column: String, of row: CSVTable.Row, _ check: (String) -> DirectoryMistake.Kind?
    ) -> String? {
        guard let cell = cell(column, of: row) else { return nil }
        let text = Self.trimmed(cell.text)
        if let kind = check(text) {
            add(kind, at: cell.place)
            return nil
        }
        if let first = keys[text] {
            add(.twice(text, firstLine: first), at: cell.place)
            return nil
        }
        keys[text] = row.line
        return text
    }

    /// A cell that must hold a text.
    mutating func text(_ column: String, of row: CSVTable.Row, maximum: Int) -> String? {
        let text = optionalText(column, of: row, maximum: maximum)
        if text == nil, let cell = cell(column, of: row), Self.trimmed(cell.text).isEmpty {
            add(.notText(maximum: maximum), at: cell.place)
        }
        return text
    }

    /// A cell that may be blank.
    mutating func optionalText(_ column: String, of row: CSVTable.Row, maximum: Int) -> String? {
        guard let cell = cell(column, of: row) else { return nil }
        let text = Self.trimmed(cell.text)
        guard !text.isEmpty else { return nil }
        let hasControls = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard text.utf8.count <= maximum, !hasControls, !text.contains(where: \.isNewline) else {
            add(.notText(maximum: maximum), at: cell.place)
            return nil
        }
        return text
    }

    mutating func add(_ kind: DirectoryMistake.Kind, in column: String, of row: CSVTable.Row) {
        if let cell = cell(column, of: row) { add(kind, at: cell.place) }
    }

    mutating func add(_ kind: DirectoryMistake.Kind, at place: CSVTable.Place) {
        mistakes.append(DirectoryMistake(file: file, place: place, kind: kind))
    }

    private func cell(_ column: String, of row: CSVTable.Row) -> CSVTable.Cell? {
        columns[column].map { row.cells[$0] }
    }

    private static func trimmed(_ text: String) -> String {
        let end = text.lastIndex { !$0.isWhitespace }
        guard let start = text.firstIndex(where: { !$0.isWhitespace }), let end else { return "" }
        return String(text[start...end])
    }
}
