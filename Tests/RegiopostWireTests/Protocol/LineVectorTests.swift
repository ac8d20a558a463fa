import RegiopostJSON
import RegiopostWire
import Testing

@Suite("Vectors: lines and cursors") struct LineVectorTests {
    @Test("every stream gives its lines, however it is split") func lines() throws {
        let limit = try #require(try ProtocolFiles.vectors("lines")["limit"]?.integer)
        for (index, vector) in try ProtocolFiles.cases("lines", "cases").enumerated() {
            let name = Comment(rawValue: try vector.text("name"))
            let stream = try vector.bytes("stream")
            let expected = Framed(
                lines: try #require(vector["lines"]?.array).compactMap { $0.string.map { Array($0.utf8) } },
                pending: try #require(vector["rest"]?.integer),
                error: vector["error"]?.string.map { $0 == "bad-byte" ? .badByte : .lineTooLong })
            if let code = vector["error"]?.string { #expect(expected.error?.code.rawValue == code, name) }
            for pieces in splits(of: stream, seed: UInt64(index)) {
                #expect(framed(pieces, limit: limit) == expected, name)
            }
        }
    }

    @Test("every cursor means what it should, and is written the same") func cursors() throws {
        let file = try ProtocolFiles.vectors("cursors")
        let epoch = try #require(UInt64(try file.text("epoch"), radix: 16))
        for vector in try ProtocolFiles.cases("cursors", "cases") {
            let name = Comment(rawValue: try vector.text("name"))
            let token = try #require(CursorToken(try vector.text("cursor")), name)
            let cursor = Cursor(token, epoch: epoch)
            #expect(cursor?.position == vector["after"]?.integer, name)
            #expect(cursor?.digest?.text == vector["digest"]?.string, name)
            #expect(cursor.map { String($0.epoch, radix: 16).leftPadded(16) } == vector["epoch"]?.string, name)
            if let cursor, token != .start { #expect(cursor.token == token, name) }
        }
    }
}

extension String {
    func leftPadded(_ width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
