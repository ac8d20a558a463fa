import Glibc
import RegiopostJournal

/// Puts groups of records at the log's end. One thread uses it.
///
/// A group lies in one segment, is written by one call and synced by one: only what came after the last sync can be
/// torn when the power goes.
struct LogWriter {
    private let folder: SegmentFolder
    private let name: String
    private let sizing: LogSizing
    private let disk: DiskCalls
    private var file: SegmentFile
    private var capacity: Int
    /// How many bytes all segments before this one have.
    private var bytesBefore: Int
    private var isNextPrepared = false
    /// Where the next group goes.
    private(set) var end: LogEnd

    init(
        _ folder: SegmentFolder, log name: String, end: LogEnd, bytesBefore: Int, sizing: LogSizing, disk: DiskCalls
    ) throws(JournalError) {
        self.folder = folder
        self.name = name
        self.end = end
        self.sizing = sizing
        self.disk = disk
        self.bytesBefore = bytesBefore
        file = try SegmentFile(end.place.segment, path: folder.path(of: end.place.segment), forWriting: true)
        capacity = try file.size()
    }

    /// How many bytes the segments have together.
    var bytes: Int { bytesBefore + end.place.offset }

    /// Whether so many bytes more go into this segment behind those that wait already.
    func hasRoom(for bytes: Int, behind waiting: Int) -> Bool { end.place.offset + waiting + bytes <= capacity }

    /// Goes on in a new segment that takes at least so many bytes. Everything in this one has to be synced.
    mutating func roll(forAtLeast bytes: Int) throws(JournalError) {
        let next = end.place.segment + 1
        let header = SegmentHeader(log: name, segment: next, first: end.sequence + 1, chain: end.chain)
        try folder.make(header, bytes: max(sizing.segmentBytes(after: self.bytes), bytes + header.line.count))
        let new = try SegmentFile(next, path: folder.path(of: next), forWriting: true)
        // The zeros behind the end have done their work. Where this fails they stay, which harms nobody.
        ftruncate(file.descriptor, off_t(end.place.offset))
        bytesBefore += end.place.offset
        file = new
        capacity = try new.size()
        isNextPrepared = false
        end.place = LogPlace(segment: next, offset: header.line.count)
    }

    /// Writes a group and syncs it; from then on it stays.
    mutating func write(_ group: GrowingBytes, sequence: Int, chain: Chain) throws(JournalError) {
        var number = disk.writeAll(group.bytes, to: file.descriptor, at: end.place.offset)
        guard number == 0 else { throw JournalError(system: number, "write", file.path) }
        number = disk.syncAll(file.descriptor)
        guard number == 0 else { throw JournalError(system: number, "sync", file.path) }
        end = LogEnd(
            place: LogPlace(segment: end.place.segment, offset: end.place.offset + group.count), sequence: sequence,
            chain: chain)
        if !isNextPrepared, end.place.offset > capacity / 2 {
            isNextPrepared = true
            folder.prepare(end.place.segment + 1, bytes: sizing.segmentBytes(after: bytesBefore + capacity))
        }
    }
}
