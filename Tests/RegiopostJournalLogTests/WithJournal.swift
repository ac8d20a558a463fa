import Foundation
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport

@testable import RegiopostJournalLog

/// The function that `ProposalMaker` makes digests by.
let testHash: LogHash = { bytes in
    guard let digest = try? ProposalMaker.digest(of: Array(bytes)) else { preconditionFailure("it makes 32 bytes") }
    return digest
}

/// Segments of a few KiB, so that a test goes through many.
let tiny = LogSizing(smallestSegment: 2_048, largestSegment: 2_048)

/// A journal that a test opens, closes, kills and damages.
struct TestJournal {
    let folder: JournalFolder
    var sizing = LogSizing(smallestSegment: 64 << 10, largestSegment: 64 << 10)
    var disk = DiskCalls.system

    func create() async throws -> LogJournal {
        try await LogJournal.create(at: folder.path, epoch: "00000000000000f1", sizing: sizing, hash: testHash)
            .close()
        return try await open()
    }

    func open(newEpoch: String? = nil) async throws(JournalError) -> LogJournal {
        try await LogJournal.open(at: folder.path, newEpoch: newEpoch, sizing: sizing, hash: testHash, disk: disk)
    }

    func segment(_ number: Int) -> String { folder.segments + "/" + SegmentName.file(number) }

    func bytes(of segment: Int) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: self.segment(segment))))
    }

    func write(_ bytes: [UInt8], to segment: Int) throws {
        try Data(bytes).write(to: URL(filePath: self.segment(segment)))
    }

    func removeIndex() { IndexFile(path: folder.index).remove() }

    /// Copies everything, as a power cut or a backup would see it. What is in memory only isn't there.
    func copy(to path: String) throws -> TestJournal {
        try FileManager.default.copyItem(atPath: folder.path, toPath: path)
        return TestJournal(folder: JournalFolder(path: path), sizing: sizing, disk: disk)
    }

    /// Where the records of a segment begin, and where the last one ends.
    func places(in segment: Int) throws -> [Int] {
        let file = try SegmentFile(segment, path: self.segment(segment), forWriting: false)
        let header = try SegmentHeader(try bytes(of: segment), path: file.path)
        var walk = try SegmentWalk(file, header, hash: testHash)
        var places: [Int] = []
        while case .record(_, let offset) = try walk.next() { places.append(offset) }
        return places + [walk.end.place.offset]
    }
}

/// Runs `body` with a folder of its own, and removes it afterwards.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path)
}

/// Runs `body` with an empty journal in a folder of its own, and closes it.
func withJournal<Value>(
    sizing: LogSizing? = nil, disk: DiskCalls = .system, _ body: (LogJournal, TestJournal) async throws -> Value
) async throws -> Value {
    try await withFolder { folder in
        var test = TestJournal(folder: JournalFolder(path: folder + "/journal"), disk: disk)
        if let sizing { test.sizing = sizing }
        let journal = try await test.create()
        let value = try await body(journal, test)
        try await journal.close()
        return value
    }
}
