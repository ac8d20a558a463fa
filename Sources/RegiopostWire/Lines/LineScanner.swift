/// Reads one line from left to right: words, each after exactly one space, then attributes, then JSON or text.
/// The JSON is not looked into: it stays the slice of the line that it is.
struct LineScanner {
    private let line: ArraySlice<UInt8>
    private var index: Int

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        index = line.startIndex
    }

    /// The next word, of printable ASCII and at least one byte.
    mutating func word(_ field: String) throws(MessageError) -> ArraySlice<UInt8> {
        if index > line.startIndex { try space() }
        let start = index
        while index < line.endIndex, line[index] > 0x20, line[index] < 0x7F { index += 1 }
        guard index > start, index == line.endIndex || line[index] == 0x20 else { throw MessageError(field) }
        return line[start..<index]
    }

    /// What follows the words, up to the end of the line.
    mutating func tail() throws(MessageError) -> LineTail {
        var tail = LineTail()
        while index < line.endIndex {
            try space()
            guard index < line.endIndex else { throw MessageError("space") }
            switch line[index] {
            case UInt8(ascii: "{"):
                guard index - line.startIndex <= Limits.envelope else { throw MessageError("envelope") }
                tail.json = line[index...]
                index = line.endIndex
            case UInt8(ascii: ":"):
                tail.text = try text(line[(index + 1)...])
                index = line.endIndex
            default: try attribute(into: &tail.attributes)
            }
        }
        return tail
    }

    private mutating func space() throws(MessageError) {
        guard index < line.endIndex, line[index] == 0x20 else { throw MessageError("space") }
        index += 1
    }

    private mutating func attribute(into attributes: inout Attributes) throws(MessageError) {
        let start = index
        while index < line.endIndex, line[index] != UInt8(ascii: "="), line[index] != 0x20 { index += 1 }
        guard Self.isName(line[start..<index]), index < line.endIndex, line[index] == UInt8(ascii: "=") else {
            throw MessageError("attribute")
        }
        let name = String(decoding: line[start..<index], as: UTF8.self)
        index += 1
        let first = index
        var isEscaped = false
        while index < line.endIndex, line[index] > 0x20, line[index] < 0x7F {
            isEscaped = isEscaped || line[index] == UInt8(ascii: "%")
            index += 1
        }
        guard index == line.endIndex || line[index] == 0x20 else { throw MessageError(name) }
        let raw = line[first..<index]
        guard let value = isEscaped ? PercentEncoding.decoded(raw) : raw else { throw MessageError(name) }
        try attributes.add(name, value)
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(MessageError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self),
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { throw MessageError("text") }
        return text
    }

    /// Lower-case letters, digits and single hyphens between them, a letter first.
    static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= Limits.name else { return false }
        var previous = UInt8(ascii: "-")
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): if offset == 0 { return false }
            case UInt8(ascii: "-"): if previous == byte { return false }
            default: return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "-")
    }
}

/// What follows the words of a line.
struct LineTail {
    var attributes = Attributes()
    /// The exact bytes from `{` to the end of the line.
    var json: ArraySlice<UInt8>?
    /// What follows ` :`, for people.
    var text: String?
}
