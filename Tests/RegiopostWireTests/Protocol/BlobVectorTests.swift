import RegiopostJSON
import RegiopostModel
import RegiopostWire
import Testing

@Suite("Vectors: blobs") struct BlobVectorTests {
    @Test(
        "every conversation about blobs goes as written, however the client's bytes are split",
        arguments: [Int.max, 1, 7])
    func dialogues(pieceLength: Int) throws {
        for dialogue in try ProtocolFiles.cases("blobs", "dialogues") { try replay(dialogue, pieceLength) }
    }

    private func replay(_ dialogue: JSONValue, _ pieceLength: Int) throws {
        let name = Comment(rawValue: try dialogue.text("name"))
        var server = try prepare(dialogue)
        var output: [UInt8] = []
        for step in try #require(dialogue["steps"]?.array) {
            if let line = step["client"]?.string {
                feed(Array((line + "\n").utf8), to: &server, pieceLength)
            } else if let text = step["clientBytes"]?.string {
                feed(Array(text.utf8), to: &server, pieceLength)
            } else if let expected = step["server"]?.string ?? step["serverBytes"]?.string {
                let bytes = Array((step["server"] == nil ? expected : expected + "\n").utf8)
                output += server.takeOutput()
                let isThere = output.starts(with: bytes)
                #expect(isThere, "\(name): \(expected), not \(String(decoding: output, as: UTF8.self))")
                output.removeFirst(min(bytes.count, output.count))
            } else if step["closes"]?.string == "client" {
                server.run(server.session.peerClosed())
            } else {
                #expect(server.isClosed, name)
            }
        }
        #expect(output + server.takeOutput() == [], name)
    }

    private func feed(_ bytes: [UInt8], to server: inout MemoryServer, _ pieceLength: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            server.receive(Array(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
    }

    private func prepare(_ dialogue: JSONValue) throws -> MemoryServer {
        var digests: [[UInt8]: Digest] = [:]
        for entry in try ProtocolFiles.cases("blobs", "digests") {
            digests[Array(try entry.text("text").utf8)] = Digest(try entry.text("sha256"))
        }
        var limits = Limits.standard
        if let blob = dialogue["limits"]?["blob"]?.integer { limits.blob = blob }
        if let chunk = dialogue["limits"]?["chunk"]?.integer { limits.chunk = chunk }
        var server = MemoryServer(greeting: try Fixtures.greeting(limits), limits: limits) { [digests] bytes in
            digests[bytes] ?? standInDigest(bytes)
        }
        for text in dialogue["blobs"]?.array?.compactMap(\.string) ?? [] {
            server.blobs[server.digest(Array(text.utf8))] = Array(text.utf8)
        }
        return server
    }
}
