import Foundation
import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Vectors: rights") struct RightsVectorTests {
    @Test("Protocol/vectors/rights.json is what the rules say") func printed() throws {
        let printed = try RightsVectors.document()
        if ProcessInfo.processInfo.environment["REGIOPOST_PRINT_RIGHTS"] != nil {
            try ProtocolFiles.write(printed, to: "vectors/rights.json")
        }
        // Not one #expect on the whole: its failure would print a quarter of a megabyte twice.
        let lines = try ProtocolFiles.text("vectors/rights.json").split(separator: "\n")
        let found = printed.split(separator: "\n")
        #expect(lines.count == found.count)
        for (line, other) in zip(lines, found) where line != other {
            Issue.record("the file and the rules differ; print it anew: \(other.prefix(120))")
        }
    }

    @Test("each address is allowed or refused as the file says, by the file's own lines") func replayed() throws {
        let tried = try ProtocolFiles.cases("rights", "tried").compactMap(\.string)
        let directory = try ProtocolFiles.cases("rights", "directory").compactMap(\.string)
        var types: Set<ChangeType> = []
        for vector in try ProtocolFiles.cases("rights", "cases") {
            let name = Comment(rawValue: try vector.text("name"))
            var world = Correspondence()
            for line in directory + (vector["prior"]?.array ?? []).compactMap({ $0["line"]?.string }) {
                let change = try Change(line: Array(line.utf8))
                world.take(change, digest: change.lineDigest, receivedAt: nil)
            }
            #expect(world.misfits.isEmpty, name)
            var expected = Dictionary(uniqueKeysWithValues: vector.texts("allowed").map { ($0, String?.none) })
            for member in vector["refused"]?.members ?? [] {
                for address in member.value.array ?? [] { expected[try #require(address.string)] = member.name }
            }
            #expect(expected.keys.sorted() == tried.sorted(), name)
            for address in tried {
                let line = try vector.text("line").replacing(RightsVectors.mark, with: address)
                let change = try Change(line: Array(line.utf8))
                types.insert(try #require(change.type))
                #expect(code(change, in: world) == expected[address] ?? nil, "\(name) by \(address)")
            }
        }
        #expect(types == Set(ChangeType.allCases))
    }

    private func code(_ change: Change, in world: Correspondence) -> String? {
        do {
            _ = try Rules.judge(
                change, from: change.author, in: world, digest: change.lineDigest, receivedAt: nil)
            return nil
        } catch {
            return error.code.rawValue
        }
    }

    @Test("every type has somebody who may and somebody who may not") func both() throws {
        for vector in try ProtocolFiles.cases("rights", "cases") {
            let name = Comment(rawValue: try vector.text("name"))
            // Nobody answers what isn't addressed to them, or writes to those who may not read it.
            let isNobodys = ["isn't addressed to", "to somebody who may not read it"].contains(
                where: name.rawValue.hasSuffix)
            let isAnybodys = !isNobodys
            #expect(vector.texts("allowed").isEmpty != isAnybodys, name)
            #expect(vector["refused"]?.members?.isEmpty == false, name)
        }
    }
}
