import RegiopostModel
import RegiopostWire

/// One line from a client.
enum Requests {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        guard !input.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else { return }
        // A line stands somewhere in a buffer, seldom at its start.
        let line = (Array("before".utf8) + input)[6...]
        _ = TraceText.text(of: line)
        let request: ClientRequest
        do throws(RequestError) {
            request = try ClientRequest(line: line)
        } catch {
            let rejection = Rejection(error.refusal)
            try Messages.check(error.tag.map { .reply($0, .no(rejection)) } ?? .untagged(rejection))
            return
        }
        var written: [UInt8] = []
        request.write(to: &written)
        try promise(written.last == 0x0A && !written.dropLast().contains(0x0A), "a request is written as one line")
        let again = try? ClientRequest(line: written.dropLast())
        try promise(again == request, "\(request) is read again as \(String(describing: again))")
        try check(request.verb)
    }

    private static func check(_ verb: ClientRequest.Verb) throws(BrokenPromise) {
        let token: CursorToken
        switch verb {
        case .pull(_, let cursor, _), .watch(_, let cursor), .stored(_, let cursor): token = cursor
        default: return
        }
        guard token != .start, let cursor = Cursor(token, epoch: 1) else { return }
        try promise(cursor.token == token, "the cursor \(token.text) is written as \(cursor.token.text)")
    }
}
