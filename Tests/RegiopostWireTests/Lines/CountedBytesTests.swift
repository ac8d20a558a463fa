import RegiopostWire
import Testing

@Suite("Counted bytes in a stream of lines") struct CountedBytesTests {
    /// What a framer made of a stream in which a line that is a number counts the bytes after it.
    private struct Taken: Equatable {
        var lines: [[UInt8]] = []
        var bytes: [UInt8] = []
        var pending = 0
        var error: FramingError?
    }

    private func taken(_ pieces: [[UInt8]], limit: Int) -> Taken {
        var framer = LineFramer(limit: limit)
        var result = Taken()
        for piece in pieces {
            framer.append(piece)
            do throws(FramingError) {
                while true {
                    if let bytes = framer.takeCounted() {
                        result.bytes += bytes
                    } else if let line = try framer.next() {
                        result.lines.append(Array(line))
                        framer.expect(Int(String(decoding: line, as: UTF8.self)) ?? 0)
                    } else {
                        break
                    }
                }
            } catch {
                result.error = error
            }
        }
        result.pending = framer.pending
        return result
    }

    @Test("any split gives the same lines, bytes and errors, and counted bytes may be anything", arguments: 0..<60)
    func splitting(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let any: [UInt8] = [0x0A, 0x0D, 0x00, 0x31, 0x61, 0xFF]
        var stream: [UInt8] = []
        var expected = Taken()
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let count = Int.random(in: 0...40, using: &random)
            let bytes = (0..<count).map { _ in any[Int.random(in: 0..<any.count, using: &random)] }
            stream += Array("\(count)\nab\n".utf8.prefix(count == 0 ? 0 : String(count).utf8.count + 1)) + bytes
            stream += Array("next\n".utf8)
            if count > 0 { expected.lines.append(Array(String(count).utf8)) }
            expected.lines.append(Array("next".utf8))
            expected.bytes += bytes
        }
        switch seed % 3 {
        case 0:
            stream += Array("li\rne\n".utf8)
            expected.error = .badByte
        case 1:
            stream += Array("much too long a line".utf8)
            expected.error = .lineTooLong
        default:
            stream += Array("rest".utf8)
            expected.pending = 4
        }
        for pieces in splits(of: stream, seed: seed) { #expect(taken(pieces, limit: 8) == expected) }
    }

    @Test("counted bytes are handed on as they come, and never held") func bounded() throws {
        var framer = LineFramer(limit: 100)
        framer.append(Array("1000000000000\n".utf8))
        _ = try framer.next()
        framer.expect(1_000_000_000_000)
        for _ in 0..<1_000 {
            framer.append([UInt8](repeating: 0x0A, count: 1_000))
            #expect(framer.takeCounted()?.count == 1_000)
            #expect(framer.takeCounted() == nil)
            #expect(try framer.next() == nil)
            #expect(framer.pending == 0)
        }
    }

    @Test("bytes that are held stay as they were while the framer goes on") func held() throws {
        var framer = LineFramer(limit: 100)
        framer.append(Array("4\n\r\n\u{0}xafter\n".utf8))
        #expect(try framer.next() == Array("4".utf8)[...])
        framer.expect(4)
        let taken = framer.takeCounted()
        let bytes = try #require(taken)
        #expect(try framer.next() == Array("after".utf8)[...])
        framer.append(Array("more\n".utf8))
        #expect(try framer.next() == Array("more".utf8)[...])
        #expect(bytes == [0x0D, 0x0A, 0x00, 0x78])
    }
}
