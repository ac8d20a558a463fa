import RegiopostWire

/// One line from a server.
enum Messages {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        guard !input.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else { return }
        let line = (Array("before".utf8) + input)[6...]
        guard let message = try? ServerMessage(line: line) else { return }
        try check(message)
    }

    /// What is written is read as what it was.
    static func check(_ message: ServerMessage) throws(BrokenPromise) {
        let line = message.line
        try promise(line.last == 0x0A && !line.dropLast().contains(0x0A), "a message is written as one line")
        let again = try? ServerMessage(line: line.dropLast())
        try promise(again == message, "\(message) is read again as \(String(describing: again))")
    }
}
