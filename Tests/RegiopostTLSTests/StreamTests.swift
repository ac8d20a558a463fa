import RegiopostCrypto
import RegiopostTLS
import Testing

@Suite("TLS streams") struct StreamTests {
    @Test("a close on one side leaves the other way open") func halfClose() throws {
        let wire = try Fixture().openWire()
        try wire.client.send(Array("last request\n".utf8))
        wire.client.engine.closeOutput()
        wire.client.engine.closeOutput()
        wire.settle()
        #expect(wire.server.text == Array("last request\n".utf8))
        #expect(wire.server.events.last == .peerClosed)
        #expect(wire.server.failure == nil)
        #expect { try wire.client.send([1]) } throws: { ($0 as? TLSError)?.code == .notOpen }

        try wire.server.send(Array("reply\n".utf8))
        wire.server.engine.closeOutput()
        wire.settle()
        #expect(wire.client.text == Array("reply\n".utf8))
        #expect(wire.client.events.last == .peerClosed)
        wire.client.engine.receiveEnd()
        wire.server.engine.receiveEnd()
        wire.settle()
        #expect(wire.client.failure == nil && wire.server.failure == nil)
    }

    @Test("an end without a close is a truncation, told once") func truncated() throws {
        let wire = try Fixture().openWire()
        try wire.client.send(Array("half a li".utf8))
        wire.settle()
        wire.server.engine.receiveEnd()
        wire.server.advance()
        wire.server.advance()
        #expect(wire.server.text == Array("half a li".utf8))
        #expect(wire.server.failure?.code == .truncated)
        #expect(wire.server.events.count == 2)
        #expect { try wire.server.send([1]) } throws: { ($0 as? TLSError)?.code == .truncated }
    }

    @Test("an end in the middle of a record or of the handshake is a truncation too") func truncatedEarly() throws {
        let wire = try Fixture().openWire()
        try wire.client.send([UInt8](repeating: 1, count: 100))
        let record = wire.client.output()
        record.dropLast().withUnsafeBytes { wire.server.engine.receive($0) }
        wire.server.engine.receiveEnd()
        wire.server.advance()
        #expect(wire.server.text.isEmpty)
        #expect(wire.server.failure?.code == .truncated)

        let fixture = try Fixture()
        let early = try fixture.wire(try fixture.session())
        early.client.advance()
        early.client.engine.receiveEnd()
        early.client.advance()
        #expect(early.client.failure?.code == .truncated)
    }

    @Test("a changed byte ends the connection, and the first cause is kept") func tampered() throws {
        let wire = try Fixture().openWire()
        try wire.client.send([UInt8](repeating: 1, count: 100))
        var record = wire.client.output()
        record[50] ^= 1
        record.withUnsafeBytes { wire.server.engine.receive($0) }
        wire.server.advance()
        let first = wire.server.failure
        #expect(first?.code == .protocolViolation)
        wire.server.engine.receiveEnd()
        wire.settle()
        #expect(wire.server.failure == first)
        #expect(wire.server.text.isEmpty)
        // The alert was still sent.
        #expect(wire.client.failure?.code == .alert)
    }

    @Test(
        "megabytes arrive whole both ways, in pieces of at most 64 KiB of ciphertext", arguments: [Int.max, 1000])
    func large(piece: Int) throws {
        let wire = try Fixture().openWire()
        let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        for (from, to) in [(wire.client, wire.server), (wire.server, wire.client)] {
            var rest = bytes[...]
            while !rest.isEmpty {
                let before = from.sent
                try from.send(Array(rest.prefix(200_000)))
                #expect(from.engine.pendingOutput <= 1 << 16)
                rest = rest.dropFirst(from.sent - before)
                wire.settle(piece: piece, room: 16384)
            }
            #expect(to.text == bytes)
        }
        #expect(wire.client.failure == nil && wire.server.failure == nil)
    }

    @Test("nothing can be sent before the handshake is done") func early() throws {
        let fixture = try Fixture()
        let wire = try fixture.wire(try fixture.session())
        #expect { try wire.client.send([1]) } throws: { ($0 as? TLSError)?.code == .notOpen }
        wire.settle()
        try wire.client.send([1])
        #expect(wire.client.failure == nil)
    }

    @Test("what comes after the close is dropped") func afterClose() throws {
        let wire = try Fixture().openWire()
        wire.client.engine.closeOutput()
        let close = wire.client.output()
        (close + [1, 2, 3, 4, 5, 6]).withUnsafeBytes { wire.server.engine.receive($0) }
        wire.server.advance()
        [UInt8](repeating: 9, count: 100).withUnsafeBytes { wire.server.engine.receive($0) }
        wire.server.advance()
        #expect(wire.server.events.last == .peerClosed)
        #expect(wire.server.failure == nil)
    }
}
