import Foundation
import RegiopostJournal
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

@Suite("The journal's folder") struct JournalFolderTests {
    @Test("what was written is there after opening again, and goes on") func reopen() async throws {
        try await withJournal { journal, test in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let first = try maker.propose(subject, to: [maker.griffie, maker.college])
            let second = try maker.propose(subject, after: first.id)
            let receipts = try await journal.appendAll([first, second])
            try await journal.close()

            let again = try await test.open()
            #expect(again.epoch == "00000000000000f1" && again.notices.isEmpty)
            #expect(try await again.append([first, second]) == receipts.map { .already($0) })
            #expect(try await again.changes(of: subject).map(\.line) == [first.line, second.line])
            let third = try maker.propose(subject, after: second.id, to: [maker.griffie, maker.college])
            #expect(try await again.appendAll([third]).map(\.position) == [3])
            #expect(try await again.digests(in: maker.college) == [first.digest, second.digest, third.digest])
            try await again.close()
        }
    }

    @Test("a new epoch is kept") func epoch() async throws {
        try await withJournal { journal, test in
            try await journal.close()
            let restored = try await test.open(newEpoch: "second")
            #expect(restored.epoch == "second")
            try await restored.close()
            let again = try await test.open()
            #expect(again.epoch == "second")
            try await again.close()
        }
    }

    @Test("its owner alone may read it") func rights() async throws {
        try await withJournal { journal, test in
            var maker = try ProposalMaker()
            try await journal.appendAll([maker.propose(maker.nextSubject())])
            try await journal.set("name", to: [1])
            let walk = try #require(FileManager.default.enumerator(atPath: test.folder.path))
            var count = 0
            for case let name as String in walk {
                let attributes = try FileManager.default.attributesOfItem(atPath: test.folder.path + "/" + name)
                let rights = attributes[.posixPermissions] as? Int
                #expect(
                    rights == (attributes[.type] as? FileAttributeType == .typeDirectory ? 0o700 : 0o600), "\(name)"
                )
                count += 1
            }
            #expect(count >= 6)
        }
    }

    @Test("nothing is made over anything, nor opened where there is nothing") func places() async throws {
        try await withJournal { _, test in
            await expect(.alreadyExists) { try await test.create() }
            await expect(.missing) {
                try await TestJournal(folder: JournalFolder(path: test.folder.path + "x")).open()
            }
            await expect(.missing) {
                try await TestJournal(folder: JournalFolder(path: test.folder.path + "/no/where")).create()
            }
            #expect(!FileManager.default.fileExists(atPath: test.folder.path + "x"))
        }
    }

    @Test("what an interrupted making left is taken away, and nothing else") func discard() async throws {
        try await withJournal { journal, test in
            try await journal.close()
            try FileManager.default.copyItem(atPath: test.folder.path, toPath: test.folder.path + ".new")
            try LogJournal.discard(at: test.folder.path)
            #expect(!FileManager.default.fileExists(atPath: test.folder.path))
            #expect(!FileManager.default.fileExists(atPath: test.folder.path + ".new"))
            let again = try await test.create()
            try await again.close()
            try Data([1]).write(to: URL(filePath: test.folder.path + "/mine"))
            #expect(throws: JournalError.self) { try LogJournal.discard(at: test.folder.path) }
            #expect(FileManager.default.fileExists(atPath: test.folder.path + "/mine"))
        }
    }

    @Test("segments begin small and grow with the log, and are cut to their end when the next one begins")
    func segments() async throws {
        let sizing = LogSizing(smallestSegment: 4_096, largestSegment: 16_384)
        try await withJournal(sizing: sizing) { journal, test in
            var maker = try ProposalMaker()
            for _ in 0..<60 {
                try await journal.appendAll([
                    maker.propose(maker.nextSubject(), line: [UInt8](repeating: 97, count: 700))
                ])
            }
            let size = try await journal.size()
            #expect(size.records == 60 && size.segments >= 5)
            var sizes: [Int] = []
            var total = 0
            for number in 1..<size.segments {
                let bytes = try test.bytes(of: number)
                #expect(bytes.last == UInt8(ascii: "\n"), "no zeros are left at the end of segment \(number)")
                sizes.append(bytes.count)
                total += bytes.count
            }
            #expect(sizes[0] <= 4_096 && sizes[1] <= 4_096 && sizes[2] > 4_096 && sizes.allSatisfy { $0 <= 16_384 })
            #expect(try test.bytes(of: size.segments).count == 16_384)
            #expect(size.bytes > total && size.bytes < total + 16_384)
        }
    }

    @Test("a group that no segment takes gets one of its own size") func large() async throws {
        try await withJournal(sizing: tiny) { journal, test in
            var maker = try ProposalMaker()
            let large = try maker.propose(maker.nextSubject(), line: [UInt8](repeating: 97, count: 100_000))
            let small = try maker.propose(maker.nextSubject())
            try await journal.appendAll([small, large])
            try await journal.close()
            test.removeIndex()
            let again = try await test.open()
            #expect(try await again.changes(of: large.subject).map(\.line) == [large.line])
            #expect(try await again.verify().records == 2)
            try await again.close()
        }
    }

    @Test("a copy that was made file by file while records were written is whole up to where it ends") func rsync()
        async throws
    {
        try await withJournal(sizing: LogSizing(smallestSegment: 8_192, largestSegment: 8_192)) { journal, test in
            var maker = try ProposalMaker()
            var proposals: [Proposal] = []
            for _ in 0..<100 { proposals.append(try maker.propose(maker.nextSubject())) }
            let copied = test.folder.path + "-copy"
            let writing = Task { [proposals] in
                for proposal in proposals {
                    try await journal.appendAll([proposal])
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            let acknowledged = try await journal.size().records
            // As the README says: the segments and the register, not the index.
            try FileManager.default.createDirectory(atPath: copied, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: test.folder.segments, toPath: copied + "/segments")
            try FileManager.default.copyItem(atPath: test.folder.register, toPath: copied + "/register.sqlite")
            try await writing.value
            let copy = TestJournal(folder: JournalFolder(path: copied), sizing: test.sizing)
            let again = try await copy.open(newEpoch: "00000000000000f2")
            let size = try await again.verify()
            #expect(size.records >= acknowledged && size.records <= 100)
            #expect(try await again.digests(in: maker.griffie) == proposals.prefix(size.records).map(\.digest))
            try await again.close()
        }
    }

    private func expect(
        _ code: JournalError.Code, at location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> LogJournal
    ) async {
        let error = await #expect(throws: JournalError.self, sourceLocation: location) { _ = try await body() }
        #expect(error?.code == code, sourceLocation: location)
    }
}
