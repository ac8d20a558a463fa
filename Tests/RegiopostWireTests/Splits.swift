import RegiopostWire

/// What a framer made of a stream.
struct Framed: Equatable {
    var lines: [[UInt8]] = []
    var pending = 0
    var error: FramingError?
}

/// Feeds the pieces to a framer, taking every line after each.
func framed(_ pieces: [[UInt8]], limit: Int) -> Framed {
    var framer = LineFramer(limit: limit)
    var result = Framed()
    for piece in pieces {
        framer.append(piece)
        do throws(FramingError) {
            while let line = try framer.next() { result.lines.append(Array(line)) }
        } catch {
            result.error = error
        }
    }
    result.pending = framer.pending
    return result
}

/// The ways of splitting a stream that must make no difference: whole, byte by byte, and at random.
func splits(of bytes: [UInt8], seed: UInt64) -> [[[UInt8]]] {
    var random = SeededRandom(seed: seed)
    var all = [[bytes], bytes.map { [$0] }]
    for _ in 0..<20 {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 1 + bytes.count / 3), using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        all.append(pieces)
    }
    return all
}

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
