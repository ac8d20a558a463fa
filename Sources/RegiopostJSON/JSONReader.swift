/// Reads I-JSON (RFC 7493) strictly and within bounds: duplicate keys, unpaired surrogates, noncharacters and
/// depth past the limit are refused. O(bytes), but O(members²) of one object, which `maximumMembers` bounds.
public struct JSONReader {
    /// How deep arrays and objects may nest.
    public static let maximumDepth = 16
    /// How many values one text may hold, so that a short line can't become a large tree.
    public static let maximumValues = 20_000
    /// How many members one object may have.
    public static let maximumMembers = 200

    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var values = 0

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads one JSON value that fills `bytes` from first to last.
    public static func read(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == bytes.count else { throw JSONError(.trailingBytes, at: reader.index) }
        return value
    }

    /// Reads one JSON value that fills `bytes` from first to last.
    public static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
            do throws(JSONError) { return .success(try read(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        values += 1
        guard values <= Self.maximumValues else { throw JSONError(.tooManyValues, at: index) }
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw JSONError(.tooDeep, at: index) }
        index += 1
        var members: [JSONMember] = []
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipSpace()
            let start = index
            guard try peek() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: index) }
            let name = try string()
            guard members.count < Self.maximumMembers else { throw JSONError(.tooManyValues, at: start) }
            guard !members.contains(where: { $0.name == name }) else {
                throw JSONError(.duplicateKey, at: start)
            }
            skipSpace()
            guard try peek() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: index) }
            index += 1
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth)))
            if try endOfList(closing: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw JSONError(.tooDeep, at: index) }
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            skipSpace()
            elements.append(try value(depth: depth))
            if try endOfList(closing: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// After an element: a comma goes on, the closing byte ends the list.
    private mutating func endOfList(closing: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        let byte = try peek()
        guard byte == closing || byte == UInt8(ascii: ",") else { throw JSONError(.unexpectedByte, at: index) }
        index += 1
        return byte == closing
    }

    private mutating func word(_ text: StaticString, _ result: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<text.utf8CodeUnitCount {
            guard index + offset < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
            guard bytes[index + offset] == text.utf8Start[offset] else {
                throw JSONError(.unexpectedByte, at: index + offset)
            }
        }
        index += text.utf8CodeUnitCount
        return result
    }

    /// Whole numbers that JSON keeps exact everywhere: ±(2^53 − 1), RFC 7493 section 2.2. One spelling each: no
    /// leading zero, no `-0`, no fraction, no exponent.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let first = index
        var magnitude = 0
        while let byte = current, isDigit(byte) {
            magnitude = magnitude * 10 + Int(byte - UInt8(ascii: "0"))
            guard magnitude <= JSONValue.maximumInteger else { throw JSONError(.badNumber, at: start) }
            index += 1
        }
        guard index > first else { throw JSONError(isNegative ? .badNumber : .unexpectedByte, at: start) }
        if bytes[first] == UInt8(ascii: "0"), index - first > 1 || isNegative {
            throw JSONError(.badNumber, at: start)
        }
        if let next = current, next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            throw JSONError(.badNumber, at: index)
        }
        return .number(isNegative ? -magnitude : magnitude)
    }

    private mutating func string() throws(JSONError) -> String {
        let start = index
        index += 1
        let first = index
        // Nearly every text is ASCII, where nothing else has to be looked at.
        var seen: UInt8 = 0
        while let eight = EightBytes(bytes, at: index), !eight.holds(UInt8(ascii: "\"")),
            !eight.holds(UInt8(ascii: "\\")), !eight.holdsLess(than: 0x20)
        {
            if !eight.isASCII { seen = 0x80 }
            index += 8
        }
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            seen |= byte
            index += 1
        }
        if current == UInt8(ascii: "\"") {
            let characters = UnsafeRawBufferPointer(rebasing: bytes[first..<index])
            let text =
                seen < 0x80 ? String(decoding: characters, as: UTF8.self) : try validated(characters, at: start)
            index += 1
            return text
        }
        var unescaped = Array(bytes[first..<index])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                let result: Result<String, JSONError> = unescaped.withUnsafeBytes { buffer in
                    do throws(JSONError) { return .success(try validated(buffer, at: start)) } catch {
                        return .failure(error)
                    }
                }
                return try result.get()
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw JSONError(.unexpectedByte, at: index)
            default:
                unescaped.append(byte)
                index += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = index
        index += 1
        let byte = try peek()
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexQuad()
            if (0xD800..<0xDC00).contains(code) {
                guard current == UInt8(ascii: "\\") else { throw JSONError(.badEscape, at: start) }
                index += 1
                guard current == UInt8(ascii: "u") else { throw JSONError(.badEscape, at: start) }
                index += 1
                let low = try hexQuad()
                guard (0xDC00..<0xE000).contains(low) else { throw JSONError(.badEscape, at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw JSONError(.badEscape, at: start) }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.EncodedScalar())
        default: throw JSONError(.badEscape, at: start)
        }
    }

    private mutating func hexQuad() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw JSONError(.badEscape, at: index)
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    /// UTF-8 without noncharacters (RFC 7493 section 2.1).
    private func validated(_ text: UnsafeRawBufferPointer, at start: Int) throws(JSONError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw JSONError(.notUTF8, at: start) }
        if text.contains(where: { $0 >= 0xEF }) {
            for scalar in string.unicodeScalars where isNonCharacter(scalar.value) {
                throw JSONError(.nonCharacter, at: start)
            }
        }
        return string
    }

    private func isNonCharacter(_ code: UInt32) -> Bool {
        (0xFDD0...0xFDEF).contains(code) || code & 0xFFFE == 0xFFFE
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func peek() throws(JSONError) -> UInt8 {
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        return bytes[index]
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }
}
