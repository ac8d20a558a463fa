import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostServer

@Suite("What was served and not shown to have arrived") struct ServedPagesTests {
    private let served = ServedPages()
    private let griffie = Address("gm0503/griffie")

    @Test("the changes that may publish letters are known again, page by page") func pages() throws {
        let griffie = try #require(griffie)
        served.add(try entries(1...3, letters: [2]), after: 0, to: griffie)
        served.add(try entries(4...6, letters: [4, 6]), after: 3, to: griffie)
        #expect(served.candidates(of: griffie, after: 0, upTo: 5) == [2, 4])
        #expect(served.candidates(of: griffie, after: 5, upTo: 6) == [6])
        // What was shown to have arrived is forgotten.
        #expect(served.candidates(of: griffie, after: 0, upTo: 6) == nil)
        #expect(served.candidates(of: griffie, after: 6, upTo: 6) == [])
    }

    @Test("what was not served is not known") func unknown() throws {
        let griffie = try #require(griffie)
        #expect(served.candidates(of: griffie, after: 0, upTo: 1) == nil)
        served.add(try entries(3...4, letters: [3]), after: 2, to: griffie)
        #expect(served.candidates(of: griffie, after: 0, upTo: 4) == nil)
        #expect(served.candidates(of: griffie, after: 2, upTo: 5) == nil)
        #expect(served.candidates(of: griffie, after: 2, upTo: 4) == [3])
        #expect(served.candidates(of: try #require(Address("gm0503/college")), after: 2, upTo: 4) == nil)
    }

    @Test("of pages that overlap nothing counts twice, and after a gap it begins anew") func overlapping() throws {
        let griffie = try #require(griffie)
        served.add(try entries(1...4, letters: [1, 3]), after: 0, to: griffie)
        served.add(try entries(3...6, letters: [3, 5]), after: 2, to: griffie)
        served.add(try entries(1...2, letters: [1]), after: 0, to: griffie)
        #expect(served.candidates(of: griffie, after: 0, upTo: 6) == [1, 3, 5])
        served.add(try entries(9...9, letters: [9]), after: 8, to: griffie)
        #expect(served.candidates(of: griffie, after: 0, upTo: 9) == nil)
        #expect(served.candidates(of: griffie, after: 8, upTo: 9) == [9])
        // An older connection goes on behind; what it is served is known again then.
        served.add(try entries(7...9, letters: [7, 9]), after: 6, to: griffie)
        #expect(served.candidates(of: griffie, after: 6, upTo: 9) == [7, 9])
    }

    @Test("a type written with escapes may publish a letter too") func escapes() {
        #expect(ServedPages.mayPublish(Array(#"{"type":"letter.publish"}"#.utf8)))
        #expect(ServedPages.mayPublish(Array(#"{"type":"\u006cetter.publish"}"#.utf8)))
        #expect(!ServedPages.mayPublish(Array(#"{"type":"letter.supersede","body":"a \n b"}"#.utf8)))
        #expect(!ServedPages.mayPublish([]))
    }

    private func entries(_ positions: ClosedRange<Int>, letters: Set<Int>) throws -> [MailboxEntry] {
        try positions.map { position in
            let line = Array((letters.contains(position) ? #""letter.publish""# : #""response.publish""#).utf8)
            return MailboxEntry(
                position: position, line: line, digest: try ProposalMaker.digest(of: line),
                receivedAt: Timestamp(milliseconds: 0), number: position)
        }
    }
}
