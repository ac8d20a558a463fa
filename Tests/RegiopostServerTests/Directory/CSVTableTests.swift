import Testing

@testable import RegiopostServer

@Suite("Comma-separated values") struct CSVTableTests {
    private func read(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8)) }

    private func texts(_ text: String) throws -> [[String]] {
        let table = try read(text)
        return [table.header.map(\.text)] + table.rows.map { $0.cells.map(\.text) }
    }

    @Test(
        "cells are read as RFC 4180 has them",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n\n1,2\n\n\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n,\n", [["a", "b"], ["", ""]]),
            ("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n", [["a", "b"], ["x, y", "he said \"no\""]]),
            ("a\n\"two\nlines\"\n", [["a"], ["two\nlines"]]),
            ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
            ("a\n's-Gravenhage\n", [["a"], ["'s-Gravenhage"]]),
        ]) func cells(text: String, expected: [[String]]) throws
    {
        #expect(try texts(text) == expected)
    }

    @Test("every cell knows its line and column") func places() throws {
        let table = try read("a,b\n\"1\n1\",2\n\n\"x\",yy,z\n")
        let places = table.rows.map { $0.cells.map { [$0.place.line, $0.place.column] } }
        #expect(places == [[[2, 1], [3, 4]], [[5, 1], [5, 5], [5, 8]]])
        #expect(table.rows.map(\.line) == [2, 5])
    }

    @Test(
        "what is no table is refused, with its place",
        arguments: [
            ("", CSVTable.FormError.Reason.empty, 1, 1),
            ("\n\n", .empty, 1, 1),
            ("a\n\"open\n", .quoteOpen, 2, 1),
            ("a,b\n1,x\"y\n", .quoteInside, 2, 4),
            ("a,b\n\"1\"x,2\n", .textAfterQuote, 2, 4),
        ]) func refused(text: String, reason: CSVTable.FormError.Reason, line: Int, column: Int) throws
    {
        let expected = CSVTable.FormError(
            reason: reason, place: CSVTable.Place(line: line, column: column))
        #expect(throws: expected) { try read(text) }
    }

    @Test("bytes that are no UTF-8 are refused") func notUTF8() {
        #expect(throws: CSVTable.FormError(reason: .notUTF8, place: CSVTable.Place(line: 1, column: 1))) {
            try CSVTable([0x61, 0x0A, 0xC3])
        }
    }
}
