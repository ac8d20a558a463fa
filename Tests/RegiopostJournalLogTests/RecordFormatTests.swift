import Foundation
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostJournalLog

@Suite("A record in the log") struct RecordFormatTests {
    @Test("is one readable line: attributes, then the author's exact text") func line() async throws {
        try await withJournal { journal, test in
            var maker = try ProposalMaker()
            let subject = maker.nextSubject()
            let text = Array(#"{"type":"letter.publish","body":"Geachte griffier, ça va?"}"#.utf8)
            let first = try maker.propose(subject, to: [maker.griffie, maker.college], line: text)
            let second = try maker.propose(
                subject, after: first.id, to: [maker.griffie, maker.college], line: text)
            let third = try maker.propose(
                subject, after: second.id, to: [], fills: [Fill(from: maker.griffie, to: maker.college)])
            try await journal.appendAll([first, second, third])
            let lines = try String(decoding: test.bytes(of: 1).prefix { $0 != 0 }, as: UTF8.self).split(
                separator: "\n")
            #expect(lines.count == 4)
            #expect(
                lines[0].hasPrefix(
                    "regiopost-log version=1 log=00000000000000f1 segment=000000000001 first=000000000001 chain="))
            // The order of an audience is that in which its mailboxes first got something.
            let isGriffieFirst = String(lines[1]).contains("to=gm0503/griffie,gm0503/college")
            let words: [String] = [
                "n=000000000001", "received=2026-03-27T10:00:00.002Z", "group=000000000001", "bytes=\(text.count)",
                "id=\(first.id.text)", "subject=\(subject.text)", "author=gm0503/griffie", "position=1",
                isGriffieFirst ? "to=gm0503/griffie,gm0503/college" : "to=gm0503/college,gm0503/griffie",
                "digest=\(first.digest.text)", "chain=",
            ]
            let head: String = words.joined(separator: " ")
            #expect(lines[1].hasPrefix(head), "\(lines[1])")
            #expect(lines[1].hasSuffix(String(decoding: text, as: UTF8.self)))
            #expect(!lines[2].contains(" to="), "the audience is the same")
            #expect(lines[2].contains("n=000000000002") && lines[2].contains("group=000000000001"))
            #expect(lines[3].contains(" to= fill=gm0503/griffie>gm0503/college digest="))
        }
    }

    /// `printf '%s %s' CHAIN-BEFORE "ATTRIBUTES" | sha256sum`, with the test's function in SHA-256's place.
    @Test("its chain covers the chain before and its attributes with the digest, and not its text") func chain()
        async throws
    {
        try await withJournal { journal, test in
            var maker = try ProposalMaker()
            try await journal.appendAll([maker.propose(maker.nextSubject()), maker.propose(maker.nextSubject())])
            let lines = try String(decoding: test.bytes(of: 1).prefix { $0 != 0 }, as: UTF8.self).split(
                separator: "\n")
            func value(_ line: Substring, _ name: String) -> String {
                String(line.components(separatedBy: " \(name)=")[1].prefix(64))
            }
            var chain = try ProposalMaker.digest(of: Array("00000000000000f1".utf8)).text
            #expect(value(lines[0], "chain") == chain)
            for line in lines.dropFirst() {
                let attributes = line.components(separatedBy: " chain=")[0]
                chain = try ProposalMaker.digest(of: Array("\(chain) \(attributes)".utf8)).text
                #expect(value(line, "chain") == chain)
            }
        }
    }

    @Test(
        "times are kept to the millisecond",
        arguments: [0, 1, 951_782_400_123, 1_774_605_600_000, 4_102_444_799_999, 253_402_300_799_999] as [Int64])
    func times(milliseconds: Int64) throws {
        let time = Timestamp(milliseconds: milliseconds)
        var bytes = [UInt8](repeating: 0, count: 24)
        bytes.withUnsafeMutableBufferPointer { time.write(to: $0.start) }
        #expect(bytes.withUnsafeBytes { RecordTime.read($0.start) } == time)
        #expect(Timestamp(String(decoding: bytes, as: UTF8.self)) == time)
        for index in bytes.indices {
            var other = bytes
            other[index] = UInt8(ascii: "x")
            #expect(other.withUnsafeBytes { RecordTime.read($0.start) } == nil)
        }
    }

    @Test("attributes that end early may go on, and others are refused") func parsing() async throws {
        try await withJournal { journal, test in
            var maker = try ProposalMaker()
            try await journal.appendAll([
                maker.propose(maker.nextSubject(), fills: [Fill(from: maker.griffie, to: maker.college)])
            ])
            let place = try test.places(in: 1)[0]
            let bytes = Array(try test.bytes(of: 1)[place...].prefix { $0 != 0 })
            let head = try bytes.withUnsafeBytes { RecordHead.read($0) }.get()
            #expect(head.bytes == bytes.count)
            for count in 0..<head.headBytes {
                let result = Array(bytes.prefix(count)).withUnsafeBytes { RecordHead.read($0) }
                guard case .failure(.incomplete) = result else {
                    Issue.record("\(count) bytes are taken for more than a beginning")
                    continue
                }
            }
            var refused = 0
            for index in 0..<head.headBytes {
                var other = bytes
                other[index] = UInt8(ascii: "~")
                if case .failure(.wrong) = other.withUnsafeBytes({ RecordHead.read($0) }) { refused += 1 }
            }
            #expect(refused == head.headBytes)
        }
    }
}
