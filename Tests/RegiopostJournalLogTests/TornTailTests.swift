import Foundation
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

/// What a power cut in the middle of a write leaves, and what damage leaves.
@Suite("The log's end", .timeLimit(.minutes(5))) struct TornTailTests {
    /// Three groups: of one, of two, of three records.
    private func fill(_ journal: LogJournal) async throws -> (ProposalMaker, [[Proposal]]) {
        var maker = try ProposalMaker()
        var groups: [[Proposal]] = []
        for count in 1...3 {
            var group: [Proposal] = []
            for _ in 0..<count {
                group.append(try maker.propose(maker.nextSubject(), to: [maker.griffie, maker.college]))
            }
            try await journal.appendAll(group)
            groups.append(group)
        }
        return (maker, groups)
    }

    /// A closed journal with those groups: where its records begin, and the bytes of its only segment.
    private func withFilled(
        _ body: (TestJournal, ProposalMaker, [[Proposal]], _ places: [Int], _ whole: [UInt8]) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let test = TestJournal(folder: JournalFolder(path: folder + "/journal"), sizing: tiny4)
            let journal = try await test.create()
            let (maker, groups) = try await fill(journal)
            try await journal.close()
            try await body(test, maker, groups, try test.places(in: 1), try test.bytes(of: 1))
        }
    }

    /// Opens what is left after the last group's bytes from `kept` on are gone, where the index knew only the groups
    /// before.
    @Test("a write that was cut at any byte is cut off, said and kept, and what comes next goes on") func torn()
        async throws
    {
        try await withFilled { test, maker, groups, places, whole in
            let (start, end) = (places[3], places[6])
            // Every byte of the last record, and some of those before it in its group.
            let cuts = Array(places[5]..<end) + Array(stride(from: start, to: places[5], by: 37))
            for kept in cuts {
                var bytes = whole
                for index in kept..<end { bytes[index] = 0 }
                try test.write(bytes, to: 1)
                test.removeIndex()
                try? FileManager.default.removeItem(atPath: test.folder.torn)
                let again = try await test.open()
                let survivors = places.filter { $0 > start && $0 <= kept }.count
                #expect(try await again.size().records == 3 + survivors, "\(kept)")
                let isTorn = !places.contains(kept)
                #expect(again.notices.map(\.code) == (isTorn ? [.tailCut] : []), "\(kept)")
                if isTorn {
                    let place = places.last { $0 < kept } ?? 0
                    #expect(
                        again.notices.first?.sentence.contains("segments/000000000001.log, byte \(place)") == true)
                    let saved = try Data(contentsOf: URL(filePath: "\(test.folder.torn)/000000000001-\(place)"))
                    let last = whole[place..<kept].lastIndex { $0 != 0 } ?? place
                    #expect(Array(saved) == Array(whole[place...last]))
                }
                // The same proposals again: what survived is known, the rest is written, and nothing is there twice.
                let outcomes = try await again.append(groups[2])
                #expect(outcomes.prefix(survivors).allSatisfy { if case .already = $0 { true } else { false } })
                #expect(outcomes.dropFirst(survivors).allSatisfy { if case .appended = $0 { true } else { false } })
                #expect(try await again.digests(in: maker.griffie) == groups.joined().map(\.digest))
                if kept % 29 == 0 { #expect(try await again.verify().records == 6) }
                try await again.close()
            }
        }
    }

    @Test("pages of the last group may be missing anywhere in it, as a disk leaves them that writes in any order")
    func holes() async throws {
        try await withFilled { test, maker, groups, places, whole in
            for hole in stride(from: places[3], to: places[6] - 64, by: 61) {
                var bytes = whole
                for index in hole..<hole + 64 { bytes[index] = 0 }
                try test.write(bytes, to: 1)
                test.removeIndex()
                let again = try await test.open()
                let survivors = places.filter { $0 > places[3] && $0 <= hole }.count
                #expect(try await again.size().records == 3 + survivors, "\(hole)")
                #expect(again.notices.map(\.code) == [.tailCut])
                #expect(try await again.append(groups[2]).count == 3)
                #expect(try await again.digests(in: maker.griffie) == groups.joined().map(\.digest))
                try await again.close()
            }
        }
    }

    @Test("a bit that flipped in a record with later groups behind it stops the opening, with its place")
    func flipped() async throws {
        try await withFilled { test, maker, groups, places, whole in
            // Every byte of the second record: each attribute, the text, the line end.
            for index in places[1]..<places[2] {
                var bytes = whole
                bytes[index] ^= index % 3 == 0 ? 0x01 : 0x10
                try test.write(bytes, to: 1)
                for hasIndex in [true, false] where hasIndex || index % 7 == 0 {
                    if !hasIndex { test.removeIndex() }
                    let error = await #expect(throws: JournalError.self) { try await test.open() }
                    #expect(error?.code == .corrupt)
                    #expect(
                        error?.sentence.contains("Record 2 of the log is broken") == true
                            && error?.sentence.contains("segments/000000000001.log, byte \(places[1])") == true,
                        "\(index): \(error?.description ?? "")")
                    #expect(try test.bytes(of: 1) == bytes, "nothing was changed")
                }
                if index % 7 == 0 {
                    try test.write(whole, to: 1)
                    try await test.open().close()
                }
            }
            try test.write(whole, to: 1)
            let again = try await test.open()
            #expect(try await again.digests(in: maker.griffie) == groups.joined().map(\.digest))
            try await again.close()
        }
    }

    @Test("a record that the index knows is never cut off, not even the last one") func known() async throws {
        try await withFilled { test, _, _, places, whole in
            for (index, value) in [(places[5] + 40, UInt8(0)), (places[6] - 2, 0x20), (places[5], 0x78)] {
                var bytes = whole
                bytes[index] = value
                try test.write(bytes, to: 1)
                let error = await #expect(throws: JournalError.self) { try await test.open() }
                #expect(error?.sentence.contains("Record 6 of the log is broken") == true, "\(index)")
            }
            // Gone without a trace, as from an older copy of the segments.
            try test.write(
                Array(whole[..<places[5]]) + [UInt8](repeating: 0, count: whole.count - places[5]), to: 1)
            let error = await #expect(throws: JournalError.self) { try await test.open() }
            #expect(error?.code == .corrupt && error?.sentence.contains("acknowledged changes are missing") == true)
            test.removeIndex()
            let again = try await test.open()
            #expect(try await again.size().records == 5)
            try await again.close()
        }
    }

    @Test(
        "damage in a segment that others follow stops the opening, as does a segment that is missing or another's")
    func segments() async throws {
        try await withFolder { folder in
            let test = TestJournal(folder: JournalFolder(path: folder + "/journal"), sizing: tiny)
            let journal = try await test.create()
            var maker = try ProposalMaker()
            for _ in 0..<20 { try await journal.appendAll([maker.propose(maker.nextSubject())]) }
            let last = try await journal.size().segments
            try #require(last >= 5)
            try await journal.close()
            test.removeIndex()
            let whole = try test.bytes(of: 2)
            let places = try test.places(in: 2)
            let withoutByte: [UInt8] = Array(whole[..<(places[0] - 10)]) + Array(whole[(places[0] - 9)...])
            for (bytes, part) in [
                (Array(whole.dropLast(3)), "000000000002.log, byte \(places[places.count - 2])"),
                (Array(whole[..<places[1]]), "does not go on where 000000000002.log ends"),
                (Array(whole.dropFirst()), "no segment of a log"),
                (try test.bytes(of: 3), "another log or another place"),
                (withoutByte, "first line"),
            ] as [([UInt8], String)] {
                try test.write(bytes, to: 2)
                let error = await #expect(throws: JournalError.self) { try await test.open() }
                #expect(error?.sentence.contains(part) == true, "\(error?.description ?? "")")
            }
            try FileManager.default.removeItem(atPath: test.segment(2))
            let error = await #expect(throws: JournalError.self) { try await test.open() }
            #expect(error?.sentence.contains("000000000002.log is missing") == true)
            try test.write(whole, to: 2)
            let again = try await test.open()
            let (walked, said) = (try await again.verify(), try await again.size())
            #expect(walked == said)
            try await again.close()
        }
    }

    /// One segment that takes all of a test's records, and little more.
    private var tiny4: LogSizing { LogSizing(smallestSegment: 4_096, largestSegment: 4_096) }
}
