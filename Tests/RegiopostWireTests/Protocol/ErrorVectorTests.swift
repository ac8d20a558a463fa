import RegiopostJSON
import RegiopostModel
import RegiopostWire
import Testing

@Suite("Vectors: errors") struct ErrorVectorTests {
    @Test("every code is there with its retry, its meaning and whether it ends the connection, and no other")
    func codes() throws {
        let expected = RefusalCode.allCases.map { code in
            JSONValue.object([
                "code": .string(code.rawValue), "retry": .string(code.retry.rawValue),
                "ends": .string(code.ending.rawValue), "meaning": .string(code.sentence),
            ])
        }
        #expect(try ProtocolFiles.cases("errors", "codes") == expected)
    }

    @Test("the specification names the codes that end a connection as they are") func named() throws {
        let specification = try ProtocolFiles.text("specification.md")
        let start = try #require(specification.range(of: "which codes stand in BYE:"))
        let end = try #require(specification.range(of: ".\n", range: start.upperBound..<specification.endIndex))
        let sentence = specification[start.upperBound..<end.lowerBound].split(separator: "in nothing else")
        func names(_ text: Substring) -> Set<String> {
            Set(
                text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .compactMap { $0.offset.isMultiple(of: 2) ? nil : String($0.element) })
        }
        func codes(_ ending: RefusalCode.Ending) -> Set<String> {
            Set(RefusalCode.allCases.filter { $0.ending == ending }.map(\.rawValue))
        }
        try #require(sentence.count == 2)
        #expect(names(sentence[0]) == codes(.always))
        #expect(names(sentence[1]) == codes(.sometimes))
    }

    @Test("an answer to a change says by its retry what becomes of it") func answers() throws {
        let does: [Retry: String] = [.never: "keep", .later: "again", .afterSync: "sync"]
        var unknown: Set<String> = []
        for vector in try ProtocolFiles.cases("errors", "answers") {
            let message = try ServerMessage(line: Array(try vector.text("line").utf8)[...])
            guard case .reply(_, .no(let rejection)) = message else {
                Issue.record("no refusal: \(vector.text)")
                continue
            }
            #expect(vector["does"]?.string == does[rejection.retry])
            #expect(vector["definite"]?.bool == (rejection.retry != .later))
            if let known = RefusalCode(rawValue: rejection.code) {
                #expect(known.retry == rejection.retry && known.ending != .always)
            } else {
                unknown.insert(rejection.retry.rawValue)
            }
        }
        #expect(unknown.count == Retry.allCases.count)
    }

    @Test("a goodbye of every code that ends a connection says whether to come back") func goodbyes() throws {
        var seen: Set<String> = []
        for vector in try ProtocolFiles.cases("errors", "goodbyes") {
            let message = try ServerMessage(line: Array(try vector.text("line").utf8)[...])
            guard case .bye(let code, _) = message else {
                Issue.record("no goodbye: \(vector.text)")
                continue
            }
            let known = RefusalCode(rawValue: code)
            #expect(vector["connect"]?.string == (known?.retry == .never ? "never" : "later"), "\(code)")
            if known != nil { seen.insert(code) }
        }
        #expect(seen == Set(RefusalCode.allCases.filter { $0.ending != .never }.map(\.rawValue)))
    }
}
