import Foundation
import RegiopostJSON
import RegiopostModel
import Testing

/// `Protocol/schemas/change.json` says what this implementation writes and reads.
@Suite("The schema of changes") struct ChangeSchemaTests {
    private static let schema = Result {
        JSONSchema(try JSONReader.read(Array(try ProtocolFiles.text("schemas/change.json").utf8)))
    }

    @Test("what the vectors call a change fits, and has a schema of its own") func legal() throws {
        let schema = try Self.schema.get()
        var types: Set<String> = []
        for vector in try ProtocolFiles.cases("changes", "legal") {
            let name = try vector.text("name")
            let change = try JSONReader.read(try vector.line())
            types.insert(try change.text("type"))
            // The one thing that the rules answer themselves, because they can say which dossier is meant.
            let errors = try schema.errors(in: change).filter { $0 != "$.body.dossier required" }
            #expect(errors.isEmpty, "\(name): \(errors)")
        }
        #expect(types.isSuperset(of: ChangeType.allCases.map(\.rawValue)))
    }

    @Test("what the vectors call no change doesn't fit, where a schema can say so") func illegal() throws {
        let schema = try Self.schema.get()
        // Calendars, equal texts, bytes and what is named elsewhere are beyond a schema.
        var beyond = 0
        var refused = 0
        for vector in try ProtocolFiles.cases("changes", "illegal") {
            guard ["missing-field", "bad-field"].contains(try vector.text("code")),
                let change = try? JSONReader.read(try vector.line())
            else { continue }
            if try schema.errors(in: change).isEmpty {
                beyond += 1
                #expect(try vector.text("code") != "missing-field", "\(vector)")
            } else {
                refused += 1
            }
        }
        #expect(beyond * 6 < refused, "\(beyond) beyond, \(refused) refused")
    }

    @Test("what the model writes fits, for every type", arguments: ChangeType.allCases)
    func written(_ type: ChangeType) throws {
        var sample = try RightsCase(type)
        let authors = ["pv28/regiopostd", "gm0503/college", "pv28/secretariaat", "gm0503/griffie"]
        for author in authors {
            let change = try sample.story.change(author, sample.subject, type, sample.body)
            let errors = try Self.schema.get().errors(in: try JSONReader.read(change.line()))
            #expect(errors.isEmpty, "\(errors)")
        }
    }
}
