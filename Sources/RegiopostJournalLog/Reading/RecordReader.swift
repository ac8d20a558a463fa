import Glibc
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
    /// A record's text with its number, digest and time of receipt: what a mailbox's entry is made of. One copy, one call.
    func entry(_ source: RecordSource, at position: Int) throws(JournalError) -> MailboxEntry {
        let stored = source.stored
        switch source {
        case .memory(let group, let offset, _):
            guard let (number, digest, time) = Self.marks(group.start + offset, stored.headBytes) else {
                throw Self.noRecord(stored.place)
            }
            let text = group.array(offset + stored.headBytes, stored.textBytes)
            return MailboxEntry(
                position: position, line: text, digest: digest, receivedAt: time, number: number)
        case .log:
            let file = try file(stored.place.segment)
            var found: (Int, Digest, Timestamp)?
            let text = [UInt8](unsafeUninitializedCapacity: stored.textBytes) { text, count in
                found = file.marks(of: stored, textTo: text)
                count = found == nil ? 0 : stored.textBytes
            }
            guard let (number, digest, time) = found else { throw Self.noRecord(stored.place) }
            return MailboxEntry(
                position: position, line: text, digest: digest, receivedAt: time, number: number)
        }
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

extension SegmentFile {
    /// Reads a record's text to where it is wanted, and answers its number, digest and time of receipt; `nil` where there is
    /// no record.
    func marks(
        of stored: StoredPlace, textTo text: UnsafeMutableBufferPointer<UInt8>
    ) -> (Int, Digest, Timestamp)? {
        withUnsafeTemporaryAllocation(byteCount: stored.headBytes, alignment: 8) { head in
            var parts = [
                iovec(iov_base: head.baseAddress, iov_len: stored.headBytes),
                iovec(iov_base: text.baseAddress, iov_len: stored.textBytes),
            ]
            var count: Int
            repeat {
                count = preadv(descriptor, &parts, 2, off_t(stored.place.offset))
            } while count < 0 && errno == EINTR
            guard count == stored.headBytes + stored.textBytes, let start = head.baseAddress else { return nil }
            return SegmentFiles.marks(start, stored.headBytes)
        }
    }
}
