import RegiopostModel

/// The form of a record: one line of attributes, the author's exact text, and a line end.
///
///     n=000000000012 received=2026-03-27T10:00:00.000Z group=000000000010 bytes=345 id=… subject=…
///     author=… position=4 to=gm0503/griffie,pv28/secretariaat fill=… files=… digest=… chain=… {…}
///
/// (In one line.) `to` stands there where the audience is another than after the subject's last change, and is all
/// of it. `fill` names who takes over what from whom, `files` the files that the text cites. `n`, `received` and
/// `group` have a fixed width, and so have `digest` and `chain`: whoever copies a text to a client finds its digest
/// and time without reading the rest.
enum RecordFormat {
    /// From the record's beginning to the time of receipt.
    static let receivedOffset = 24
    static let receivedBytes = Timestamp.characters
    /// From the first digit of the digest to the text: 64 digits, ` chain=`, 64 digits and a space.
    static let digestDistance = 64 + 7 + 64 + 1
    /// No record's attributes are longer: a thousand mailboxes and more.
    static let maximumHead = 1 << 20

    /// The number that a record begins with: `n=` and twelve digits; `nil` where it doesn't.
    static func number(_ start: UnsafeRawPointer) -> Int? {
        guard start.load(as: UInt8.self) == UInt8(ascii: "n") else { return nil }
        return RecordTime.number(start.assumingMemoryBound(to: UInt8.self) + 2, 12)
    }

    /// At least as many bytes as the attributes of such a record take.
    static func headBound(subject: String, author: String, names: Int) -> Int {
        // 330 of fixed parts, three numbers, and commas.
        400 + subject.utf8.count + author.utf8.count + names
    }
}
