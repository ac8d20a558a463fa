import Testing

/// A table of states in the specification: in each state the steps that each side may take.
enum StateTable {
    struct Row: Sendable {
        let state: String
        let steps: [Set<String>]
    }

    /// The rows of the first table below a heading, but for the one that says how it starts.
    static func rows(below heading: String) throws -> [Row] {
        let lines = try ProtocolFiles.text("specification.md")
            .split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("####") && $0.hasSuffix(" " + heading) })
        let table = lines[start...].drop { !$0.hasPrefix("| state ") }.prefix { $0.hasPrefix("|") }
        return table.dropFirst(3).flatMap { line in
            let cells = line.split(separator: "|").map { cell in
                cell.split(separator: ",").map { step in
                    String(step.split(separator: "(")[0].filter { $0 != " " && $0 != "`" })
                }.filter { !$0.isEmpty }
            }
            return cells[0].map { state in Row(state: state, steps: cells.dropFirst().map(Set.init)) }
        }
    }
}
