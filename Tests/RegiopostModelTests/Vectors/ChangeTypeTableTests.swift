import RegiopostJSON
import RegiopostModel
import Testing

/// Section 8.4 of the specification against the model that it describes.
@Suite("The specification of changes") struct ChangeTypeTableTests {
    private static func section(_ start: String, _ end: String) throws -> [String] {
        let specification = try ProtocolFiles.text("specification.md")
        let from = try #require(specification.range(of: start))
        let to = try #require(specification.range(of: end, range: from.upperBound..<specification.endIndex))
        return specification[from.upperBound..<to.lowerBound]
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func cells(_ row: String) -> [String] {
        row.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
    }

    /// The names between backticks, in order.
    private static func names(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset.isMultiple(of: 2) ? nil : String($0.element) }
    }

    /// The changes that stand as examples: runs of indented lines, put together.
    private static func examples(_ lines: [String]) -> [[UInt8]] {
        lines.split(separator: "").compactMap { block in
            guard let first = block.first, first.hasPrefix("    {") else { return nil }
            return block.flatMap { Array($0.dropFirst(4).utf8) }
        }
    }

    @Test("every type is in the table with its order and its subject, and no other is") func types() throws {
        let rows = try Self.section("### 8.4 Change types", "#### 8.4.1").filter { $0.hasPrefix("| `") }.map(
            Self.cells)
        let expected = ChangeType.allCases.map { ["`\($0.rawValue)`", $0.isCommuting ? "commuting" : "exact"] }
        #expect(rows.map { Array($0.prefix(2)) } == expected)
        #expect(
            rows.map { String($0[2].dropFirst().prefix { $0 != "/" }) }
                == rows.map { String($0[0].dropFirst().prefix { $0 != "." }) })
    }

    @Test("every example is a change, one of each type, and is the vector of its name") func examples() throws {
        let examples = Self.examples(try Self.section("## 8. Changes", "## 9."))
        var seen: [ChangeType: Int] = [:]
        let vectors = try ProtocolFiles.cases("changes", "legal").map { try $0.text("line") }
        for line in examples {
            let text = String(decoding: line, as: UTF8.self)
            let change = try #require(try? Change(line: line), "\(text)")
            seen[try #require(change.type), default: 0] += 1
            #expect(vectors.contains(text), "\(text)")
        }
        #expect(Set(seen.keys) == Set(ChangeType.allCases))
    }

    /// A row of the tables of fields.
    private struct Row {
        let name: String
        let isRequired: Bool
        let value: String

        init?(_ line: String) {
            let cells = ChangeTypeTableTests.cells(line)
            guard cells.count == 3, ["yes", "no"].contains(cells[1]) else { return nil }
            name = String(cells[0].dropFirst().dropLast())
            isRequired = cells[1] == "yes"
            value = cells[2]
        }

        /// A value at a limit that the row names, and one past it; `nil` where it names none.
        var limits: (fits: JSONValue, tooMuch: JSONValue)? {
            let words = value.replacing(",", with: "").split(separator: " ").map(String.init)
            let numbers = words.compactMap(Int.init)
            func text(_ count: Int) -> JSONValue { .string(String(repeating: "a", count: count)) }
            if words.first == "number", numbers.count == 2 { return (.number(numbers[1]), .number(numbers[1] + 1)) }
            let limit = words.contains { $0.hasPrefix("bytes") } ? numbers.first ?? 0 : 4_000
            if words.first?.hasPrefix("text") == true { return (text(limit), text(limit + 1)) }
            guard value.hasPrefix("list of texts") else { return nil }
            return (.array([text(limit)]), .array([text(limit + 1)]))
        }
    }

    @Test("every field is as required and as bounded as the tables say, and the examples have no other")
    func fields() throws {
        var types: [String] = []
        var rows: [Row] = []
        var checked: Set<String> = []
        var lines =
            (try Self.section("#### 8.4.3 Letters", "#### 8.4.8")
            + Self.section("#### 8.4.14 Drafts", "## 9."))[...]
        while let line = lines.popFirst() {
            let named = line.split(separator: "**").map(String.init).filter { ChangeType(rawValue: $0) != nil }
            if line == "| field | required | value |" {
                rows = []
            } else if let row = Row(line) {
                rows.append(row)
            } else if line.hasPrefix("    {") {
                let rest = lines.prefix { $0.hasPrefix("    ") }
                lines = lines.dropFirst(rest.count)
                let text = ([line] + rest).map { String($0.dropFirst(4)) }.joined()
                let change = try JSONReader.read(Array(text.utf8))
                #expect(types.contains(try change.text("type")), "\(text)")
                try check(change, rows)
                checked.insert(try change.text("type"))
            } else if !named.isEmpty {
                types = line.hasPrefix("**") ? named : types + named
            }
        }
        #expect(checked == Set(ChangeType.allCases.map(\.rawValue)))
    }

    private func check(_ change: JSONValue, _ rows: [Row]) throws {
        let type = try change.text("type")
        let body = try #require(change["body"])
        func refused(_ name: String, _ value: JSONValue?) -> Refusal? {
            refusal(of: change.setting("body", to: body.setting(name, to: value)).encoded())
        }
        #expect(Set(body.members?.map(\.name) ?? []) == Set(rows.map(\.name)), "\(type)")
        for row in rows {
            let name = Comment(rawValue: "\(type) \(row.name)")
            // The rules answer a response without a dossier, since only they can say which is meant.
            // Which members a draft needs follows from its kind; the example is a joint one.
            let isJoint = type == "draft.save" && ["members", "letter", "recipients"].contains(row.name)
            let isAsked = (row.isRequired || isJoint) && !(type.hasSuffix(".submit") && row.name == "dossier")
            let missing = Refusal(.missingField, ["field": "body.\(row.name)"])
            #expect(refused(row.name, nil) == (isAsked ? missing : nil), name)
            let wrong = refused(row.name, row.value.hasPrefix("truth") ? .string("true") : .bool(true))
            #expect(wrong?.code == .badField && wrong?.details["field"] == "body.\(row.name)", name)
            guard let limits = row.limits else { continue }
            #expect(refused(row.name, limits.fits) == nil, name)
            #expect(refused(row.name, limits.tooMuch)?.code == .badField, name)
        }
    }
}
