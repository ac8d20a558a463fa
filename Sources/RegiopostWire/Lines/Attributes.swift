/// The `name=value` pairs of a line, in the order written and decoded. A name stands there once; names that
/// nobody asks for are ignored, which is how the protocol grows.
struct Attributes {
    private(set) var all: [(name: String, value: ArraySlice<UInt8>)] = []

    /// Takes one more; a repeated name or one too many is an error.
    mutating func add(_ name: String, _ value: ArraySlice<UInt8>) throws(MessageError) {
        guard !all.contains(where: { $0.name == name }) else { throw MessageError(name) }
        guard all.count < Limits.attributes else { throw MessageError("attribute") }
        all.append((name, value))
    }

    /// The value as text; `nil` where the attribute isn't there. O(attributes).
    func text(_ name: String) -> String? {
        all.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// What `read` makes of the value; an error where the attribute is missing or `read` makes nothing of it.
    func required<Value>(_ name: String, _ read: (String) -> Value?) throws(MessageError) -> Value {
        guard let text = text(name), let value = read(text) else { throw MessageError(name) }
        return value
    }

    /// What `read` makes of the value, `nil` where the attribute isn't there; an error where `read` makes nothing
    /// of it.
    func optional<Value>(_ name: String, _ read: (String) -> Value?) throws(MessageError) -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = read(text) else { throw MessageError(name) }
        return value
    }

    /// Reads 1 to 15 decimal digits without leading zeros.
    static func number(_ text: String) -> Int? {
        let digits = text.utf8
        guard (1...15).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == 1 || digits.first != 0x30
        else { return nil }
        return Int(text)
    }

    /// Reads `yes` or `no`.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "yes": true
        case "no": false
        default: nil
        }
    }

    /// Reads the 16 lower-case hexadecimal digits of an epoch.
    static func epoch(_ text: String) -> UInt64? {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return text.utf8.count == 16 && isHex ? UInt64(text, radix: 16) : nil
    }
}
