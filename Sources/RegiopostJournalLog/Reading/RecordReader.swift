import RegiopostJournal
import RegiopostModel

/// Where a record can be had from.
enum RecordSource: Sendable {
    /// From the group that it was written with, from this offset on.
    case memory(GrowingBytes, offset: Int, StoredPlace)
    case log(StoredPlace)

    init(_ record: Generation.Record) {
        if let group = record.group {
            self = .memory(group, offset: record.offset, record.stored)
        } else {
            self = .log(record.stored)
        }
    }

    var stored: StoredPlace {
        switch self {
        case .memory(_, _, let stored), .log(let stored): stored
        }
    }
}

extension SegmentFiles {
    /// The entries of a mailbox that these records are, from a position on. Records that lie close together in the log are read
    /// together.
    func entries(_ sources: [RecordSource], from position: Int) throws(JournalError) -> [MailboxEntry] {
        var entries: [MailboxEntry] = []
        entries.reserveCapacity(sources.count)
        var rest = sources[...]
        while let source = rest.first {
            switch source {
            case .memory(let group, let offset, let stored):
                entries.append(try Self.entry(group.bytes, at: offset, stored, position: position + entries.count))
                rest = rest.dropFirst()
            case .log:
                let run = LogRun(rest)
                try read(run, position + entries.count, to: &entries)
                rest = rest.dropFirst(run.records.count)
            }
        }
        return entries
    }

    private func read(
        _ run: LogRun, _ position: Int, to entries: inout [MailboxEntry]
    ) throws(JournalError) {
        let file = try file(run.place.segment)
        try withUnsafeTemporaryAllocation(byteCount: run.bytes, alignment: 16) { (room) throws(JournalError) in
            guard try file.read(room, at: run.place.offset) == run.bytes else { throw Self.noRecord(run.place) }
            let bytes = UnsafeRawBufferPointer(room)
            for (index, stored) in run.records.enumerated() {
                entries.append(
                    try Self.entry(
                        bytes, at: stored.place.offset - run.place.offset, stored, position: position + index))
            }
        }
    }

    /// A record's text with its number, digest and time of receipt: what a mailbox's entry is made of.
    private static func entry(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, _ stored: StoredPlace, position: Int
    ) throws(JournalError) -> MailboxEntry {
        let end = offset + stored.headBytes + stored.textBytes
        guard end <= bytes.count, let (number, digest, time) = marks(bytes.start + offset, stored.headBytes) else {
            throw noRecord(stored.place)
        }
        let text = Array(UnsafeRawBufferPointer(rebasing: bytes[offset + stored.headBytes..<end]))
        return MailboxEntry(position: position, line: text, digest: digest, receivedAt: time, number: number)
    }

    /// A record's attributes and text.
    func whole(_ source: RecordSource) throws(JournalError) -> (head: RecordHead, text: [UInt8]) {
        let stored = source.stored
        switch source {
        case .memory(let group, let offset, _):
            let head = try Appender.head(in: group, at: offset)
            return (head, group.array(offset + stored.headBytes, stored.textBytes))
        case .log:
            let head = try head(at: stored)
            let file = try file(stored.place.segment)
            return (head, try file.read(stored.textBytes, at: stored.place.offset + stored.headBytes))
        }
    }

    /// A record's attributes.
    func head(_ source: RecordSource) throws(JournalError) -> RecordHead {
        switch source {
        case .memory(let group, let offset, _): try Appender.head(in: group, at: offset)
        case .log(let stored): try head(at: stored)
        }
    }

    /// The number, digest and time of receipt in a record's attributes; `nil` where these are none.
    static func marks(_ start: UnsafeRawPointer, _ headBytes: Int) -> (Int, Digest, Timestamp)? {
        guard headBytes > RecordFormat.receivedOffset + RecordFormat.receivedBytes + RecordFormat.digestDistance,
            let number = RecordFormat.number(start),
            let time = RecordTime.read(start + RecordFormat.receivedOffset),
            let digest = Digest.read(start + headBytes - RecordFormat.digestDistance)
        else { return nil }
        return (number, digest, time)
    }
}
