import RegiopostModel
import RegiopostWire

/// What a server sent, as its client reads it.
struct ServerOutput {
    private var framer = LineFramer(limit: Limits.standard.longestLine)
    private var asked: [RequestTag: Int] = [:]
    private var isEnded = false

    /// A line came, under which the server may answer once.
    mutating func asked(_ line: ArraySlice<UInt8>) {
        let word = String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
        if let tag = RequestTag(word) { asked[tag, default: 0] += 1 }
    }

    /// Nothing may be sent any more.
    mutating func end() { isEnded = true }

    /// Every line is a message that is read as it was written, and answers something that was asked.
    mutating func send(_ bytes: [UInt8]) throws(BrokenPromise) {
        try promise(!isEnded, "something is sent after the end: \(String(decoding: bytes, as: UTF8.self))")
        framer.append(bytes)
        while let piece = framer.nextPiece() {
            switch piece {
            case .bytes: break
            case .failed(let error): throw BrokenPromise(description: "the server sent \(error)")
            case .line(let line):
                let text = String(decoding: line, as: UTF8.self)
                guard let message = try? ServerMessage(line: line) else {
                    throw BrokenPromise(description: "the server sent what can't be read: \(text)")
                }
                try Messages.check(message)
                if case .blob(_, _, let count) = message { framer.expect(count) }
                if case .reply(let tag, _) = message {
                    let left = asked[tag] ?? 0
                    try promise(left > 0, "an answer to nothing: \(text)")
                    asked[tag] = left - 1
                }
            }
        }
        try promise(framer.pending == 0, "whole lines are sent")
    }
}
