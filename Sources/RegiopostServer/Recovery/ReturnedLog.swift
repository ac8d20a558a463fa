import RegiopostFiles
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// What clients have given back, durably and each change once, until the recovery ends.
///
/// One line a change: `began=0 n=12 received=… giver=gm0503/griffie digest=… {the author's exact text}`. What a power cut left
/// half written at the end is cut off; it was never acknowledged. Blocks, and is used on one thread at a time.
struct ReturnedLog {
    /// One change that was given back.
    struct Entry: Sendable {
        let place: ChangePlace
        let receivedAt: Timestamp
        /// Who gave it back first.
        let giver: Address
        let digest: Digest
        /// Where its text lies in the file.
        fileprivate(set) var offset = 0
        fileprivate(set) var count = 0
    }

    private let file: any ReturnedFile
    private var end = 0
    private var entriesByDigest: [Digest: Entry] = [:]

    /// Reads what is in a file. O(bytes).
    init(_ file: any ReturnedFile) throws(FileError) {
        self.file = file
        let size = try file.size()
        var rest: [UInt8] = []
        var offset = 0
        while offset < size {
            let piece = try file.read(at: offset, count: 1 << 20)
            guard !piece.isEmpty else { break }
            offset += piece.count
            rest += piece
            takeLines(of: &rest)
        }
        if end < size { try file.cut(to: end) }
    }

    /// Takes the whole lines off the front; stops at one that is none.
    private mutating func takeLines(of bytes: inout [UInt8]) {
        var rest = bytes[...]
        while let stop = rest.firstIndex(of: UInt8(ascii: "\n")), var entry = Self.entry(rest[..<stop]) {
            entry.offset += end
            entriesByDigest[entry.digest] = entry
            end += stop + 1 - rest.startIndex
            rest = rest[(stop + 1)...]
        }
        bytes = Array(rest)
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
        guard let brace = line.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        var values: [Substring: Substring] = [:]
        for word in String(decoding: line[..<brace], as: UTF8.self).split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        let text = Array(line[brace...])
        guard let began = values["began"].flatMap({ Int64($0) }), let number = values["n"].flatMap({ Int($0) }),
            let received = values["received"].flatMap({ Timestamp(String($0)) }),
            let giver = values["giver"].flatMap({ Address(String($0)) }),
            let digest = values["digest"].flatMap({ Digest(String($0)) }), Service.digest(text) == digest
        else { return nil }
        let place = ChangePlace(began: Timestamp(milliseconds: began), number: number)
        var entry = Entry(place: place, receivedAt: received, giver: giver, digest: digest)
        (entry.offset, entry.count) = (brace - line.startIndex, text.count)
        return entry
    }

    /// Everything, in the order in which the server had received it.
    var entries: [Entry] { entriesByDigest.values.sorted { $0.place < $1.place } }

    /// Whether it is there.
    func has(_ digest: Digest) -> Bool { entriesByDigest[digest] != nil }

    /// The exact bytes of changes.
    func texts(of entries: [Entry]) throws(FileError) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for entry in entries { texts.append(try file.read(at: entry.offset, count: entry.count)) }
        return texts
    }

    /// Keeps changes that aren't there yet, durably. After an error nothing may be added any more.
    mutating func append(_ changes: [(entry: Entry, text: [UInt8])]) throws(FileError) {
        var bytes: [UInt8] = []
        var added: [Entry] = []
        for change in changes {
            var entry = change.entry
            let head =
                "began=\(entry.place.began.milliseconds) n=\(entry.place.number) received=\(entry.receivedAt.text) "
                + "giver=\(entry.giver.text) digest=\(entry.digest.text) "
            bytes += Array(head.utf8)
            (entry.offset, entry.count) = (end + bytes.count, change.text.count)
            bytes += change.text + [UInt8(ascii: "\n")]
            added.append(entry)
        }
        try file.append(bytes, at: end)
        end += bytes.count
        for entry in added { entriesByDigest[entry.digest] = entry }
    }
}
