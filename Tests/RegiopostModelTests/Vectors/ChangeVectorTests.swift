import RegiopostJSON
import RegiopostModel
import Testing

@Suite("Vectors: changes") struct ChangeVectorTests {
    @Test("every legal line is the change that it should be") func legal() throws {
        var known: Set<ChangeType> = []
        for vector in try ProtocolFiles.cases("changes", "legal") {
            let name = Comment(rawValue: try vector.text("name"))
            let line = try vector.line()
            let expected = try #require(vector["change"])
            let change = try #require(try? Change(line: line), name)
            #expect(change.id.text == expected["id"]?.string, name)
            #expect(change.typeName == expected["type"]?.string, name)
            #expect(change.subject.text == expected["subject"]?.string, name)
            #expect(change.after?.text == expected["after"]?.string, name)
            #expect(change.needs.map(\.text) == expected.texts("needs"), name)
            #expect(change.author.text == expected["author"]?.string, name)
            #expect(change.time.text == expected["time"]?.string, name)
            #expect(change.takenFrom?.text == expected["takenFrom"]?.string, name)
            #expect((change.type != nil) == expected["known"]?.bool, name)
            let order = change.type.map { $0.isCommuting ? "commuting" : "exact" }
            #expect(order == expected["order"]?.string, name)
            if let type = change.type { known.insert(type) }
            if line.count < Change.maximumLine { #expect(try Change(line: change.line()) == change, name) }
        }
        #expect(known == Set(ChangeType.allCases))
    }

    @Test("every mistake has its code and its field") func illegal() throws {
        for vector in try ProtocolFiles.cases("changes", "illegal") {
            let name = Comment(rawValue: try vector.text("name"))
            let refusal = refusal(of: try vector.line())
            #expect(refusal?.code.rawValue == vector["code"]?.string, name)
            let details = refusal?.details ?? [:]
            let field = details["field"].flatMap { $0.isEmpty ? nil : $0 }
            #expect(field == vector["field"]?.string, name)
        }
    }

    @Test("an id that is derived follows from its digest") func ids() throws {
        for vector in try ProtocolFiles.cases("changes", "ids") {
            let digest = try #require(Digest(try vector.text("sha256")))
            #expect(ChangeID(digest: digest.bytes)?.text == vector["id"]?.string)
        }
    }
}
