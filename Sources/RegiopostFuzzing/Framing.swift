import RegiopostWire

/// A stream cut into lines and counted bytes. The first byte of the input is the longest line; a line that begins with a
/// digit is followed by so many counted bytes.
enum Framing {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        guard let limit = input.first.map(Int.init) else { return }
        let stream = Array(input.dropFirst())
        let expected = plainly(stream, limit: limit)
        for size in [max(stream.count, 1), 1, 7] {
            let framed = framed(stream, by: size, limit: limit)
            try promise(framed == expected, "in pieces of \(size): \(framed), not \(expected)")
        }
    }

    private struct Framed: Equatable {
        var lines: [[UInt8]] = []
        var counted: [UInt8] = []
        var pending = 0
        var error: FramingError?
    }

    private static func framed(_ stream: [UInt8], by size: Int, limit: Int) -> Framed {
        var framer = LineFramer(limit: limit)
        var result = Framed()
        for start in stride(from: 0, to: stream.count, by: size) {
            framer.append(Array(stream[start..<min(start + size, stream.count)]))
            do throws(FramingError) {
                while true {
                    if let bytes = framer.takeCounted() {
                        result.counted += bytes
                        continue
                    }
                    guard let line = try framer.next() else { break }
                    result.lines.append(Array(line))
                    framer.expect(count(after: line))
                }
            } catch {
                result.error = error
            }
        }
        result.pending = framer.pending
        return result
    }

    /// The same, a byte at a time and without a buffer.
    private static func plainly(_ stream: [UInt8], limit: Int) -> Framed {
        var result = Framed()
        var line: [UInt8] = []
        var rest = 0
        for byte in stream {
            if rest > 0 {
                rest -= 1
                result.counted.append(byte)
            } else if byte == 0x0A {
                rest = count(after: line[...])
                result.lines.append(line)
                line = []
            } else {
                guard line.count < limit, byte != 0x0D, byte != 0 else {
                    result.error = line.count < limit ? .badByte : .lineTooLong
                    return result
                }
                line.append(byte)
            }
        }
        result.pending = line.count
        return result
    }

    private static func count(after line: ArraySlice<UInt8>) -> Int {
        line.first.map { (0x30...0x39).contains($0) ? Int($0 - 0x30) : 0 } ?? 0
    }
}
