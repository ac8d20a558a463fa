import RegiopostModel

/// The attributes of a record, as they stand before its text.
struct RecordHead: Sendable {
    /// 1, 2, 3 … in the log.
    let sequence: Int
    let receivedAt: Timestamp
    /// The number of the first record that was written and synced together with this one.
    let group: Int
    /// How long the text is.
    let textBytes: Int
    let id: ChangeID
    let subject: String
    let author: Mailbox
    /// In the author's mailbox; 0 outside the audience.
    let position: Int
    /// The audience from here on; `nil` where it is the one before.
    let audience: [Mailbox]?
    let fills: [Fill]
    /// The files that the change cites, by the digests of their bytes.
    let cites: [Digest]
    let digest: Digest
    let chain: Chain
    /// How long the attributes are, with the space before the text.
    let headBytes: Int
    /// How much of the attributes the chain covers.
    let coveredBytes: Int

    /// The whole record with its line end.
    var bytes: Int { headBytes + textBytes + 1 }

    /// Why something is no record.
    enum Fault: Error {
        /// It may be one, were there more bytes.
        case incomplete
        case wrong
    }

    /// Reads the attributes that begin these bytes.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Result<RecordHead, Fault> {
        do throws(Fault) { return .success(try RecordHead(bytes)) } catch { return .failure(error) }
    }

    private init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        var fields = FieldReader(bytes)
        try fields.expect("n=")
        sequence = try fields.number(digits: 12)
        try fields.expect(" received=")
        receivedAt = try fields.timestamp()
        try fields.expect(" group=")
        group = try fields.number(digits: 12)
        try fields.expect(" bytes=")
        textBytes = try fields.number()
        try fields.expect(" id=")
        id = try fields.value(ChangeID.init(_:))
        try fields.expect(" subject=")
        subject = try fields.value { SubjectID($0) == nil ? nil : $0 }
        try fields.expect(" author=")
        author = try fields.value(Mailbox.init(_:))
        try fields.expect(" position=")
        position = try fields.number()
        var audience: [Mailbox]?
        if try fields.has(" to=") { audience = try fields.list(Mailbox.init(_:)) }
        self.audience = audience
        var fills: [Fill] = []
        if try fields.has(" fill=") { fills = try fields.list(Self.fill) }
        self.fills = fills
        var cites: [Digest] = []
        if try fields.has(" files=") { cites = try fields.list { Digest($0) } }
        self.cites = cites
        try fields.expect(" digest=")
        digest = try fields.digest()
        coveredBytes = fields.offset
        try fields.expect(" chain=")
        chain = try fields.digest()
        try fields.expect(" ")
        headBytes = fields.offset
        guard sequence > 0, group > 0, group <= sequence else { throw .wrong }
    }

    private static func fill(_ text: String) -> Fill? {
        let names = text.split(separator: ">", omittingEmptySubsequences: false)
        guard names.count == 2, let from = Mailbox(String(names[0])), let to = Mailbox(String(names[1])) else {
            return nil
        }
        return Fill(from: from, to: to)
    }
}

/// Reads the parts of a record's attributes one after the other.
private struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Goes past these very bytes.
    mutating func expect(_ text: StaticString) throws(RecordHead.Fault) {
        guard try has(text) else { throw .wrong }
    }

    /// Goes past these very bytes, if they come next.
    mutating func has(_ text: StaticString) throws(RecordHead.Fault) -> Bool {
        let count = text.utf8CodeUnitCount
        for index in 0..<count {
            guard offset + index < bytes.count else { throw .incomplete }
            guard bytes[offset + index] == text.utf8Start[index] else { return false }
        }
        offset += count
        return true
    }

    /// A number of so many digits, or of as many as there are, without zeros before it.
    mutating func number(digits: Int? = nil) throws(RecordHead.Fault) -> Int {
        let start = offset
        var value = 0
        while true {
            guard offset < bytes.count else { throw .incomplete }
            let digit = bytes[offset]
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { break }
            guard offset - start < 15 else { throw .wrong }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
            offset += 1
        }
        let count = offset - start
        if let digits {
            guard count >= digits, count == digits || bytes[start] != UInt8(ascii: "0") else { throw .wrong }
        } else {
            guard count > 0, count == 1 || bytes[start] != UInt8(ascii: "0") else { throw .wrong }
        }
        return value
    }

    mutating func timestamp() throws(RecordHead.Fault) -> Timestamp {
        guard bytes.count - offset >= RecordFormat.receivedBytes else { throw .incomplete }
        guard let value = RecordTime.read(bytes.start + offset) else { throw .wrong }
        offset += RecordFormat.receivedBytes
        return value
    }

    mutating func digest() throws(RecordHead.Fault) -> Digest {
        guard bytes.count - offset >= 64 else { throw .incomplete }
        guard let value = Digest.read(bytes.start + offset) else { throw .wrong }
        offset += 64
        return value
    }

    /// What stands before the next space.
    mutating func value<Value>(_ read: (String) -> Value?) throws(RecordHead.Fault) -> Value {
        guard let value = read(try word()) else { throw .wrong }
        return value
    }

    /// What stands before the next space, parted by commas; nothing at all is an empty list.
    mutating func list<Value>(_ read: (String) -> Value?) throws(RecordHead.Fault) -> [Value] {
        let text = try word()
        guard !text.isEmpty else { return [] }
        var values: [Value] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = read(String(part)) else { throw .wrong }
            values.append(value)
        }
        return values
    }

    private mutating func word() throws(RecordHead.Fault) -> String {
        let start = offset
        while true {
            guard offset < bytes.count else { throw .incomplete }
            let byte = bytes[offset]
            if byte == UInt8(ascii: " ") { break }
            guard byte > 0x20, byte < 0x7F else { throw .wrong }
            offset += 1
            guard offset - start <= RecordFormat.maximumHead else { throw .wrong }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
}

extension Digest {
    /// Reads 64 hexadecimal digits; anything else is `nil`.
    static func read(_ start: UnsafeRawPointer) -> Digest? {
        let digits = start.assumingMemoryBound(to: UInt8.self)
        guard let first = Hexadecimal.word(digits), let second = Hexadecimal.word(digits + 16),
            let third = Hexadecimal.word(digits + 32), let fourth = Hexadecimal.word(digits + 48)
        else { return nil }
        return Digest(words: (first, second, third, fourth))
    }
}
