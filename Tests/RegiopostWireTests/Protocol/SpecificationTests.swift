import RegiopostModel
import RegiopostWire
import Testing

@Suite("The specification") struct SpecificationTests {
    private static func words(_ text: some StringProtocol) -> [Substring] {
        Substring(text).split { !($0.isLetter || $0.isNumber || $0 == "-") }
    }

    @Test("the registry has every code with its retry and its sentence, and no other") func registry() throws {
        let specification = try ProtocolFiles.text("specification.md")
        let start = try #require(specification.range(of: "## 14. Registry of codes"))
        let end = try #require(specification.range(of: "## 15."))
        let rows = specification[start.upperBound..<end.lowerBound].split(separator: "\n")
            .filter { $0.hasPrefix("| `") }.map(String.init)
        let expected = RefusalCode.allCases.map { "| `\($0.rawValue)` | \($0.retry.rawValue) | \($0.sentence) |" }
        #expect(rows == expected)
    }

    @Test("every verb has its section and its rule") func verbs() throws {
        let specification = try ProtocolFiles.text("specification.md")
        let grammar = try ProtocolFiles.text("grammar.abnf")
        let requests = try ProtocolFiles.cases("requests", "legal") + ProtocolFiles.cases("blobs", "requests")
        let verbs = requests.compactMap { $0["request"]?["verb"]?.string }
        #expect(Set(verbs).count == 13)
        for verb in Set(verbs) {
            #expect(grammar.contains("%s\"\(verb)\""))
            let isDescribed = specification.split(separator: "\n").contains { line in
                line.hasPrefix("### 7.") && line.split(separator: " ").contains(Substring(verb))
                    || line.contains("C: 1 \(verb) ")
            }
            #expect(isDescribed, "\(verb)")
        }
    }

    @Test("every bound that the specification names is the one in the code") func bounds() throws {
        let text = try ProtocolFiles.text("specification.md").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        func grouped(_ number: Int) -> String {
            number < 1_000 ? String(number) : grouped(number / 1_000) + "," + String(number % 1_000).leftPadded(3)
        }
        let standard = Limits.standard
        let enrolment = Limits.enrolment
        for sentence in [
            "at most `line` + \(grouped(Limits.envelope)) bytes",
            "at most \(grouped(standard.longestLine)) bytes on `regiopost/1`",
            "and \(grouped(enrolment.longestLine)) on `regiopost-enrol/1`",
            "A **tag** is 1 to \(Limits.tag) of", "has at most \(Limits.name) bytes",
            "a line has at most \(Limits.attributes) attributes", "A cursor is 1 to \(Limits.cursor) characters",
            "(\(Limits.secret.lowerBound) to \(Limits.secret.upperBound) bytes)",
            "| for the TLS handshake and the greeting | \(standard.greeting) s |",
            "`idle` s (\(enrolment.idle) s on", "| \(standard.stall) s, then the connection is cut |",
            "once a connection ends | \(standard.closing) s, then it is cut |",
            "more than \(standard.backlog / 1_024) KiB wait", "has at most \(standard.sessions) connections",
            "At most \(standard.strangers) connections wait",
        ] {
            #expect(text.contains(sentence), "\(sentence)")
        }
        #expect(enrolment.enrolAttempts == 5 && text.contains("The fifth refusal ends"))
    }

    @Test("every rule of the grammar is defined once, and every rule used is defined") func grammar() throws {
        let core = ["ALPHA", "DIGIT", "LF", "OCTET", "SP", "VCHAR"]
        // The stream of each side, and the values of attributes, which are asked for by name.
        let roots = [
            "client-stream", "server-stream", "mailbox", "cursor", "number", "limit", "position", "yes-no", "retry",
            "sha256", "size", "offset", "epoch", "id", "time", "address", "capabilities", "secret", "certificate",
        ]
        var defined: [String] = core
        var used: Set<String> = Set(roots)
        for line in try ProtocolFiles.text("grammar.abnf").split(separator: "\n") {
            var rule = line.prefix { $0 != ";" }
            if let equals = rule.range(of: " = ") {
                defined.append(String(rule[..<equals.lowerBound].trimmingSuffix(while: \.isWhitespace)))
                rule = rule[equals.upperBound...]
            }
            for (index, part) in rule.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            where index.isMultiple(of: 2) {
                for word in Self.words(part).map({ $0.drop(while: \.isNumber) })
                where !word.isEmpty && !Self.isNumericValue(word) && word != "s" {
                    used.insert(String(word))
                }
            }
        }
        #expect(Set(defined).count == defined.count)
        #expect(used.subtracting(defined) == [])
        #expect(Set(defined).subtracting(used) == [])
    }

    /// What is left of `%x41-5A` once split: `x41-5A`.
    private static func isNumericValue(_ word: Substring) -> Bool {
        word.first == "x" && word.dropFirst().allSatisfy { $0.isHexDigit || $0 == "-" }
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, isDropped(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
