import RegiopostModel

/// Writes values one behind the other: numbers in groups of seven bits, the lowest first, texts behind their length.
struct SummaryWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func put(_ number: Int) {
        // Days before 1970 are below zero: the sign goes to the end.
        var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> (Int.bitWidth - 1))))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(_ text: String) {
        put(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func put(_ date: CalendarDate) { put(date.daysSince1970) }

    mutating func put(_ id: ChangeID) { bytes.append(contentsOf: id.bytes) }

    mutating func put<Value>(_ values: [Value], _ each: (inout SummaryWriter, Value) -> Void) {
        put(values.count)
        for value in values { each(&self, value) }
    }

    mutating func put<Value>(optional value: Value?, _ some: (inout SummaryWriter, Value) -> Void) {
        put(value == nil ? 0 : 1)
        if let value { some(&self, value) }
    }
}

/// Reads what a `SummaryWriter` wrote.
struct SummaryReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func number() throws -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard index < bytes.count, shift < 64 else { throw LetterSummary.Damaged() }
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(truncatingIfNeeded: value >> 1) ^ -Int(truncatingIfNeeded: value & 1) }
            shift += 7
        }
    }

    mutating func text() throws -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: try next(try number())), as: UTF8.self)
    }

    mutating func date() throws -> CalendarDate { CalendarDate(daysSince1970: try number()) }

    mutating func id() throws -> ChangeID {
        let words = UnsafeRawBufferPointer(rebasing: try next(16))
        return try some(
            ChangeID(
                words: (
                    UInt64(bigEndian: words.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: words.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )))
    }

    mutating func list<Value>(_ each: (inout SummaryReader) throws -> Value) throws -> [Value] {
        let count = try number()
        guard (0...bytes.count).contains(count) else { throw LetterSummary.Damaged() }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try each(&self)) }
        return values
    }

    mutating func optional<Value>(_ some: (inout SummaryReader) throws -> Value) throws -> Value? {
        try number() == 0 ? nil : try some(&self)
    }

    func some<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw LetterSummary.Damaged() }
        return value
    }

    private mutating func next(_ count: Int) throws -> Slice<UnsafeRawBufferPointer> {
        guard count >= 0, count <= bytes.count - index else { throw LetterSummary.Damaged() }
        defer { index += count }
        return bytes[index..<(index + count)]
    }
}
