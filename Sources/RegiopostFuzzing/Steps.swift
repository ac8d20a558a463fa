import RegiopostWire

/// A dialogue as a fuzzer writes it: bytes from the other side, and between them events, each one of the bytes that no
/// UTF-8 has. So a dialogue that was recorded is an input as it stands.
enum Step {
    case bytes(ArraySlice<UInt8>)
    case event(UInt8)

    /// Bytes that stand for events.
    private static func isEvent(_ byte: UInt8) -> Bool { byte >= 0xF5 || byte == 0xC0 || byte == 0xC1 }

    /// Cuts an input into its steps.
    static func steps(of input: [UInt8]) -> [Step] {
        var steps: [Step] = []
        var rest = input[...]
        while let first = rest.first {
            if isEvent(first) {
                steps.append(.event(first))
                rest = rest.dropFirst()
            } else {
                let bytes = rest.prefix { !isEvent($0) }
                steps.append(.bytes(bytes))
                rest = rest.dropFirst(bytes.count)
            }
        }
        return steps
    }
}

extension [Step] {
    /// The same dialogue, its bytes in pieces of at most that size.
    func inPieces(_ size: Int) -> [Step] {
        flatMap { step -> [Step] in
            guard case .bytes(var rest) = step else { return [step] }
            var pieces: [Step] = []
            while !rest.isEmpty {
                pieces.append(.bytes(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            return pieces
        }
    }
}

/// What a framer has next.
enum Piece {
    case bytes(ArraySlice<UInt8>)
    case line(ArraySlice<UInt8>)
    case failed(FramingError)
}

extension LineFramer {
    /// The next piece, as the handlers of both sides take it.
    mutating func nextPiece() -> Piece? {
        if let bytes = takeCounted() { return .bytes(bytes) }
        do throws(FramingError) {
            return try next().map(Piece.line)
        } catch {
            return .failed(error)
        }
    }
}
