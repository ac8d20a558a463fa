import RegiopostWire
import Testing

@Suite("Cutting a stream into lines") struct LineFramerTests {
    @Test("a line may be as long as the limit, and one byte more is too long") func bounds() {
        #expect(framed([Array("12345678\n".utf8)], limit: 8).lines == [Array("12345678".utf8)])
        let long = framed([Array("123456789\n".utf8)], limit: 8)
        #expect(long == Framed(lines: [], pending: 0, error: .lineTooLong))
        #expect(framed([Array("12345678\r".utf8)], limit: 8).error == .lineTooLong)
        #expect(framed([Array("1234567\r".utf8)], limit: 8).error == .badByte)
    }

    @Test("a line that never ends is given up at the limit, and nothing of it is kept") func endless() {
        var framer = LineFramer(limit: 1_000)
        var taken = 0
        #expect(throws: FramingError.lineTooLong) {
            for _ in 0..<1_000_000 {
                framer.append([0x61])
                taken += 1
                _ = try framer.next()
            }
        }
        #expect(taken == 1_001)
        #expect(framer.pending == 0)
        framer.append(Array("NOOP\n".utf8))
        #expect(framer.pending == 0)
        #expect(throws: FramingError.lineTooLong) { try framer.next() }
    }

    @Test("any split of any stream gives the same lines, the same rest and the same error", arguments: 0..<60)
    func splitting(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet: [UInt8] = [0x0A, 0x0A, 0x61, 0x62, 0x7B, 0x20, 0xC3, 0xA9]
        var stream = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        if seed.isMultiple(of: 3), !stream.isEmpty {
            stream[Int.random(in: 0..<stream.count, using: &random)] = seed.isMultiple(of: 2) ? 0x0D : 0
        }
        let expected = reference(stream, limit: 12)
        for pieces in splits(of: stream, seed: seed) { #expect(framed(pieces, limit: 12) == expected) }
    }

    @Test("lines that are held stay as they were while the framer goes on") func held() throws {
        var framer = LineFramer(limit: 100)
        framer.append(Array("first\nsecond\nthi".utf8))
        let first = try #require(try framer.next())
        let second = try #require(try framer.next())
        #expect(try framer.next() == nil)
        framer.append(Array("rd\n".utf8))
        #expect(try framer.next() == Array("third".utf8)[...])
        #expect(first == Array("first".utf8)[...])
        #expect(second == Array("second".utf8)[...])
    }

    /// The rule read byte by byte, as the specification has it.
    private func reference(_ stream: [UInt8], limit: Int) -> Framed {
        var result = Framed()
        var line: [UInt8] = []
        for byte in stream {
            if byte == 0x0A {
                result.lines.append(line)
                line = []
                continue
            }
            guard line.count < limit else {
                result.error = .lineTooLong
                return result
            }
            guard byte != 0x0D, byte != 0 else {
                result.error = .badByte
                return result
            }
            line.append(byte)
        }
        result.pending = line.count
        return result
    }
}
